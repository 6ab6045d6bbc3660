import asyncio
import gzip
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.http import robots
from crawler.http.address_policy import BlockedAddress
from crawler.http.robots import (
    RobotsDisallowed,
    RulesUnknown,
)
from crawler.settings import table
from tests.support.crawls import run_crawl

DISALLOW_PRIVATE = b"User-agent: *\nDisallow: /private\n"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site(ThreadingHTTPServer):
    """Answers robots.txt as the test says and every other path with 200; notes the requested paths."""

    robots: Callable[["Exchange"], Answer | None]
    requested: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def pages(self) -> list[str]:
        return sorted(path for path in self.requested if not path.endswith("robots.txt"))


class Exchange(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = cast(Site, self.server)
        site.requested.append(self.path)
        is_page = not self.path.endswith("robots.txt")
        answer = (200, {}, b"page") if is_page else site.robots(self)
        if answer is not None:
            self._send(*answer)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Asking(Spider):
    """Asks for URLs at once, or with `in_turn` one after the other, and notes how each ended."""

    name = "asking"

    def __init__(self, urls: list[str], in_turn: bool = False) -> None:
        super().__init__()
        self.urls = urls
        self.in_turn = in_turn
        self.fetched: list[str] = []
        self.refused: list[BaseException] = []
        self.pauses: list[tuple[str, float]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_pause, robots.crawl_delay_found)
        return spider

    def note_pause(self, request: Request, delay_s: float) -> None:
        self.pauses.append((request.url, delay_s))

    async def start(self) -> AsyncIterator[Any]:
        for request in self.requests():
            yield request

    def requests(self) -> Iterator[Request]:
        while self.urls:
            yield Request(self.urls.pop(0), self.note_page, errback=self.note_refusal, dont_filter=True)
            if self.in_turn:
                return

    def note_page(self, response: Response) -> Iterator[Request]:
        self.fetched.append(response.url)
        return self.requests()

    def note_refusal(self, failure: Failure) -> Iterator[Request]:
        assert failure.value is not None
        self.refused.append(failure.value)
        return self.requests()


class Barrier:
    """Stands where the download handler is and refuses robots.txt as the address guard or a replay does."""

    refused = 0

    def process_request(self, request: Request) -> None:
        if request.url.endswith("robots.txt"):
            Barrier.refused += 1
            raise BlockedAddress("127.0.0.1 is not public")


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Exchange], Answer | None]], Site]]:
    sites: list[Site] = []

    def start(answer: Callable[[Exchange], Answer | None]) -> Site:
        sites.append(Site(answer))
        return sites[-1]

    yield start
    for site in sites:
        site.released.set()
        site.shutdown()
        site.server_close()


Serve = Callable[[Callable[[Exchange], Answer | None]], Site]


def crawl(urls: list[str], in_turn: bool = False, **settings: Any) -> Asking:
    ours = {
        "DOWNLOADER_MIDDLEWARES": {
            **table["DOWNLOADER_MIDDLEWARES"].default,
            **settings.pop("DOWNLOADER_MIDDLEWARES", {}),
        },
        "HTTPERROR_ALLOW_ALL": True,
        "COMPRESSION_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "BOT_NAME": "frontwire",
        "USER_AGENT": "frontwire/1.0 (+https://operator.example)",
        "DOWNLOAD_TIMEOUT": 10,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "CONCURRENT_REQUESTS": 64,
        "RETRY_DELAY_S": 60,
    }
    spider = run_crawl(Asking, {**ours, **settings}, urls=urls, in_turn=in_turn).spider
    assert isinstance(spider, Asking)
    return spider


def says(status: int, body: bytes = b"", **headers: str) -> Callable[[Exchange], Answer]:
    return lambda exchange: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def hang(exchange: Exchange) -> None:
    cast(Site, exchange.server).released.wait(30)
    exchange.close_connection = True


def reset(exchange: Exchange) -> None:
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.connection.close()
    exchange.close_connection = True


