"""Scrapy's scheduler on the frontier: what it hands out is leased, and comes back if we are killed.

Scrapy asks it in the reactor's thread, so it answers from memory; a task beside it keeps that filled and
calls the store in a thread of its own.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Protocol, Self, TypeVar, cast

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError
from twisted.internet.defer import Deferred

from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedHost, LeasedUrl, Leases
from crawler.frontier.quotas import Limits
from crawler.items import UrlKind
from crawler.scrapy_internals import wake_engine

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

BATCH = 8
"""URLs of a host that are leased together."""

SHARED_BATCH = 2
"""While other runs are at work: hosts go back soon, so that all have their share."""

LOOK_S = 0.1
"""How often the frontier is asked while it had nothing for us."""

KEEP_S = 5.0
"""How often a run says that it goes on; well below the time after which it is taken for dead."""

IDLE_KEEP_S = 0.5
"""How often it does so while it has nothing to ask for, and looks for what has become due."""

JITTER = 0.2
"""Pauses vary by this part around one that is longer by as much: none is shorter than what was set."""


class Run(Protocol):
    """The run for which URLs are leased."""

    @property
    def store(self) -> Catalogue: ...
    @property
    def run_id(self) -> int: ...
    @property
    def is_idle(self) -> bool:
        """Whether all that was recorded is committed."""
        ...

    def stop(self, error: Exception) -> None:
        """End the run, because something cannot be stored."""
        ...


class FrontierSpider(Protocol):
    """A spider whose requests come from the frontier."""

    def make_request(self, leased: LeasedUrl) -> Request: ...


class _HeldHost:
    """A host that is ours for a while."""

    def __init__(self, leased: LeasedHost) -> None:
        self.id = leased.id
        self.name = leased.name
        self.waiting: deque[LeasedUrl] = deque()
        self.active = 0
        self.pause_s = 0.0
        """What the host wants, beyond its usual pace."""


class StoreScheduler(BaseScheduler):
    """Hands out requests for leased URLs, of each host as many at a time as it may be asked."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._hosts_at_once = settings.getint("CONCURRENT_REQUESTS")
        self._per_host = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._delay_s = settings.getfloat("DOWNLOAD_DELAY") / (1 - JITTER)
        self._patience_s = settings.getfloat("FRONTIER_PATIENCE_S")
        self._held: dict[int, _HeldHost] = {}
        self._on_the_way: dict[Request, _HeldHost] = {}
        self._others = 0
        self._kept_at = 0.0
        self._is_over = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "frontier")
        crawler.signals.connect(self._begin_pause, signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    # --- what the spider tells ----------------------------------------------------------------
    def begin(
        self,
        run: Run,
        sources: Collection[str],
        kinds: Collection[UrlKind] = frozenset(UrlKind),
        limits: Mapping[str, Limits] | None = None,
    ) -> None:
        """Start to hand out URLs of these sources and kinds to a run, of each source only so many."""
        self._run = run
        self._leases = Leases(run.store, run.run_id, sources, kinds, limits)
        self._task = asyncio.ensure_future(self._fill())

    def answered(self, request: Request) -> None:
        """Let the next request to the host of this one go out."""
        host = self._on_the_way.pop(request, None)
        if host is not None:
            host.active -= 1
            self._wake.set()

    def pause(self, request: Request, pause_s: float) -> None:
        """Leave the host of a request alone for so long: it is overloaded, and says so."""
        host = self._on_the_way.get(request)
        if host is not None:
            host.pause_s = max(host.pause_s, pause_s)

    # --- what Scrapy asks ---------------------------------------------------------------------
    def has_pending_requests(self) -> bool:
        return self._task is not None and not self._is_over

    def enqueue_request(self, request: Request) -> bool:
        raise NotImplementedError("URLs go into the frontier as links of an outcome, not as requests")

    def next_request(self) -> Request | None:
        for host in self._held.values():
            if host.waiting and host.active < self._per_host and not host.pause_s:
                return self._hand_out(host)
        return None

    def close(self, reason: str) -> Deferred[None]:
        """Lease nothing more; what is leased the recorder gives back when all outcomes are committed."""
        if self._task is not None:
            self._task.cancel()
        return Deferred.fromFuture(asyncio.ensure_future(asyncio.to_thread(self._thread.shutdown)))

    def _hand_out(self, host: _HeldHost) -> Request:
        spider = cast(FrontierSpider, self._crawler.spider)
        request = spider.make_request(host.waiting.popleft())
        request.meta["download_slot"] = host.name
        host.active += 1
        self._on_the_way[request] = host
        self._held[host.id] = self._held.pop(host.id)  # the others come first next time
        return request

    # --- what fills the memory ----------------------------------------------------------------
    async def _fill(self) -> None:
        try:
            while not self._is_over:
                if not await self._turn():
                    await self._rest()
        except (DBAPIError, OSError) as error:
            self._run.stop(error)
        except Exception as error:  # a defect of ours: without it the crawl would wait for ever
            logger.exception("The frontier failed")
            self._run.stop(error)

    async def _rest(self) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), LOOK_S)

    async def _turn(self) -> bool:
        """Give back hosts that are done with, lease others, and say whether anything was leased."""
        # Looked at before the store is asked: what is committed meanwhile may bring new URLs.
        is_quiet = not self._held and self._run.is_idle
        await self._keep()
        await self._release()
        fresh = await self._lease()
        if fresh:
            wake_engine(self._crawler)
        elif is_quiet and not await self._call(self._leases.is_open, self._patience_s):
            for source, count in (await self._call(self._leases.left_by_limits)).items():
                logger.info("Source %s reached its limit: %s URLs are left to later runs.", source, count)
            self._is_over = True
            wake_engine(self._crawler)
        return fresh

    async def _keep(self) -> None:
        # With nothing in hand, what is deferred is waited for.
        if monotonic() - self._kept_at >= (KEEP_S if self._held else IDLE_KEEP_S):
            self._kept_at = monotonic()
            self._others = await self._call(self._leases.keep)

    async def _release(self) -> None:
        done = [
            host for host in self._held.values() if not host.active and (host.pause_s or not host.waiting)
        ]
        if unasked := [leased.id for host in done for leased in host.waiting]:
            await self._call(self._leases.return_urls, unasked)
        if done:
            await self._call(self._leases.release_hosts, {host.id: self._pause_s(host) for host in done})
            for host in done:
                del self._held[host.id]

    async def _lease(self) -> bool:
        free = self._hosts_at_once - len(self._held)
        hosts = (
            [_HeldHost(each) for each in await self._call(self._leases.lease_hosts, free)] if free > 0 else []
        )
        # Alone, there is nobody to leave a host to.
        low = (
            []
            if self._others
            else [
                host
                for host in self._held.values()
                if len(host.waiting) <= self._per_host and not host.pause_s
            ]
        )
        wanting = {host.id: host for host in [*hosts, *low]}
        self._held |= {host.id: host for host in hosts}
        for host in hosts:
            self._set_pace(host)
        if not wanting:
            return False
        batch = (SHARED_BATCH if self._others else BATCH) * self._per_host
        urls = await self._call(self._leases.lease_urls, list(wanting), batch)
        for leased in urls:
            wanting[leased.host].waiting.append(leased)
        return bool(urls)

    async def _call(self, function: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    # --- what Scrapy's downloader and engine are told -------------------------------------------
    def _set_pace(self, host: _HeldHost) -> None:
        assert self._crawler.engine is not None
        pace = {"concurrency": self._per_host, "delay": self._delay_s, "jitter": JITTER}
        self._crawler.engine.downloader.per_slot_settings.setdefault(host.name, pace)

    def _begin_pause(self, request: Request) -> None:
        # Scrapy counts it from the request's start; one that was long on its way would be followed too soon.
        assert self._crawler.engine is not None
        _, slot = self._crawler.engine.downloader._get_slot(request)
        slot.lastseen = monotonic()

    def _pause_s(self, host: _HeldHost) -> float:
        """For how long nobody asks a host after us: its own pause, if robots.txt wants a longer one."""
        assert self._crawler.engine is not None
        slot = self._crawler.engine.downloader.slots.get(host.name)
        return max(host.pause_s, slot.delay if slot is not None else self._delay_s)
