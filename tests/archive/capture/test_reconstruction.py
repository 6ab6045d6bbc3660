"""Without the wire, records are made of what Scrapy saw, and say so."""

import logging
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.settings import Settings
from warcio.checker import Checker

from archive.addon import ArchiveAddon
from archive.capture import handler_choice, scrapy_internals
from archive.capture.handler_choice import reconstructed_schemes
from archive.capture.reconstruction import request_bytes, response_bytes
from tests.support.archived_crawls import Fetched, Fetcher, fetch
from tests.support.crawls import run_crawl
from tests.support.odd_answers import GZIPPED, ODD, PAGE
from tests.support.origin import Answer, Then, serve
from tests.support.warc_records import Seen, by_url, read_collection

ANSWERS = {
    "/odd": Answer(ODD),
    "/chunked": Answer(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    ),
    "/head": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
    "/304": Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
    "/404": Answer(b"HTTP/1.1 404 Nope\r\nContent-Length: 4\r\n\r\nnope"),
    "/599": Answer(b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n"),
    "/post": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "/timeout": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nhalf", Then.HANG),
}
REQUESTS: dict[str, dict[str, Any]] = {
    "/odd": {"meta": {"archive_metadata": {"how": "feed"}}},
    "/head": {"method": "HEAD"},
    "/post": {"method": "POST", "body": "clé=1"},
    "/timeout": {"meta": {"download_timeout": 3}},
}


class OtherHandler(HTTP11DownloadHandler):
    """Some other project's way to fetch."""


class Moved(Exception):
    """The name leads to another address than the one that was checked."""


class RebindingGuard:
    """Lets a host pass before it is fetched, and refuses the address that answered."""

    def __init__(self) -> None:
        self._is_checked = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RebindingGuard":
        return cls()

    def check(self, host: str, address: object) -> None:
        if self._is_checked:
            raise Moved(f"{host} is at {address} now")
        self._is_checked = True


@pytest.fixture
def no_private_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade of Twisted took something away."""
    needed = {**scrapy_internals.NEEDED, "twisted.web.client:NoSuchPool": ()}
    monkeypatch.setattr(handler_choice, "missing_names", lambda: scrapy_internals.missing_names(needed))


class Session:
    """One crawl of all answers without the wire."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with serve(ANSWERS) as origin:
            requests = [Request(origin.url(path), **REQUESTS.get(path, {})) for path in ANSWERS]
            handler = f"{__name__}.OtherHandler"
            logging.disable(logging.WARNING)
            try:
                self.fetched = fetch(folder, requests, DOWNLOAD_HANDLERS={"http": handler}).fetched
            finally:
                logging.disable(logging.NOTSET)
            self.base, self.read = origin.url(""), origin.read

    def record(self, record_type: str, path: str) -> Seen:
        return by_url(self.folder, record_type)[self.base + path]

    def result(self, path: str) -> Fetched:
        return self.fetched[self.base + path]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(tmp_path_factory.mktemp("reconstructed"))


@pytest.mark.usefixtures("no_private_names")
def test_a_crawl_goes_on_when_private_names_are_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve({"/": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")}) as origin:
        spider = fetch(tmp_path, [Request(origin.url("/"))])

    fetched = spider.fetched[origin.url("/")]
    assert fetched.response is not None
    info, response, _, metadata = read_collection(tmp_path)
    assert response.block == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    assert info.notes["capture"] == metadata.notes["capture"] == "reconstructed"
    assert fetched.meta["capture"].durable().record_id == response.get("WARC-Record-ID")
    (warning,) = (record.getMessage() for record in caplog.records if record.levelname == "WARNING")
    assert warning == (
        "Records of http and https are made from request and response objects, not from the bytes on the wire: "
        "this Scrapy or Twisted has no twisted.web.client:NoSuchPool; install the versions that the project pins."
    )


def test_with_all_names_there_the_wire_is_used() -> None:
    settings = Settings()
    ArchiveAddon().update_settings(settings)

    for scheme in ("http", "https"):
        assert settings["DOWNLOAD_HANDLERS"][scheme] == "archive.capture.handler.WireHandler"
    assert settings.getdict("ARCHIVE_RECONSTRUCTED") == {}


def test_a_handler_that_the_project_chose_is_kept_and_archived_around() -> None:
    http2 = "scrapy.core.downloader.handlers.http2.H2DownloadHandler"
    settings = Settings({"DOWNLOAD_HANDLERS": {"https": http2}})
    ArchiveAddon().update_settings(settings)

    assert settings.getdict("ARCHIVE_RECONSTRUCTED") == {"https": http2}
    assert settings["DOWNLOAD_HANDLERS"]["https"] == "archive.capture.reconstruction.ReconstructingHandler"
    assert settings["DOWNLOAD_HANDLERS"]["http"] == "archive.capture.handler.WireHandler"


def test_a_replay_needs_no_private_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_choice, "missing_names", lambda: ["gone"])
    settings = Settings({"REPLAY_FROM": "data"})
    ArchiveAddon().update_settings(settings)

    assert settings["DOWNLOAD_HANDLERS"]["http"] == "archive.replay.handler.ReplayHandler"
    assert reconstructed_schemes(settings).keys() == {"http", "https"}


def test_status_fields_and_body_are_kept_though_not_their_spelling(session: Session) -> None:
    block = session.record("response", "/odd").block
    head, _, body = block.partition(b"\r\n\r\n")

    assert body == GZIPPED
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    assert {b"Set-Cookie: a=1", b"Set-Cookie: b=2", b"Server: odd-CASE", b"X-Latin: caf\xe9"} <= set(lines)
    assert lines[-1] == b"Content-Length: %d" % len(GZIPPED)


def test_chunked_answers_are_stored_by_their_length(session: Session) -> None:
    block = session.record("response", "/chunked").block

    assert block == b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE


@pytest.mark.parametrize("path", ["/404", "/599", "/304", "/head"])
def test_other_answers_are_archived_as_well(session: Session, path: str) -> None:
    response = session.result(path).response
    assert response is not None
    assert b" %d " % response.status in session.record("response", path).block


@pytest.mark.parametrize("path", ["/odd", "/post", "/head"])
def test_the_request_says_what_was_asked(session: Session, path: str) -> None:
    rebuilt, sent = session.record("request", path).block, session.read[path][-1]

    assert rebuilt.partition(b"\r\n")[0] == sent.partition(b"\r\n")[0]
    assert rebuilt.partition(b"\r\n\r\n")[2] == sent.partition(b"\r\n\r\n")[2]
    assert {line.lower() for line in rebuilt.split(b"\r\n")} <= {line.lower() for line in sent.split(b"\r\n")}


def test_a_failure_is_archived_with_its_error(session: Session) -> None:
    notes = session.record("metadata", "/timeout").notes

    assert notes["error"].startswith("DownloadTimeoutError")
    assert session.base + "/timeout" not in by_url(session.folder, "response")


def test_metadata_and_address_are_as_with_the_wire(session: Session) -> None:
    assert session.record("metadata", "/odd").notes["how"] == "feed"
    assert session.record("response", "/odd").get("WARC-IP-Address") == "127.0.0.1"
    assert session.record("response", "/odd").get("WARC-Protocol") == "http/1.1"


def test_warcio_finds_no_fault(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in (session.folder / "archive").iterdir()]
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": files}))

    assert checker.process_all() == 0, capsys.readouterr().out


class Refusing:
    """A guard that refuses every host."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Refusing":
        return cls()

    def check(self, host: str, address: object) -> None:
        raise PermissionError(f"{host} {address}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_guard_is_asked_before_anything_is_sent(tmp_path: Path, host: str) -> None:
    handlers = {"http": f"{__name__}.OtherHandler"}
    with serve({"/": Answer(b"")}) as origin:
        url = origin.url("/", host)
        guard = f"{__name__}.Refusing"
        spider = fetch(tmp_path, [Request(url)], DOWNLOAD_HANDLERS=handlers, ADDRESS_GUARD=guard)
        assert not origin.read

    assert isinstance(spider.fetched[url].error, PermissionError)


def test_a_host_without_address_is_a_failed_download(tmp_path: Path) -> None:
    handlers = {"http": f"{__name__}.OtherHandler"}
    guard = f"{__name__}.Refusing"
    url = "http://no-such-host.invalid/"
    spider = fetch(tmp_path, [Request(url)], DOWNLOAD_HANDLERS=handlers, ADDRESS_GUARD=guard)

    assert type(spider.fetched[url].error).__name__ == "CannotResolveHostError"
    assert not (tmp_path / "archive").exists()


def test_no_header_field_leaves_its_line() -> None:
    response = Response(
        "https://news.example/", headers=Headers({"X-A": "b\r\nWARC-Type: evil"}), body=b"hi", protocol="h2"
    )

    assert response_bytes(Request(response.url), response) == (
        b"HTTP/1.1 200 OK\r\nX-A: b WARC-Type: evil\r\nContent-Length: 2\r\n\r\nhi"
    )


def test_a_request_names_its_host_without_credentials() -> None:
    request = Request("https://desk:secret@news.example:8443/a?b=c#d")

    assert request_bytes(request) == b"GET /a?b=c HTTP/1.1\r\nHost: news.example:8443\r\n\r\n"


def test_a_crawl_through_the_fallback_replays(session: Session, tmp_path: Path) -> None:
    spider = run_crawl(
        Fetcher,
        {
            "ADDONS": {"archive.addon.ArchiveAddon": 1},
            "REPLAY_FROM": str(session.folder),
            "HTTPERROR_ALLOW_ALL": True,
            "COMPRESSION_ENABLED": False,
        },
        requests=[Request(session.base + path) for path in ("/odd", "/chunked", "/404")],
    ).spider

    assert isinstance(spider, Fetcher)
    for path in ("/odd", "/chunked", "/404"):
        live, again = session.result(path).response, spider.fetched[session.base + path].response
        assert live is not None
        assert again is not None
        assert (again.status, again.body) == (live.status, live.body)


def test_what_another_address_answered_than_was_checked_is_not_handed_on(tmp_path: Path) -> None:
    with serve(ANSWERS) as origin:
        url = origin.url("/404")
        given = {"DOWNLOAD_HANDLERS": {"http": f"{__name__}.OtherHandler"}}
        guard = f"{__name__}.RebindingGuard"
        fetched = fetch(tmp_path, [Request(url)], **given, ADDRESS_GUARD=guard).fetched[url]
    assert isinstance(fetched.error, Moved)
    assert str(fetched.error) == "127.0.0.1 is at 127.0.0.1 now"
