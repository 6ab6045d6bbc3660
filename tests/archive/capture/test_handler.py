import base64
import gc
import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from warcio.checker import Checker

from archive.warc.response import Message
from tests.support.archived_crawls import Fetched, Fetcher, fetch
from tests.support.crawls import run_crawl
from tests.support.odd_answers import ANSWERS, PAGE, REQUESTS
from tests.support.origin import Answer, Then, make_certificate, serve
from tests.support.warc_records import by_url, read_collection


@dataclass
class Session:
    """One crawl of all odd answers."""

    folder: Path
    base: str
    fetched: dict[str, Fetched]
    read: dict[str, list[bytes]]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("odd")
    with serve(ANSWERS) as origin:
        requests = [Request(origin.url(path), **REQUESTS.get(path, {})) for path in ANSWERS]
        logging.disable(logging.WARNING)  # Scrapy warns of the limits that this is about
        try:
            fetched = fetch(folder, requests).fetched
        finally:
            logging.disable(logging.NOTSET)
        yield Session(folder, origin.url(""), fetched, origin.read)


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
def test_a_response_record_holds_the_bytes_that_the_origin_wrote(session: Session, path: str) -> None:
    record = by_url(session.folder, "response")[session.base + path]

    assert record.block == ANSWERS[path].data


@pytest.mark.parametrize("path", ANSWERS)
def test_a_request_record_holds_the_bytes_that_the_origin_read(session: Session, path: str) -> None:
    record = by_url(session.folder, "request")[session.base + path]

    assert record.block == session.read[path][-1]


def test_chunks_are_joined_and_the_header_that_says_chunked_is_renamed(session: Session) -> None:
    record = by_url(session.folder, "response")[session.base + "/chunked"]

    assert record.block == (
        b"HTTP/1.1 200 OK\r\nX-Archive-Orig-transfer-ENCODING: Chunked\r\nX-Last: 1\r\n"
        b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    )


def test_informational_answers_and_bytes_after_the_message_are_left_out(session: Session) -> None:
    responses = by_url(session.folder, "response")

    assert (
        responses[session.base + "/early-hints"].block
        == ANSWERS["/early-hints"].data.partition(b"</s>\r\n\r\n")[2]
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
    assert type(session.fetched[session.base + path].error).__name__ == (error or "NoneType")


def test_an_answer_with_an_endless_head_is_cut_off(session: Session) -> None:
    assert type(session.fetched[session.base + "/endless"].error).__name__ == "DownloadCancelledError"


@pytest.mark.parametrize("path", ["/no-answer", "/not-http", "/endless"])
def test_a_request_without_answer_is_archived_with_its_error(session: Session, path: str) -> None:
    url = session.base + path

    assert url not in by_url(session.folder, "response")
    request, metadata = by_url(session.folder, "request")[url], by_url(session.folder, "metadata")[url]
    assert metadata.get("WARC-Concurrent-To") == request.get("WARC-Record-ID")
    assert metadata.notes["error"]


def test_what_is_no_answer_is_kept_in_the_metadata(session: Session) -> None:
    notes = by_url(session.folder, "metadata")[session.base + "/not-http"].notes

    assert base64.b64decode(notes["receivedBase64"]) == ANSWERS["/not-http"].data
    assert notes["receivedBytes"] == str(len(ANSWERS["/not-http"].data))
    assert "receivedBytes" not in by_url(session.folder, "metadata")[session.base + "/odd"].notes
    assert "receivedBytes" not in by_url(session.folder, "metadata")[session.base + "/no-answer"].notes


def test_of_an_endless_answer_that_is_none_the_beginning_is_kept(session: Session) -> None:
    notes = by_url(session.folder, "metadata")[session.base + "/endless"].notes

    beginning = base64.b64decode(notes["receivedBase64"])
    assert len(beginning) == 64 * 1024
    assert ANSWERS["/endless"].data.startswith(beginning)
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
    for url, fetched in session.fetched.items():
        capture = fetched.meta["capture"]
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
        fetch(tmp_path, requests, CONCURRENT_REQUESTS=1)
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
        fetch(tmp_path, requests, CONCURRENT_REQUESTS=1, DOWNLOAD_VERIFY_CERTIFICATES=False)

    for url in (request.url for request in requests):
        record = by_url(tmp_path, "response")[url]
        assert record.block == hello
        assert [value for name, value in record.fields if name == "WARC-Protocol"] == ["http/1.1", "tls/1.3"]
        assert (record.get("WARC-Cipher-Suite") or "").startswith("TLS_")


def test_a_refused_certificate_leaves_no_record_of_a_request_that_was_never_sent(tmp_path: Path) -> None:
    with serve({}, make_certificate(tmp_path)) as origin:
        spider = fetch(tmp_path, [Request(origin.url("/"))], DOWNLOAD_VERIFY_CERTIFICATES=True)

    fetched = spider.fetched[origin.url("/")]
    assert fetched.error is not None
    assert "capture" not in fetched.meta
    assert not (tmp_path / "archive").exists()


def test_only_hosts_that_are_named_may_have_any_certificate(tmp_path: Path) -> None:
    answers = {"/": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")}
    with serve(answers, make_certificate(tmp_path)) as origin:
        named, other = origin.url("/"), origin.url("/", host="localhost")
        strict = {"DOWNLOAD_VERIFY_CERTIFICATES": True, "CONCURRENT_REQUESTS": 1}
        spider = fetch(
            tmp_path, [Request(named), Request(other)], ARCHIVE_UNVERIFIED_HOSTS=["127.0.0.1"], **strict
        )

    assert spider.fetched[other].error is not None
    assert by_url(tmp_path, "response")[named].block.endswith(b"hi")
    assert by_url(tmp_path, "metadata")[named].notes["certificate"] == "not verified"


def test_an_answer_that_is_too_large_is_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serve(ANSWERS) as origin:
        url = origin.url("/big")
        spider = fetch(tmp_path, [Request(url, meta={"download_maxsize": 100_000})])

    assert type(spider.fetched[url].error).__name__ == "DownloadCancelledError"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("path", ["/big", "/data-loss", "/timeout"])
def test_an_error_that_is_kept_keeps_no_answer(tmp_path: Path, path: str) -> None:
    with serve({path: ANSWERS[path]}) as origin:
        request = Request(origin.url(path), **REQUESTS.get(path, {}))
        spider = fetch(tmp_path, [request], LOG_ENABLED=False)

    assert spider.fetched[request.url].error is not None
    assert by_url(tmp_path, "response")[request.url]
    assert not [held for held in gc.get_objects() if isinstance(held, Message)]


def test_a_proxy_is_refused(tmp_path: Path) -> None:
    spider = fetch(tmp_path, [Request("http://news.example/", meta={"proxy": "http://127.0.0.1:9"})])

    assert "HTTPPROXY_ENABLED" in str(spider.fetched["http://news.example/"].error)


def test_a_request_that_is_not_sent_has_no_capture_of_an_earlier_attempt(tmp_path: Path) -> None:
    meta = {"proxy": "http://127.0.0.1:9", "capture": object()}
    spider = fetch(tmp_path, [Request("http://news.example/", meta=meta)])

    assert "capture" not in spider.fetched["http://news.example/"].meta


def test_captures_can_be_awaited_while_the_crawl_goes_on(tmp_path: Path) -> None:
    places = []

    class Waiter(Fetcher):
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
