"""Hosts are left alone as long as settings, robots.txt and their own answers say."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Self

import pytest
import scrapy.core.downloader
from scrapy import Request, Spider, signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.frontier import politeness
from crawler.frontier.leases import LeasedHost, LeasedUrl
from crawler.frontier.politeness import (
    OVERLOADED,
    RETRIED,
    HeldHost,
    HostPaces,
    Retries,
    Retry,
)
from crawler.http.robots import RobotsDisallowed, RulesUnknown, crawl_delay_found
from crawler.items import Validators
from tests.support.crawls import run_crawl
from tests.support.outcomes import link

NOW = datetime(2021, 1, 28, 10, 0, tzinfo=UTC)
ANSWER_S = 3.0
RETRIES = Retries(times=2, delay_s=5.0)


def after(status: int, attempts: int = 1, retry_after: str = "") -> Retry:
    headers = {"retry-after": retry_after} if retry_after else {}
    return RETRIES.after_answer(status, headers, attempts, NOW)


@pytest.mark.parametrize("status", sorted(RETRIED - OVERLOADED))
def test_an_error_that_may_pass_is_fetched_again_after_ever_longer_waits(status: int) -> None:
    assert [after(status, attempts) for attempts in (1, 2, 3)] == [Retry(5.0), Retry(15.0), Retry()]


@pytest.mark.parametrize("status", [200, 304, 302, 400, 401, 403, 404, 410, 418, 451, 501, 505, 599, 999])
def test_what_will_not_pass_is_not_fetched_again(status: int) -> None:
    assert after(status, retry_after="60") == Retry()


@pytest.mark.parametrize("status", sorted(OVERLOADED))
def test_an_overloaded_host_is_left_alone_as_long_as_it_wants_or_as_long_as_the_wait(status: int) -> None:
    assert after(status) == Retry(5.0, 5.0)
    assert after(status, retry_after="60") == Retry(60.0, 60.0)
    assert after(status, retry_after="1") == Retry(5.0, 1.0)
    assert after(status, attempts=3, retry_after="60") == Retry(None, 60.0)
    assert after(status, attempts=3) == Retry(None, 45.0)


def test_a_replay_fetches_as_often_and_waits_for_nothing() -> None:
    replay = Retries.of(Settings({"REPLAY_FROM": "archive", "RETRY_TIMES": 2, "RETRY_DELAY_S": 5.0}))
    assert replay.after_answer(503, {"retry-after": "7200"}, 1, NOW) == Retry(0.0)
    assert replay.after_answer(503, {"retry-after": "7200"}, 3, NOW) == Retry()
    crawl = Retries.of(Settings({"REPLAY_FROM": "", "RETRY_TIMES": 2, "RETRY_DELAY_S": 5.0}))
    assert crawl.after_answer(503, {"retry-after": "7200"}, 1, NOW) == Retry(7200.0, 7200.0)


def test_a_failure_that_may_pass_is_fetched_again() -> None:
    for passing in (DownloadTimeoutError("60 s"), DownloadFailedError("reset"), OSError(104, "reset")):
        assert [RETRIES.after_failure(passing, attempts) for attempts in (1, 3)] == [Retry(5.0), Retry()]
    for lasting in (DownloadCancelledError("too large"), RobotsDisallowed("no")):
        assert RETRIES.after_failure(lasting, 1) == Retry()


def test_a_host_without_rules_is_left_alone_until_it_is_fetched_them_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.http.robots.monotonic", lambda: 1000.0)
    error = RulesUnknown("did not say")
    error.until = 1060.0
    assert RETRIES.after_failure(error, 1) == Retry(60.0, 60.0)
    assert RETRIES.after_failure(error, 3) == Retry(None, 60.0)
    error.until = 999.0
    assert RETRIES.after_failure(error, 1) == Retry(5.0, 0.0)


def test_a_host_gets_so_many_requests_at_a_time_and_none_while_it_wants_to_be_left_alone() -> None:
    host = HeldHost(LeasedHost(1, "marisol.example"))
    assert host.is_free(1)
    assert host.is_done
    host.active = 1
    assert (host.is_free(1), host.is_free(2), host.is_done) == (False, True, False)
    host.active, host.pause_s = 0, 60.0
    assert (host.is_free(2), host.is_done) == (False, True)


class Clock:
    """Time that jumps to the next thing that Scrapy's downloader waits for."""

    def __init__(self) -> None:
        self.now = 1000.0

    def read(self) -> float:
        return self.now

    def call_later(self, delay: float, function: Callable[..., None], *arguments: Any) -> asyncio.TimerHandle:
        due = self.now + delay

        def call() -> None:
            self.now = max(self.now, due)
            function(*arguments)

        return asyncio.get_running_loop().call_later(delay / 1000, call)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(scrapy.core.downloader, "monotonic", clock.read)
    monkeypatch.setattr(scrapy.core.downloader, "call_later", clock.call_later)
    monkeypatch.setattr(politeness, "monotonic", clock.read)
    return clock


