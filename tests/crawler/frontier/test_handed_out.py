"""Requests that the scheduler handed out end, and their hosts are free again, whoever says so."""

from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from crawler.frontier.leases import LeasedHost, LeasedUrl
from crawler.frontier.politeness import HeldHost
from crawler.frontier.scheduler import StoreScheduler
from crawler.items import Validators
from tests.support.outcomes import link

URLS = [LeasedUrl(at, 1, link(name), 1, Validators("", "")) for at, name in enumerate(("один", "deux", "三"))]


class Spider:
    """Makes the requests, but for those URLs that it cannot; notes what has ended."""

    def __init__(self, broken: int | None) -> None:
        self.ended: list[int] = []
        self._broken = broken

    def make_request(self, leased: LeasedUrl) -> Request:
        if leased.id == self._broken:
            raise ZeroDivisionError
        return Request(leased.link.url)

    def left(self, leased: LeasedUrl, request: Request | None) -> None:
        assert (request is None) is (leased.id == self._broken)
        self.ended.append(leased.id)


Started = tuple[StoreScheduler, HeldHost, Spider]


@pytest.fixture
def in_progress(monkeypatch: pytest.MonkeyPatch) -> set[Request]:
    """The requests that Scrapy has not done with."""
    requests = set[Request]()
    monkeypatch.setattr("crawler.frontier.scheduler.requests_in_progress", lambda _: requests)
    return requests


def started(per_host: int, broken: int | None = None) -> Started:
    """A scheduler that holds a host with three URLs."""
    crawler = get_crawler(
        settings_dict={"CONCURRENT_REQUESTS_PER_DOMAIN": per_host, "FRONTIER_PATIENCE_S": 0}
    )
    spider = Spider(broken)
    crawler.spider = cast(Any, spider)
    scheduler, host = StoreScheduler(crawler), HeldHost(LeasedHost(1, "marisol.example"))
    host.waiting.extend(URLS)
    scheduler._held[1] = host
    return scheduler, host, spider


def next_requests(scheduler: StoreScheduler) -> list[Request]:
    return list(iter(scheduler.next_request, None))


@pytest.mark.parametrize("times", [0, 1, 2], ids=["no answer was told", "told", "told twice"])
@pytest.mark.parametrize("per_host", [1, 2])
def test_a_host_is_free_when_scrapy_is_done_whether_or_not_an_answer_was_told(
    in_progress: set[Request], times: int, per_host: int
) -> None:
    scheduler, host, spider = started(per_host)
    requests = next_requests(scheduler)
    in_progress.update(requests)
    scheduler._take_leave()
    assert len(requests) == host.active == per_host
    assert spider.ended == []
    for _ in range(times):
        for request in requests:
            scheduler.answered(request)
    in_progress.clear()
    scheduler._take_leave()
    assert (host.active, spider.ended) == (0, list(range(per_host)))
    assert len(next_requests(scheduler)) == min(per_host, 3 - per_host)
    scheduler._take_leave()
    assert spider.ended == list(range(min(3, 2 * per_host)))


def test_the_longest_wish_to_be_left_alone_holds() -> None:
    scheduler, host, _ = started(3)
    for request, pause_s in zip(next_requests(scheduler), (5.0, 60.0, 0.0), strict=True):
        scheduler.answered(request, pause_s)
    assert (host.pause_s, host.is_done) == (60.0, True)


@pytest.mark.usefixtures("in_progress")
@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_url_without_a_request_ends_and_costs_no_other(broken: int) -> None:
    scheduler, host, spider = started(2, broken)
    while next_requests(scheduler):
        scheduler._take_leave()
    assert (sorted(spider.ended), host.active) == ([0, 1, 2], 0)
