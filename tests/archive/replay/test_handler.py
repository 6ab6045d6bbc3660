"""An archived run is answered from its records: same responses, same failures, no socket."""

import logging
import socket
import socketserver
import threading
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import NotArchived
from archive.warc.bodies import body_of
from archive.warc.http import split_head, without_transfer_coding
from tests.support.crawls import reactor_loop, run_crawl
from tests.support.warcs import Archive, answer, sha1, wacz

PAGE = "https://orla.example/bridge"


class Fetching(Spider):
    """Makes requests one after the other and keeps what came of each."""

    name = "fetching"

    def __init__(self, requested: list[tuple[str, str]], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.requested = requested
        self.results: list[Response | Exception] = []
        self.captures: list[Any] = []

    async def start(self) -> AsyncIterator[Request]:
        yield self._request(0)

    def parse(self, response: Response, number: int) -> Iterator[Request]:
        yield from self._note(response, number, response.meta)

    def failed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        assert isinstance(failure.value, Exception)
        yield from self._note(failure.value, request.cb_kwargs["number"], request.meta)

    def _note(self, result: Response | Exception, number: int, meta: dict[str, Any]) -> Iterator[Request]:
        self.results.append(result)
        self.captures.append(meta.get("capture"))
        if number + 1 < len(self.requested):
            yield self._request(number + 1)

    def _request(self, number: int) -> Request:
        method, url = self.requested[number]
        return Request(
            url, self.parse, method, errback=self.failed, cb_kwargs={"number": number}, dont_filter=True
        )


PLAIN = {
    "HTTPERROR_ALLOW_ALL": True,
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "COMPRESSION_ENABLED": False,
    "COOKIES_ENABLED": False,
}


def replay(path: Path, *requested: str | tuple[str, str], **settings: Any) -> Fetching:
    handler = "archive.replay.handler.ReplayHandler"
    replaying = {"REPLAY_FROM": str(path), "DOWNLOAD_HANDLERS": {"http": handler, "https": handler}}
    requests = [("GET", item) if isinstance(item, str) else item for item in requested]
    spider = run_crawl(Fetching, {**PLAIN, **replaying, **settings}, requested=requests).spider
    assert isinstance(spider, Fetching)
    return spider


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Attempts to open a connection or to resolve a name; each is refused."""
    reactor_loop()
    from twisted.internet import reactor

    attempts: list[str] = []

    def refuse(*arguments: object, **_: object) -> None:
        attempts.append(str(arguments))
        raise AssertionError("a replay opens no connection")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("connectTCP", "connectSSL", "resolve"):
        monkeypatch.setattr(reactor, name, refuse)
    return attempts


def test_an_archived_request_is_answered_from_its_record(tmp_path: Path, opened: list[str]) -> None:
    archive = Archive()
    page = answer(b"<p>Open</p>", "Content-Type: text/html", "Set-Cookie: a=1", "Set-Cookie: b=2")
    record_id = archive.exchange(PAGE, page, WARC_IP_Address="192.0.2.7")
    spider = replay(archive.save(tmp_path / "a.warc.gz"), f"{PAGE}#top")
    (response,) = spider.results
    assert isinstance(response, Response)
    assert (response.status, response.body, response.protocol) == (200, b"<p>Open</p>", "HTTP/1.1")
    assert response.headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]
    assert response.ip_address == ip_address("192.0.2.7")
    (capture,) = spider.captures
    assert capture.durable().record_id == record_id
    assert opened == []


def test_a_record_whose_url_has_a_fragment_is_found(tmp_path: Path) -> None:
    archive = Archive()
    archive.exchange(f"{PAGE}#photo-3", answer(b"<p>Open</p>"))
    path = archive.save(tmp_path / "a.warc.gz")
    for requested in (PAGE, f"{PAGE}#top"):
        (response,) = replay(path, requested).results
        assert isinstance(response, Response)
        assert response.body == b"<p>Open</p>"


def test_what_is_not_archived_fails_by_name_and_makes_no_noise(
    tmp_path: Path, opened: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(b""))
    path = archive.save(tmp_path / "a.warc.gz")
    with caplog.at_level(logging.WARNING):
        spider = replay(path, "http://orla.example/other", ("POST", PAGE), RETRY_ENABLED=True)
    assert [type(result) for result in spider.results] == [NotArchived, NotArchived]
    assert str(spider.results[0]) == "GET http://orla.example/other is not in the archive"
    assert spider.captures == [None, None]
    assert caplog.records == []
    assert opened == []


def test_the_same_request_gets_its_captures_in_turn(tmp_path: Path) -> None:
    archive = Archive()
    for text in (b"first", b"second"):
        archive.exchange(PAGE, answer(text))
        archive.exchange(PAGE, answer(b"", status="204 No Content"), "HEAD")
    spider = replay(archive.save(tmp_path / "a.warc.gz"), PAGE, ("HEAD", PAGE), PAGE, PAGE)
    assert [result.body for result in spider.results if isinstance(result, Response)] == [
        b"first",
        b"",
        b"second",
        b"second",
    ]
    assert [capture.serial for capture in spider.captures] == [0, 1, 2, 2]


def test_serials_are_places_in_the_archive_whatever_is_asked_first(tmp_path: Path) -> None:
    one, two = Archive(), Archive()
    one.add("warcinfo", "", b"software: example\r\n")
    one.exchange(f"{PAGE}/1", answer(b"one"), notes="via: feed\r\n")
    one.add("request", f"{PAGE}/2", b"GET / HTTP/1.1\r\n\r\n")
    two.exchange(f"{PAGE}/3", answer(b"three"))
    one.save(tmp_path / "archive" / "a.warc.gz")
    two.save(tmp_path / "archive" / "b.warc.gz")
    spider = replay(tmp_path, f"{PAGE}/3", f"{PAGE}/2", f"{PAGE}/1")
    assert [capture.serial for capture in spider.captures] == [2, 1, 0]
    assert spider.captures[2].metadata == {"via": "feed"}


@pytest.mark.parametrize(
    ("noted", "error"),
    [
        ("DownloadTimeoutError: Getting it took longer than 9 seconds.", DownloadTimeoutError),
        ("CannotResolveHostError: orla.example", CannotResolveHostError),
        ("SomethingElse: broken", DownloadFailedError),
        ("", DownloadFailedError),
    ],
)
def test_a_request_that_got_no_answer_fails_again(tmp_path: Path, noted: str, error: type[Exception]) -> None:
    archive = Archive()
    request_id = archive.add("request", PAGE, b"GET / HTTP/1.1\r\n\r\n")
    archive.add("metadata", PAGE, f"error: {noted}\r\n".encode(), WARC_Concurrent_To=request_id)
    archive.exchange(PAGE, answer(b"at last"))
    spider = replay(archive.save(tmp_path / "a.warc.gz"), PAGE, PAGE)
    failure, response = spider.results
    assert type(failure) is error
    assert str(failure) == (noted.partition(": ")[2] or "archived without an answer")
    assert isinstance(response, Response) and response.body == b"at last"
    assert spider.captures[0].durable().record_id == request_id


@pytest.mark.parametrize(
    ("cut", "error"),
    [
        ("length", DownloadCancelledError),
        ("time", DownloadTimeoutError),
        ("disconnect", ResponseDataLossError),
        ("unspecified", DownloadFailedError),
    ],
)
def test_a_cut_answer_fails_as_it_did_live(tmp_path: Path, cut: str, error: type[Exception]) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(b"The fer"), WARC_Truncated=cut)
    spider = replay(archive.save(tmp_path / "a.warc.gz"), PAGE)
    assert [type(result) for result in spider.results] == [error]
    assert spider.captures[0].serial == 0


def test_a_revisit_record_is_answered_with_the_payload(tmp_path: Path) -> None:
    archive = Archive()
    record_id = archive.exchange(PAGE, answer(b"The ferry"))
    archive.exchange(
        PAGE,
        answer(b"", "X-Time: 2"),
        kind="revisit",
        WARC_Refers_To=record_id,
        WARC_Payload_Digest=sha1(b"The ferry"),
    )
    archive.exchange(PAGE, answer(b""), kind="revisit", WARC_Payload_Digest=sha1(b"gone"))
    first, second, third = replay(archive.save(tmp_path / "a.warc.gz"), PAGE, PAGE, PAGE).results
    assert isinstance(first, Response) and isinstance(second, Response)
    assert (second.body, second.headers["X-Time"]) == (b"The ferry", b"2")
    assert type(third) is NotArchived


def test_a_wacz_answers_too(tmp_path: Path) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(b"packed"))
    (response,) = replay(wacz(tmp_path / "a.wacz", [("a.warc.gz", archive.data)]), PAGE).results
    assert isinstance(response, Response) and response.body == b"packed"


# Live and replayed responses are the same

ANSWERS = {
    "plain": answer(b"<p>Open</p>", "content-TYPE: text/html", "X-Odd: \xe9", "Content-Length: 11"),
    "repeated fields": answer(b"x", "Set-Cookie: a=1", "X-A: 1", "set-cookie: b=2", "Content-Length: 1"),
    "fields of the connection": answer(b"x", "Connection: close", "Keep-Alive: 5", "Upgrade: h2c"),
    "folded": answer(b"x", "X-Long: one", " two", "Content-Length: 1"),
    "a line without a colon": answer(b"x", "nonsense", "Content-Length: 1"),
    "until the connection ends": answer(b"to the end"),
    "empty": answer(b"", "Content-Length: 0"),
    "twice the length": answer(b"xyz", "Content-Length: 3, 3"),
    "chunked": answer(b"4\r\nferr\r\n1;a=b\r\ny\r\n0\r\nTrailer: 1\r\n\r\n", "Transfer-Encoding: chunked"),
    "chunked with a length": answer(
        b"5\r\nferry\r\n0\r\n\r\n", "content-length: 9", "transfer-encoding: Chunked"
    ),
    "no content": answer(b"", "Content-Length: 0", status="204 No Content"),
    "not modified": answer(b"", "Content-Length: 77", 'ETag: "a"', status="304 Not Modified"),
    "no reason": answer(b"x", "Content-Length: 1", status="404"),
    "gzip": answer(b"\x1f\x8b\x08not really", "Content-Encoding: gzip"),
    "from the Wayback Machine": answer(
        b"x", "x-archive-orig-transfer-encoding: chunked", "x-archive-orig-etag: 1", "Content-Length: 1"
    ),
    "line feeds only": b"HTTP/1.0 200 OK\nContent-Type: text/plain\nContent-Length: 2\n\nok",
}


class _Origin(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        number = int(self.rfile.readline().split()[1][1:])
        while self.rfile.readline().strip():
            pass
        self.wfile.write(list(ANSWERS.values())[number])


@pytest.fixture
def origin() -> Iterator[str]:
    """A server that answers `/N` with the Nth of ANSWERS."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Origin) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def live(origin: str) -> Fetching:
    """All answers as a crawl without any of our parts sees them."""
    requested = [
        (method, f"{origin}/{number}") for number in range(len(ANSWERS)) for method in ("GET", "HEAD")
    ]
    spider = run_crawl(Fetching, PLAIN, requested=requested).spider
    assert isinstance(spider, Fetching)
    return spider


@pytest.mark.parametrize("as_received", [True, False])
def test_replayed_responses_equal_live_ones(
    tmp_path: Path, live: Fetching, opened: list[str], as_received: bool
) -> None:
    archive = Archive()
    for (method, url), data in zip(
        live.requested, (data for data in ANSWERS.values() for _ in "12"), strict=True
    ):
        head, rest = split_head(data)
        body = body_of(method, head, rest)
        stored = body.raw if as_received else body.payload
        if body.is_chunked and not as_received:
            head = without_transfer_coding(head, body.payload)
        archive.exchange(url, head + stored, method, WARC_IP_Address="127.0.0.1")
    again = replay(archive.save(tmp_path / "a.warc.gz"), *live.requested)
    for requested, first, second in zip(live.requested, live.results, again.results, strict=True):
        assert isinstance(first, Response) and isinstance(second, Response), (requested, first, second)
        assert _seen(second) == _seen(first), requested
    assert opened == []


def test_a_crawl_of_ours_is_replayed_from_its_collection(tmp_path: Path, origin: str) -> None:
    requested = [
        (method, f"{origin}/{number}") for number in range(len(ANSWERS)) for method in ("GET", "HEAD")
    ]
    archiving = {**PLAIN, "ADDONS": {"archive.addon.ArchiveAddon": 100}, "DATA_DIR": str(tmp_path)}
    live = run_crawl(Fetching, archiving, requested=requested).spider
    again = run_crawl(
        Fetching, archiving | {"REPLAY_FROM": str(tmp_path / "collections")}, requested=requested
    ).spider
    assert isinstance(live, Fetching) and isinstance(again, Fetching)
    for request, first, second in zip(requested, live.results, again.results, strict=True):
        assert isinstance(first, Response) and isinstance(second, Response), (request, first, second)
        assert _seen(second) == _seen(first), request
    serials = [capture.serial for capture in again.captures]
    assert serials == sorted(serials)
    for first, second in zip(live.captures, again.captures, strict=True):
        ours, found = first.durable(), second.durable()
        assert Path(found.warc).name == ours.warc
        assert (found.offset, found.length, found.record_id) == (ours.offset, ours.length, ours.record_id)
        assert (found.payload_digest, found.captured) == (ours.payload_digest, ours.captured)


def _seen(response: Response) -> tuple[object, ...]:
    return (
        type(response),
        response.url,
        response.status,
        dict(response.headers),
        response.body,
        response.protocol,
        response.ip_address,
        response.flags,
    )