class Slow(BaseDownloadHandler):
    """Answers everything; by the clock each answer takes ANSWER_S."""

    lazy = False

    async def download_request(self, request: Request) -> Response:
        spider = self.crawler.spider
        assert isinstance(spider, InTurn)
        spider.moments.append(spider.clock.now)
        spider.clock.now += ANSWER_S
        return Response(request.url, request=request)

    async def close(self) -> None: ...


class InTurn(Spider):
    """Fetches the pages of one host one after the other; before the third, robots.txt turns out to want a pause."""

    name = "in-turn"
    paces: HostPaces

    def __init__(self, clock: Clock, crawl_delay_s: float) -> None:
        super().__init__()
        self.clock, self.crawl_delay_s = clock, crawl_delay_s
        self.moments: list[float] = []
        """When each request was sent."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.paces = HostPaces(crawler)
        crawler.signals.connect(spider.reached, signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        self.paces.keep("marisol.example")
        yield self.request(0)

    def request(self, number: int) -> Request:
        return Request(
            f"http://marisol.example/{number}", self.parse, dont_filter=True, cb_kwargs={"number": number}
        )

    def reached(self, request: Request) -> None:
        if request.cb_kwargs["number"] == 2:
            self.crawler.signals.send_catch_log(
                crawl_delay_found, request=request, delay_s=self.crawl_delay_s
            )

    def parse(self, response: Response, number: int) -> Iterator[Request]:
        if number < 5:
            yield self.request(number + 1)


def pauses(clock: Clock, crawl_delay_s: float, **settings: Any) -> list[float]:
    """The time from the end of each answer to the next request."""
    given = {"DOWNLOAD_DELAY": 2.0, "DOWNLOAD_HANDLERS": {"http": Slow}, "RETRY_ENABLED": False} | settings
    spider = run_crawl(InTurn, given, clock=clock, crawl_delay_s=crawl_delay_s).spider
    assert isinstance(spider, InTurn)
    assert len(spider.moments) == 6
    return [later - earlier - ANSWER_S for earlier, later in pairwise(spider.moments)]


def test_the_pause_of_a_host_begins_when_its_answer_is_there_and_is_never_shorter_than_set(
    clock: Clock,
) -> None:
    measured = pauses(clock, 0.0)
    assert all(2.0 <= pause <= 3.001 for pause in measured)
    assert len({round(pause, 3) for pause in measured}) > 1  # they vary


def test_a_crawl_delay_makes_the_pause_longer_from_its_own_request_on_and_never_shorter(clock: Clock) -> None:
    measured = pauses(clock, 10.0)
    assert max(measured[:1]) <= 3.001
    assert all(10.0 <= pause <= 15.001 for pause in measured[1:])
    assert all(2.0 <= pause <= 3.001 for pause in pauses(clock, 0.5))


def test_the_pace_that_an_operator_sets_for_a_host_goes_before_the_usual_one(clock: Clock) -> None:
    slots = {"marisol.example": {"delay": 20.0, "concurrency": 1, "jitter": 0.0}}
    assert pauses(clock, 10.0, DOWNLOAD_SLOTS=slots) == pytest.approx([20.0] * 5)
    assert pauses(clock, 30.0, DOWNLOAD_SLOTS=slots) == pytest.approx([20.0] + [30.0] * 4)


@pytest.mark.parametrize(
    ("active", "waiting", "pause_s", "is_done"),
    [
        (0, 0, 0.0, True),
        (0, 1, 0.0, False),
        (0, 1, 60.0, True),  # what waits goes back: the host is to be left alone
        (0, 0, 60.0, True),
        (1, 0, 0.0, False),
        (1, 1, 60.0, False),
    ],
)
def test_a_host_is_let_go_when_nothing_is_under_way_and_nothing_may_follow(
    active: int, waiting: int, pause_s: float, is_done: bool
) -> None:
    host = HeldHost(LeasedHost(1, "marisol.example"))
    host.active, host.pause_s = active, pause_s
    leased = LeasedUrl(1, 1, link("one"), 1, Validators("", ""))
    host.waiting.extend([leased] * waiting)
    assert host.is_done is is_done


@pytest.mark.parametrize(
    ("active", "pause_s", "is_free"),
    [(0, 0.0, True), (1, 0.0, True), (2, 0.0, False), (3, 0.0, False), (0, 1.0, False)],
)
def test_a_host_gets_so_many_requests_at_a_time_and_none_in_its_pause(
    active: int, pause_s: float, is_free: bool
) -> None:
    host = HeldHost(LeasedHost(1, "marisol.example"))
    host.active, host.pause_s = active, pause_s
    assert host.is_free(2) is is_free
