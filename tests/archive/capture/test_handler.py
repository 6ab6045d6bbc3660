import base64
import gzip
import hashlib
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure
from warcio.checker import Checker

from tests.support.crawls import run_crawl
from tests.support.origin import Answer, Then, make_certificate, serve
from tests.support.warc_records import by_url, read_collection

PAGE = "<html><p>La Valdorie a annoncé une trêve.</p></html>".encode()
GZIPPED = gzip.compress(PAGE, mtime=0)
ODD = (
    b"HTTP/1.1 200 Tr\xe8s  bien!\r\nSERVER: odd-CASE\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\n"
    b"X-Empty:\r\nset-cookie: b=2\r\nx-nospace:v\r\nX-Latin: caf\xe9\r\nno colon here\r\n"
    b"X-Folded: a\r\n  b\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(GZIPPED) + GZIPPED
)
CHUNKS = (
    b"4;name=value\r\n"
    + PAGE[:4]
    + b"\r\n%x\r\n" % len(PAGE[4:])
    + PAGE[4:]
    + b"\r\n0\r\nX-Trailer: t\r\n\r\n"
)
BIG = b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b"x" * 400000
ANSWERS = {
    "/odd": Answer(ODD),
    "/bare-lf": Answer(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"),
    "/close-delimited": Answer(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, Then.CLOSE),
    "/chunked": Answer(b"HTTP/1.1 200 OK\r\ntransfer-ENCODING: Chunked\r\nX-Last: 1\r\n\r\n" + CHUNKS),
    "/head": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
    "/head-chunked": Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "/post": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "/304": Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
    "/redirect": Answer(b"HTTP/1.1 301 Moved\r\nLocation: /odd\r\nContent-Length: 3\r\n\r\ngo\n"),
    "/404": Answer(b"HTTP/1.1 404 Nope\r\nContent-Length: 4\r\n\r\nnope"),
    "/503": Answer(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    "/early-hints": Answer(
        b"HTTP/1.1 103 Early\r\nLink: </s>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    ),
    "/too-long": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi, and more", Then.CLOSE),
    "/data-loss": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + PAGE, Then.CLOSE),
    "/chunk-loss": Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS[:30], Then.CLOSE),
    "/timeout": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nhalf", Then.HANG),
    "/big": Answer(BIG),
    "/endless": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + b"X-Pad: y\r\n" * 150_000 + b"\r\nhi", Then.CLOSE
    ),
    "/no-answer": Answer(b"", Then.CLOSE),
    "/not-http": Answer(b"220 ftp.example ready\r\n\r\n", Then.CLOSE),
    "/robots.txt": Answer(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\n\r\n"),
}
REQUESTS: dict[str, dict[str, Any]] = {
    "/head": {"method": "HEAD"},
    "/head-chunked": {"method": "HEAD"},
    "/post": {"method": "POST", "body": "clé=1"},
    "/timeout": {"meta": {"download_timeout": 0.3}},
    "/big": {"meta": {"download_maxsize": 100_000}},
    "/endless": {"meta": {"download_maxsize": 100_000}},
    "/odd": {
        "meta": {"archive_metadata": {"title": "Trêve\r\nWARC-Type: évil\x00", "via": "", "how": "feed"}}
    },
}


@dataclass
class Told:
    """What a spider was told about one request."""

    response: Response | None = None
    error: BaseException | None = None
    meta: dict[str, Any] = field(default_factory=dict)


class Asker(Spider):
    """Asks for URLs and keeps what comes of each."""

    name = "asker"

    def __init__(self, requests: list[Request], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.requests = requests
        self.told: dict[str, Told] = {}

    async def start(self) -> AsyncIterator[Any]:
        for request in self.requests:
            yield request.replace(callback=self.parse, errback=self.fail, dont_filter=True)

    def parse(self, response: Response) -> None:
        self.told[response.url] = Told(response=response, meta=response.meta)

    def fail(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self.told[request.url] = Told(error=failure.value, meta=request.meta)


def ask(folder: Path, requests: list[Request], **settings: Any) -> Asker:
    """Crawl some requests into an archive in `folder`; the spider knows how each ended.

    Without an index of digests, unless `settings` name one: each answer is stored whole.
    """
    crawler = run_crawl(
        Asker,
        {
            "ADDONS": {"archive.addon.ArchiveAddon": 100},
            "ARCHIVE_DIR": str(folder),
            "ARCHIVE_DIGESTS": "",
            "HTTPERROR_ALLOW_ALL": True,
            "RETRY_ENABLED": False,
            "REDIRECT_ENABLED": False,
            "COMPRESSION_ENABLED": False,
            **settings,
        },
        requests=requests,
    )
    assert isinstance(crawler.spider, Asker)
    return crawler.spider


@dataclass
class Session:
    """One crawl of all odd answers."""

    folder: Path
    base: str
    told: dict[str, Told]
    read: dict[str, list[bytes]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("odd")
    with serve(ANSWERS) as origin:
        requests = [Request(origin.url(path), **REQUESTS.get(path, {})) for path in ANSWERS]
        logging.disable(logging.WARNING)  # Scrapy warns of the limits that this is about
        try:
            told = ask(folder, requests).told
        finally:
            logging.disable(logging.NOTSET)
        yield Session(folder, origin.url(""), told, origin.read)


UNTOUCHED = [
    "/odd",
    "/bare-lf",
    "/close-delimited",
    "/head",
    "/head-chunked",
    "/post",
    "/304",
    "/redirect",
    "/404",
]
UNTOUCHED += ["/503", "/data-loss", "/timeout"]


@pytest.mark.parametrize("path", UNTOUCHED)
def test_a_response_record_holds_the_octets_that_the_origin_wrote(session: Session, path: str) -> None:
    record = by_url(session.folder, "response")[session.base + path]

    assert record.block == ANSWERS[path].octets


@pytest.mark.parametrize("path", ANSWERS)
def test_a_request_record_holds_the_octets_that_the_origin_read(session: Session, path: str) -> None:
    record = by_url(session.folder, "request")[session.base + path]

    assert record.block == session.read[path][-1]


def test_chunks_are_joined_and_the_header_that_says_chunked_is_renamed(session: Session) -> None:
    record = by_url(session.folder, "response")[session.base + "/chunked"]

    assert record.block == (
        b"HTTP/1.1 200 OK\r\nX-Archive-Orig-transfer-ENCODING: Chunked\r\nX-Last: 1\r\n"
        b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    )


def test_informational_answers_and_octets_after_the_message_are_left_out(session: Session) -> None:
    responses = by_url(session.folder, "response")

    assert (
        responses[session.base + "/early-hints"].block
        == ANSWERS["/early-hints"].octets.partition(b"</s>\r\n\r\n")[2]
    )
    assert responses[session.base + "/too-long"].block == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@pytest.mark.parametrize(
    ("path", "reason", "error"),
    [
        ("/timeout", "time", "DownloadTimeoutError"),
        ("/big", "length", "DownloadCancelledError"),
        ("/data-loss", "disconnect", "ResponseDataLossError"),
        ("/chunk-loss", "disconnect", "ResponseDataLossError"),
        ("/odd", None, None),
        ("/close-delimited", None, None),
    ],
)
def test_a_cut_answer_says_why(session: Session, path: str, reason: str | None, error: str | None) -> None:
    assert by_url(session.folder, "response")[session.base + path].get("WARC-Truncated") == reason
    noted = by_url(session.folder, "metadata")[session.base + path].notes.get("error")
    assert (noted and noted.split(":")[0]) == error
    assert type(session.told[session.base + path].error).__name__ == (error or "NoneType")


def test_an_answer_with_an_endless_head_is_cut_off(session: Session) -> None:
    assert type(session.told[session.base + "/endless"].error).__name__ == "DownloadCancelledError"


@pytest.mark.parametrize("path", ["/no-answer", "/not-http", "/endless"])
def test_a_request_without_answer_is_archived_with_its_error(session: Session, path: str) -> None:
    url = session.base + path

    assert url not in by_url(session.folder, "response")
    request, metadata = by_url(session.folder, "request")[url], by_url(session.folder, "metadata")[url]
    assert metadata.get("WARC-Concurrent-To") == request.get("WARC-Record-ID")
    assert metadata.notes["error"]


def test_what_is_no_answer_is_kept_in_the_metadata(session: Session) -> None:
    notes = by_url(session.folder, "metadata")[session.base + "/not-http"].notes

    assert base64.b64decode(notes["receivedBase64"]) == ANSWERS["/not-http"].octets
    assert notes["receivedBytes"] == str(len(ANSWERS["/not-http"].octets))
    assert "receivedBytes" not in by_url(session.folder, "metadata")[session.base + "/odd"].notes
    assert "receivedBytes" not in by_url(session.folder, "metadata")[session.base + "/no-answer"].notes


def test_of_an_endless_answer_that_is_none_the_beginning_is_kept(session: Session) -> None:
    notes = by_url(session.folder, "metadata")[session.base + "/endless"].notes

    beginning = base64.b64decode(notes["receivedBase64"])
    assert len(beginning) == 64 * 1024
    assert ANSWERS["/endless"].octets.startswith(beginning)
    assert int(notes["receivedBytes"]) > len(beginning)


def test_warcio_finds_no_fault(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    @dataclass
    class Command:
        inputs: list[str]
        verbose: bool = False

    files = [str(path) for path in (session.folder / "archive").iterdir()]

    assert Checker(Command(files)).process_all() == 0, capsys.readouterr().out


def test_records_stand_in_order_and_name_each_other(session: Session) -> None:
    records = read_collection(session.folder)

    assert records[0].type == "warcinfo"
    first = records[1:4]
    assert [record.type for record in first] == ["response", "request", "metadata"]
    assert {record.get("WARC-Concurrent-To") for record in first[1:]} == {first[0].get("WARC-Record-ID")}
    for record in records[1:]:
        assert record.get("WARC-Warcinfo-ID") == records[0].get("WARC-Record-ID")
        assert record.get("WARC-IP-Address") == "127.0.0.1"


def test_the_payload_digest_is_that_of_the_body_without_chunks(session: Session) -> None:
    expected = "sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest()).decode()

    responses = by_url(session.folder, "response")
    assert responses[session.base + "/chunked"].get("WARC-Payload-Digest") == expected
    assert responses[session.base + "/close-delimited"].get("WARC-Payload-Digest") == expected


def test_discovery_evidence_is_one_line_each_and_only_what_is_known(session: Session) -> None:
    notes = by_url(session.folder, "metadata")[session.base + "/odd"].notes

    assert int(notes.pop("fetchTimeMs")) >= 0
    assert len(notes.pop("run")) == 8
    assert notes == {"title": "Trêve WARC-Type: évil", "how": "feed"}


def test_a_capture_knows_where_its_record_lies(session: Session) -> None:
    records = {record.offset: record for record in read_collection(session.folder)}
    serials = []
    for url, told in session.told.items():
        capture = told.meta["capture"]
        place = capture.durable()
        record = records[place.offset]
        assert (record.get("WARC-Target-URI"), record.get("WARC-Record-ID")) == (url, place.record_id)
        assert (record.length, record.get("WARC-Payload-Digest")) == (place.length, place.payload_digest)
        assert record.get("WARC-Date") == place.captured.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        serials.append((capture.serial, place.offset))
    assert [offset for _, offset in sorted(serials)] == sorted(offset for _, offset in serials)


def test_nothing_is_left_open_after_a_finished_run(session: Session) -> None:
    names = sorted(
        path.relative_to(session.folder).as_posix() for path in session.folder.rglob("*") if path.is_file()
    )

    assert [name.rpartition(".")[2] for name in names] == ["gz", "cdxj"]


def test_a_request_repeated_on_a_new_connection_is_archived_once(tmp_path: Path) -> None:
    hello = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    # The second request finds its connection closed; Twisted sends it again without telling anyone.
    answers: dict[str, Answer | list[Answer]] = {
        "/first": Answer(hello),
        "/second": [Answer(b"", Then.CLOSE), Answer(hello)],
    }
    with serve(answers) as origin:
        requests = [Request(origin.url(path), priority=-place) for place, path in enumerate(answers)]
        ask(tmp_path, requests, CONCURRENT_REQUESTS=1)
        sent = origin.read["/second"]

    assert len(sent) == 2
    records = [
        record for record in read_collection(tmp_path) if record.get("WARC-Target-URI") == requests[1].url
    ]
    assert [record.type for record in records] == ["response", "request", "metadata"]
    assert (records[0].block, records[1].block) == (hello, sent[-1])
    assert records[2].notes["connectionAttempts"] == "2"


def test_tls_version_and_cipher_are_kept(tmp_path: Path) -> None:
    hello = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    with serve({"/": Answer(hello), "/again": Answer(hello)}, make_certificate(tmp_path)) as origin:
        requests = [Request(origin.url(path)) for path in ("/", "/again")]
        ask(tmp_path, requests, CONCURRENT_REQUESTS=1, DOWNLOAD_VERIFY_CERTIFICATES=False)

    for url in (request.url for request in requests):
        record = by_url(tmp_path, "response")[url]
        assert record.block == hello
        assert [value for name, value in record.fields if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]
        assert (record.get("WARC-Cipher-Suite") or "").startswith("TLS_")


def test_a_refused_certificate_leaves_no_record_of_a_request_that_was_never_sent(tmp_path: Path) -> None:
    with serve({}, make_certificate(tmp_path)) as origin:
        spider = ask(tmp_path, [Request(origin.url("/"))], DOWNLOAD_VERIFY_CERTIFICATES=True)

    told = spider.told[origin.url("/")]
    assert told.error is not None
    assert "capture" not in told.meta
    assert not (tmp_path / "archive").exists()


def test_only_hosts_that_are_named_may_have_any_certificate(tmp_path: Path) -> None:
    answers = {"/": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")}
    with serve(answers, make_certificate(tmp_path)) as origin:
        named, other = origin.url("/"), origin.url("/", host="localhost")
        strict = {"DOWNLOAD_VERIFY_CERTIFICATES": True, "CONCURRENT_REQUESTS": 1}
        spider = ask(
            tmp_path, [Request(named), Request(other)], ARCHIVE_UNVERIFIED_HOSTS=["127.0.0.1"], **strict
        )

    assert spider.told[other].error is not None
    assert by_url(tmp_path, "response")[named].block.endswith(b"hi")
    assert by_url(tmp_path, "metadata")[named].notes["certificate"] == "not verified"


def test_an_answer_that_is_too_large_is_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serve(ANSWERS) as origin:
        url = origin.url("/big")
        spider = ask(tmp_path, [Request(url, meta={"download_maxsize": 100_000})])

    assert type(spider.told[url].error).__name__ == "DownloadCancelledError"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_proxy_is_refused(tmp_path: Path) -> None:
    spider = ask(tmp_path, [Request("http://news.example/", meta={"proxy": "http://127.0.0.1:9"})])

    assert "HTTPPROXY_ENABLED" in str(spider.told["http://news.example/"].error)


def test_a_request_that_is_not_sent_has_no_capture_of_an_earlier_attempt(tmp_path: Path) -> None:
    meta = {"proxy": "http://127.0.0.1:9", "capture": object()}
    spider = ask(tmp_path, [Request("http://news.example/", meta=meta)])

    assert "capture" not in spider.told["http://news.example/"].meta


def test_captures_can_be_awaited_while_the_crawl_goes_on(tmp_path: Path) -> None:
    places = []

    class Waiter(Asker):
        def parse(self, response: Response) -> None:
            capture = response.meta["capture"]
            thread = threading.Thread(target=lambda: places.append(capture.durable()))
            thread.start()
            self.waiting = thread

    with serve({"/": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")}) as origin:
        crawler = run_crawl(
            Waiter,
            {"ADDONS": {"archive.addon.ArchiveAddon": 100}, "ARCHIVE_DIR": str(tmp_path)},
            requests=[Request(origin.url("/"))],
        )

    assert isinstance(crawler.spider, Waiter)
    crawler.spider.waiting.join(10)
    assert [place.warc for place in places] == [path.name for path in (tmp_path / "archive").iterdir()]
