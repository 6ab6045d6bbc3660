"""Scrapy's scheduler on the frontier: what it hands out is leased, and comes back if we are killed.

Scrapy calls it in the reactor's thread, so it answers from memory; a task beside it keeps that filled and
calls the catalogue in a thread of its own. How many requests a host gets at a time, and how long it is left
alone, is decided in `crawler.frontier.politeness`.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Protocol, Self, TypeVar, cast

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError
from twisted.internet.defer import Deferred

from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.frontier.politeness import HeldHost, HostPaces
from crawler.frontier.quotas import Limits
from crawler.items import UrlKind
from crawler.scrapy_internals import requests_in_progress, wake_engine

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

BATCH = 8
"""URLs of a host that are leased together."""

SHARED_BATCH = 2
"""The same while other runs are at work: hosts go back soon, so that each run has its share."""

LOOK_S = 0.1
"""How often the frontier is read while it has nothing for this run."""

KEEP_S = 5.0
"""How often a run renews its lease; well below the time after which it counts as dead."""

IDLE_KEEP_S = 0.5
"""How often it does so while it has nothing to fetch and looks for what has become due."""


class Run(Protocol):
    """The run for which URLs are leased."""

    @property
    def catalogue(self) -> Catalogue: ...
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
    def left(self, leased: LeasedUrl, request: Request | None) -> None:
        """See that a URL has ended whose request Scrapy has done with, or that got none; must not raise."""
        ...


class StoreScheduler(BaseScheduler):
    """Hands out requests for leased URLs, to each host as many at a time as politeness allows."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._hosts_at_once = settings.getint("CONCURRENT_REQUESTS")
        self._per_host = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._paces = HostPaces(crawler)
        self._patience_s = settings.getfloat("FRONTIER_PATIENCE_S")
        self._held: dict[int, HeldHost] = {}
        self._under_way: dict[Request, HeldHost] = {}
        """Requests whose host is not free yet."""
        self._handed_out: dict[Request, LeasedUrl] = {}
        """Requests that Scrapy has not done with."""
        self._others = 0
        self._kept_at = 0.0
        self._is_over = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "frontier")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    # --- called by the spider -----------------------------------------------------------------
    def begin(
        self,
        run: Run,
        sources: Collection[str],
        kinds: Collection[UrlKind] = frozenset(UrlKind),
        limits: Mapping[str, Limits] | None = None,
        only_own: bool = False,
    ) -> None:
        """Start to hand out URLs of these sources and kinds to a run, within the limits of each source.

        `only_own`: only what the run itself entered.
        """
        self._run = run
        self._leases = Leases(run.catalogue, run.run_id, sources, kinds, limits, only_own)
        self._task = asyncio.ensure_future(self._fill())

    def answered(self, request: Request, pause_s: float = 0.0) -> None:
        """Let the next request to the host of this one go out, or leave the host alone for so long.

        Only the first call for a request counts.
        """
        host = self._under_way.pop(request, None)
        if host is not None:
            host.active -= 1
            host.pause_s = max(host.pause_s, pause_s)
            self._wake.set()

    # --- called by Scrapy ---------------------------------------------------------------------
    def has_pending_requests(self) -> bool:
        return self._task is not None and not self._is_over

    def enqueue_request(self, request: Request) -> bool:
        raise NotImplementedError("URLs go into the frontier as links of an outcome, not as requests")

    def next_request(self) -> Request | None:
        for host in [*self._held.values()]:
            while host.waiting and host.is_free(self._per_host):
                if request := self._hand_out(host):
                    return request
        return None

    def close(self, reason: str) -> Deferred[None]:
        """Lease nothing more; the recorder gives back what is leased when all outcomes are committed."""
        if self._task is not None:
            self._task.cancel()
        return Deferred.fromFuture(asyncio.ensure_future(asyncio.to_thread(self._thread.shutdown)))

    def _hand_out(self, host: HeldHost) -> Request | None:
        """The request for the host's next URL; None if a defect of ours left it without one."""
        leased = host.waiting.popleft()
        try:
            request = self._spider.make_request(leased)
        except Exception:
            logger.exception("Cannot make a request for %s", leased.link.url)
            self._spider.left(leased, None)
            return None
        request.meta["download_slot"] = host.name
        host.active += 1
        self._under_way[request] = host
        self._handed_out[request] = leased
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
        """Give back the hosts that are done, lease others, and return whether anything was leased."""
        self._take_leave()
        # Read before the catalogue: what is committed meanwhile may bring new URLs.
        is_quiet = not self._held and not self._handed_out and self._run.is_idle
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

    def _take_leave(self) -> None:
        """See to the end of what Scrapy has done with, whatever was raised on the way."""
        in_progress = requests_in_progress(self._crawler)
        for request in [each for each in self._handed_out if each not in in_progress]:
            leased = self._handed_out.pop(request)
            self.answered(request)
            self._spider.left(leased, request)

    @property
    def _spider(self) -> FrontierSpider:
        return cast(FrontierSpider, self._crawler.spider)

    async def _keep(self) -> None:
        # With no host in hand, the run waits for what is deferred.
        if monotonic() - self._kept_at >= (KEEP_S if self._held else IDLE_KEEP_S):
            self._kept_at = monotonic()
            self._others = await self._call(self._leases.keep)

    async def _release(self) -> None:
        done = [host for host in self._held.values() if host.is_done]
        if unfetched := [leased.id for host in done for leased in host.waiting]:
            await self._call(self._leases.return_urls, unfetched)
        if done:
            await self._call(self._leases.release_hosts, {host.id: self._pause_s(host) for host in done})
            for host in done:
                del self._held[host.id]

    async def _lease(self) -> bool:
        wanting = {host.id: host for host in [*await self._lease_hosts(), *self._running_low()]}
        self._held |= wanting
        if not wanting:
            return False
        batch = (SHARED_BATCH if self._others else BATCH) * self._per_host
        urls = await self._call(self._leases.lease_urls, list(wanting), batch)
        for leased in urls:
            wanting[leased.host].waiting.append(leased)
        return bool(urls)

    async def _lease_hosts(self) -> list[HeldHost]:
        free = self._hosts_at_once - len(self._held)
        leased = await self._call(self._leases.lease_hosts, free) if free > 0 else []
        for host in leased:
            self._paces.keep(host.name)
        return [HeldHost(host) for host in leased]

    def _running_low(self) -> list[HeldHost]:
        """Hosts that this run keeps, because no other one waits for them, and for which it needs more URLs."""
        if self._others:
            return []
        return [
            host for host in self._held.values() if len(host.waiting) <= self._per_host and not host.pause_s
        ]

    async def _call(self, function: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _pause_s(self, host: HeldHost) -> float:
        """How long no run fetches from a host after this one: as long as it wants, at least its usual pause."""
        return max(host.pause_s, self._paces.pause_s(host.name))