def test_no_request_overtakes_the_rules_that_it_waits_for(serve: Serve) -> None:
    site = serve(says(200, DISALLOW_PRIVATE))
    private = [site.url(f"/private/{number}") for number in range(20)]
    spider = crawl([*private, site.url("/open")])
    assert site.pages() == ["/open"]
    assert site.requested.count("/robots.txt") == 1
    assert len(spider.refused) == 20
    assert {type(error) for error in spider.refused} == {RobotsDisallowed}
    assert "disallows this path for frontwire" in str(spider.refused[0])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says(500), "HTTP 500"),
        (says(503), "HTTP 503"),
        (says(429), "HTTP 429"),
        (hang, "took longer than 0.5 seconds"),
        (reset, "could not be fetched"),
        (
            says(200, b"\x1f\x9d\x90", Content_Encoding="compress"),
            "content coding 'compress' is not supported",
        ),
        (says(301, Location="gopher://127.0.0.1/robots.txt"), "could not be fetched"),
    ],
)
def test_a_host_whose_rules_cannot_be_fetched_is_left_alone(
    serve: Serve, answer: Callable[[Exchange], Answer | None], reason: str
) -> None:
    site = serve(answer)
    spider = crawl([site.url("/1"), site.url("/2")], DOWNLOAD_TIMEOUT=0.5 if answer is hang else 10)
    assert site.pages() == []
    assert len(spider.refused) == 2
    assert all(isinstance(error, RobotsDisallowed) and reason in str(error) for error in spider.refused)


@pytest.mark.parametrize("status", [300, 399, 401, 403, 404, 410, 499])
def test_a_host_without_rules_may_be_fetched_from(serve: Serve, status: int) -> None:
    site = serve(says(status, DISALLOW_PRIVATE))
    crawl([site.url("/private")])
    assert site.pages() == ["/private"]


def test_rules_are_read_behind_five_redirects_and_not_behind_six(serve: Serve) -> None:
    def after(hops: int) -> Callable[[Exchange], Answer]:
        def answer(exchange: Exchange) -> Answer:
            hop = int(exchange.path.strip("/").removesuffix("robots.txt").strip("/") or 0)
            if hop == hops:
                return 200, {}, DISALLOW_PRIVATE
            return 302, {"Location": f"/{hop + 1}/robots.txt"}, b""

        return answer

    for hops, pages in ((5, []), (6, ["/private"])):
        site = serve(after(hops))
        crawl([site.url("/private")])
        assert site.pages() == pages


def test_the_rules_of_another_host_hold_where_a_redirect_leads_to_them(serve: Serve) -> None:
    other = serve(says(200, DISALLOW_PRIVATE))
    site = serve(lambda exchange: (301, {"Location": other.url("/robots.txt")}, b""))
    crawl([site.url("/private"), site.url("/open")])
    assert site.pages() == ["/open"]
    assert other.requested == ["/robots.txt"]


def test_compressed_rules_are_read(serve: Serve) -> None:
    site = serve(says(200, gzip.compress(DISALLOW_PRIVATE), Content_Encoding="gzip"))
    crawl([site.url("/private"), site.url("/open")])
    assert site.pages() == ["/open"]


def test_rules_that_are_a_gzip_file_are_read(serve: Serve) -> None:
    site = serve(says(200, gzip.compress(DISALLOW_PRIVATE), Content_Type="application/gzip"))
    crawl([site.url("/private"), site.url("/open")])
    assert site.pages() == ["/open"]


@pytest.mark.parametrize(
    ("status", "field", "least_s"), [(429, "3600", 3590), (503, "soon", 50), (503, "1", 50)]
)
def test_a_host_without_rules_is_left_alone_as_long_as_it_wants(
    serve: Serve, status: int, field: str, least_s: float
) -> None:
    site = serve(says(status, Retry_After=field))
    (error,) = crawl([site.url("/1")]).refused
    assert isinstance(error, RulesUnknown)
    assert least_s <= error.wait_s <= max(least_s, 60) + 10


def test_each_port_of_a_host_has_its_own_rules(serve: Serve) -> None:
    closed, open_to_all = serve(says(200, DISALLOW_PRIVATE)), serve(says(404))
    crawl([closed.url("/private"), open_to_all.url("/private")])
    assert (closed.pages(), open_to_all.pages()) == ([], ["/private"])


def test_a_host_that_failed_is_fetched_from_again_after_a_while(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: Iterator[Answer] = iter([(503, {}, b""), (200, {}, DISALLOW_PRIVATE)])
    monkeypatch.setattr(robots, "FAILURE_LIFETIME_S", 0.0)
    site = serve(lambda exchange: next(answers))
    crawl([site.url("/1"), site.url("/2"), site.url("/private"), site.url("/3")], in_turn=True)
    assert site.requested == ["/robots.txt", "/robots.txt", "/2", "/3"]


def test_a_host_that_goes_on_failing_is_tried_after_ever_longer_pauses(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10**9, 601))  # whenever it is looked at, the longest pause is over
    monkeypatch.setattr(robots, "monotonic", lambda: float(next(clock)))
    site = serve(says(503))
    spider = crawl([site.url(f"/{number}") for number in range(700)], in_turn=True)
    assert site.requested == ["/robots.txt"] * 700
    pauses = [cast(RulesUnknown, error).until % 601 for error in spider.refused]
    assert pauses[:5] == [60, 180, 540, 600, 600]
    assert pauses[-1] == 600


