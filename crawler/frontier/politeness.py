"""How gently hosts are treated: how many requests at a time, which pauses, and when what failed is fetched again.

Everything that decides about it is here or read here:

- CONCURRENT_REQUESTS_PER_DOMAIN: requests to one host at a time (`HeldHost.is_free`).
- DOWNLOAD_DELAY: the pause after each of them, robots.txt included (`HostPaces`).
- Crawl-delay: a longer pause that the host's robots.txt wants (`crawler.http.robots` reads it).
- Retry-After: how long an overloaded host is left alone, and RETRY_TIMES, RETRY_DELAY_S: how often and when
  a URL is fetched again that failed for a passing cause (`Retries`).
- A host that did not say its rules is left alone too (`crawler.http.robots.RulesUnknown`).

That one run at a time fetches from a host is what `crawler.frontier.leases` is for. A replay makes no pauses.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.fates import Fate
from crawler.frontier.leases import LeasedHost, LeasedUrl
from crawler.http.answers import fate_of_failure
from crawler.http.retry_after import retry_after_s
from crawler.http.robots import RulesUnknown, crawl_delay_found

JITTER = 0.2
"""Pauses vary by this share around one that is longer by as much: none is shorter than what was set."""

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses by which servers say that another request may succeed."""

OVERLOADED = frozenset({429, 503})
"""Statuses by which servers want to be left alone for a while."""

FACTOR = 3
"""Each wait before a retry is so many times as long as the one before."""


class HeldHost:
    """A host that is leased to this run, and what the run does with it."""

    def __init__(self, leased: LeasedHost) -> None:
        self.id = leased.id
        self.name = leased.name
        self.waiting: deque[LeasedUrl] = deque()
        """URLs that are leased and not requested yet."""
        self.active = 0
        """Requests under way."""
        self.pause_s = 0.0
        """For how long the host wants to be left alone; 0 while its usual pace will do."""

    def is_free(self, at_a_time: int) -> bool:
        """Whether the next request may go out."""
        return self.active < at_a_time and not self.pause_s

    @property
    def is_done(self) -> bool:
        """Whether the run has nothing more to do with it now."""
        return not self.active and (self.pause_s > 0 or not self.waiting)


class HostPaces:
    """The pause of each host, which Scrapy's downloader makes between the requests of a slot."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        delay_s = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._usual = {
            "concurrency": crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            "delay": delay_s / (1 - JITTER),
            "jitter": JITTER,
        }
        crawler.signals.connect(self.keep_crawl_delay, crawl_delay_found)
        crawler.signals.connect(self._begin_pause, signals.request_left_downloader)

    def keep(self, host: str) -> None:
        """Have Scrapy keep the usual pace of a host, unless the operator's DOWNLOAD_SLOTS says another."""
        self._pace(host)

    def pause_s(self, host: str) -> float:
        """How long a host is left alone after a request, on average."""
        return float(self._pace(host).get("delay", self._usual["delay"]))

    def keep_crawl_delay(self, request: Request, delay_s: float) -> None:
        """Pause for as long as robots.txt wants it before this request and each later one to its host."""
        host = self._downloader.get_slot_key(request)
        pace = self._pace(host)
        delay_s = max(self.pause_s(host), delay_s / (1 - pace.get("jitter", JITTER)))
        pace["delay"] = delay_s
        if (slot := self._downloader.slots.get(host)) is not None:  # the request for robots.txt has made it
            slot.delay = delay_s

    def _pace(self, host: str) -> dict[str, float]:
        pace: dict[str, float] = self._downloader.per_slot_settings.setdefault(host, dict(self._usual))
        return pace

    def _begin_pause(self, request: Request) -> None:
        # Scrapy counts it from the start of the request: one that took long would be followed too soon.
        slot = self._downloader.slots.get(self._downloader.get_slot_key(request))
        if slot is not None:
            slot.lastseen = monotonic()

    @property
    def _downloader(self) -> Downloader:
        assert self._crawler.engine is not None
        return self._crawler.engine.downloader


@dataclass(frozen=True, slots=True)
class Retry:
    """What a failed request means for the next requests; that of a request that succeeded says nothing."""

    in_s: float | None = None
    """In how many seconds the run fetches the URL again; None leaves it to a later run."""
    pause_s: float = 0.0
    """How long the host is left alone."""


class Retries:
    """Decides when a run fetches again what failed for a passing cause."""

    def __init__(self, times: int, delay_s: float, keeps_pauses: bool = True) -> None:
        self._times = times
        self._delay_s = delay_s
        self._keeps_pauses = keeps_pauses

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """As the settings say; a replay fetches as often, and waits for nothing."""
        is_replay = bool(settings["REPLAY_FROM"])
        delay_s = 0.0 if is_replay else settings.getfloat("RETRY_DELAY_S")
        return cls(settings.getint("RETRY_TIMES"), delay_s, not is_replay)

    def after_answer(self, status: int, headers: Mapping[str, str], attempts: int, now: datetime) -> Retry:
        """What follows an answer to the request that was the URL's `attempts`-th in this run."""
        if status not in RETRIED:
            return Retry()
        if status not in OVERLOADED:
            return self._retry(attempts)
        wanted_s = retry_after_s(headers.get("retry-after", ""), now)
        return self._retry(attempts, self._wait_s(attempts) if wanted_s is None else wanted_s)

    def after_failure(self, error: BaseException, attempts: int) -> Retry:
        """What follows a request without an answer."""
        if isinstance(error, RulesUnknown):
            return self._retry(attempts, error.wait_s)
        passes = fate_of_failure(error) in (Fate.TIMEOUT, Fate.NETWORK_ERROR, Fate.INCOMPLETE)
        return self._retry(attempts) if passes else Retry()

    def _retry(self, attempts: int, pause_s: float = 0.0) -> Retry:
        pause_s = pause_s if self._keeps_pauses else 0.0
        is_last = attempts > self._times
        return Retry(None if is_last else max(self._wait_s(attempts), pause_s), pause_s)

    def _wait_s(self, attempts: int) -> float:
        return float(self._delay_s * FACTOR ** (attempts - 1))