def test_a_success_ends_the_growth_of_the_pauses(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 601))
    monkeypatch.setattr(robots, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(robots, "LIFETIME_S", 0.0)
    statuses = iter([503, 503, 200, 503, 503])
    site = serve(lambda exchange: (next(statuses), {}, b""))
    spider = crawl([site.url(f"/{number}") for number in range(5)], in_turn=True)
    assert site.requested == ["/robots.txt"] * 2 + ["/robots.txt", "/2"] + ["/robots.txt"] * 2
    assert [cast(RulesUnknown, error).until % 601 for error in spider.refused] == [60, 180, 60, 180]


@pytest.mark.parametrize("cancelled", [0, 1], ids=["who came first", "who came later"])
def test_the_end_of_one_request_is_not_that_of_the_others(cancelled: int) -> None:
    async def scenario() -> list[object]:
        may_answer = asyncio.Event()

        async def download(request: Request) -> Response:
            await may_answer.wait()
            return Response(request.url, body=DISALLOW_PRIVATE)

        crawler = SimpleNamespace(
            settings=Settings({"RETRY_DELAY_S": 60}), engine=SimpleNamespace(download_async=download)
        )
        middleware = robots.RobotsMiddleware(cast(Any, crawler), "frontwire", is_replay=False)
        asked = ["https://news.example/1", "https://news.example/2", "https://news.example/private"]
        waiting = [asyncio.ensure_future(middleware.process_request(Request(url))) for url in asked]
        await asyncio.sleep(0)
        waiting[cancelled].cancel()
        may_answer.set()
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    ends = [type(end) for end in asyncio.run(scenario())]
    assert ends.pop(cancelled) is asyncio.CancelledError
    assert ends == [type(None), RobotsDisallowed]


def test_the_pause_that_a_host_wants_is_reported_before_each_of_its_pages(serve: Serve) -> None:
    site = serve(says(200, b"User-agent: *\nCrawl-delay: 0.3\n"))
    spider = crawl([site.url("/1"), site.url("/2")])
    assert sorted(spider.pauses) == [(site.url("/1"), 0.3), (site.url("/2"), 0.3)]
    assert crawl([serve(says(404)).url("/1")]).pauses == []


@pytest.mark.parametrize(("step_s", "looks"), [(601, 3), (100, 1)])
def test_a_refused_host_is_looked_at_again_after_ten_minutes(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, step_s: int, looks: int
) -> None:
    clock = iter(range(0, 10**9, step_s))
    monkeypatch.setattr(robots, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(Barrier, "refused", 0)
    site = serve(says(200))
    spider = crawl(
        [site.url(f"/{number}") for number in range(3)], in_turn=True, DOWNLOADER_MIDDLEWARES={Barrier: 900}
    )
    assert [type(error) for error in spider.refused] == [BlockedAddress] * 3
    assert Barrier.refused == looks


@pytest.mark.parametrize(("step_s", "looks"), [(24 * 3600 + 1, 3), (3600, 1)])
def test_rules_hold_for_a_day(serve: Serve, monkeypatch: pytest.MonkeyPatch, step_s: int, looks: int) -> None:
    clock = iter(range(0, 10**9, step_s))
    monkeypatch.setattr(robots, "monotonic", lambda: float(next(clock)))
    site = serve(says(200, DISALLOW_PRIVATE))
    crawl([site.url(f"/{number}") for number in range(3)], in_turn=True)
    assert site.pages() == ["/0", "/1", "/2"]
    assert site.requested.count("/robots.txt") == looks


def test_a_replay_keeps_no_pauses(serve: Serve) -> None:
    site = serve(says(200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 90\n"))
    spider = crawl([site.url("/1"), site.url("/private"), site.url("/2")], REPLAY_FROM="archive")
    assert site.pages() == ["/1", "/2"]
    assert spider.pauses == []


def test_a_blocked_address_is_reported_as_such(serve: Serve) -> None:
    site = serve(says(200))
    spider = crawl([site.url("/1"), site.url("/2")], DOWNLOADER_MIDDLEWARES={Barrier: 900})
    assert site.requested == []
    assert [type(error) for error in spider.refused] == [BlockedAddress] * 2


def test_a_replay_without_the_robots_file_fetches_its_pages(serve: Serve) -> None:
    site = serve(says(200))
    crawl([site.url("/1")], DOWNLOADER_MIDDLEWARES={Barrier: 900}, REPLAY_FROM="archive")
    assert site.requested == ["/1"]
