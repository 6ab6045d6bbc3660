"""A capture says what its exchange was, and has the body as it was stored."""

import gzip
import tracemalloc
import zlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.replay.accounts import REPEATS_ELSEWHERE, RecordAccount
from archive.replay.captures import CaptureReader
from archive.replay.stored_records import read_record
from archive.warc import record_blocks
from tests.support.captures import BODY, PAGE, read, read_captures, read_set, silent
from tests.support.foreign_records import record
from tests.support.warcs import Archive, answer, news, sha1


def test_a_capture_carries_what_its_exchange_says(tmp_path: Path) -> None:
    archive = Archive()
    page = answer(BODY, "Content-Type: text/html", "X-Seen: one", "x-seen: two")
    record_id = archive.exchange(
        PAGE, page, "POST", "source: orla\r\ntitle: Ferry\r\n runs\r\n", WARC_IP_Address="192.0.2.7"
    )
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.url, capture.method, capture.status, capture.record_type) == (
        PAGE,
        "POST",
        200,
        "response",
    )
    assert capture.headers == {"content-type": "text/html", "x-seen": "two"}
    assert capture.body == BODY
    assert capture.metadata == {"source": "orla", "title": "Ferry runs"}
    assert capture.captured == datetime(2021, 1, 28, 10, 0, 0, 250000, UTC)
    assert capture.ip_address == "192.0.2.7"
    assert capture.truncated is None
    assert capture.durable().record_id == record_id
    assert capture.durable().payload_digest == sha1(BODY)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2021-01-28T10:00:00Z", datetime(2021, 1, 28, 10, 0, 0, 0, UTC)),
        ("2021-01-28T10:00:00.5Z", datetime(2021, 1, 28, 10, 0, 0, 500_000, UTC)),
        ("2021-01-28T10:00:00+02:00", datetime(2021, 1, 28, 8, 0, 0, 0, UTC)),
        ("2021-01-28T01:00:00+02:00", datetime(2021, 1, 27, 23, 0, 0, 0, UTC)),
        ("2021-01-28T22:30:00-03:30", datetime(2021, 1, 29, 2, 0, 0, 0, UTC)),
        ("2021-01-28T10:00:00", datetime(2021, 1, 28, 10, 0, 0, 0, UTC)),
    ],
)
def test_the_time_of_a_capture_is_utc_whatever_offset_it_is_written_with(
    tmp_path: Path, written: str, utc: datetime
) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(BODY), WARC_Date=written)
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert capture.captured == utc
    assert capture.captured.utcoffset() == timedelta(0)


def test_request_and_metadata_are_found_where_the_request_comes_first(tmp_path: Path) -> None:
    archive = Archive()
    request_id = archive.add("request", PAGE, b"POST / HTTP/1.1\r\n\r\n")
    archive.add("response", PAGE, answer(BODY), WARC_Concurrent_To=request_id)
    archive.add("metadata", PAGE, b"via: feed\r\n", WARC_Concurrent_To=request_id)
    archive.add("response", f"{PAGE}/2", answer(b"second"))
    first, second = read(archive.save(tmp_path / "wget.warc.gz"))
    assert (first.method, first.metadata, first.body) == ("POST", {"via": "feed"}, BODY)
    assert (second.method, second.metadata, second.body) == ("GET", {}, b"second")


def test_a_capture_says_whether_its_request_was_conditional(tmp_path: Path) -> None:
    archive = Archive()
    for number, fields in enumerate(("", 'if-none-match: "1"\r\n', "If-Modified-Since: Mon\r\n")):
        answered = archive.add("response", f"https://orla.example/{number}", answer(b"x"))
        request = f"GET / HTTP/1.1\r\nHost: orla.example\r\n{fields}\r\n".encode()
        archive.add("request", f"https://orla.example/{number}", request, WARC_Concurrent_To=answered)
    archive.add("response", "https://orla.example/3", answer(b"x"))
    captures = read(archive.save(tmp_path / "a.warc.gz"))
    assert [capture.is_conditional for capture in captures] == [False, True, True, None]


PASSED_OVER = {
    "urn:example:screenshot": ("resource", {}, "not HTTP (urn)"),
    "dns:orla.example": ("response", {"Content_Type": "text/dns"}, "not HTTP (dns)"),
    "whois://orla.example/": ("response", {}, "not HTTP (whois)"),
    "ftp://orla.example/a.txt": ("resource", {}, "not HTTP (ftp)"),
    "www.orla.example/a": ("resource", {}, "address without http or https"),
    "": ("response", {}, "no address"),
    "http://orla.example/lone": ("request", {}, "request"),
    "http://orla.example/notes": ("metadata", {}, "metadata"),
    "http://orla.example/text": ("conversion", {}, "conversion"),
    "http://orla.example/rest": ("continuation", {}, "continuation"),
    "http://orla.example/new": ("sonde", {}, "type sonde"),
    "http://orla.example/none": ("", {}, "type unknown"),
    "http://orla.example/undated": ("response", {"WARC_Date": ""}, "no date"),
    "http://orla.example/misdated": ("response", {"WARC_Date": "2021-02-30"}, "unreadable date"),
    "http://orla.example/elsewhere": ("revisit", {"WARC_Payload_Digest": sha1(b"?")}, REPEATS_ELSEWHERE),
}


def test_each_record_that_is_no_capture_ends_in_one_count(tmp_path: Path) -> None:
    archive = Archive()
    for url, (kind, fields, _) in PASSED_OVER.items():
        archive.add(kind, url, answer(BODY), **fields)
    for number, block in enumerate((b"HTTPX/1.1 200 OK\r\n\r\nno", b"garbage", b"<p>HTTP/1.1</p>")):
        archive.add("response", f"{PAGE}/odd/{number}", block)
    for number, status in enumerate(("0 OK", "0", "99 Odd")):
        archive.add("response", f"{PAGE}/status/{number}", answer(BODY, status=status))
    archive.add("response", f"{PAGE}/empty", b"\r\n")
    archive.add("resource", f"{PAGE}.txt", b"as a file")
    archive.add("response", f"{PAGE}/999", answer(BODY, status="999 Request denied"))
    account, reports = RecordAccount(), list[str]()
    path = archive.save(tmp_path / "a.warc.gz")
    with CaptureReader([path], reports.append) as reader:
        file, denied = reader.read(path, account)
    assert (file.record_type, file.status, file.body) == ("resource", 200, b"as a file")
    assert file.headers["content-type"] == "text/plain"
    assert denied.status == 999
    wanted = Counter(reason for *_, reason in PASSED_OVER.values())
    wanted += Counter({"no status line": 3, "status 0": 2, "status 99": 1, "empty answer": 1})
    assert account.reasons == wanted
    assert account.records == wanted.total() + 2
    (report,) = reports
    assert "skipped 9 answers (no status line: 3, status 0: 2, no date: 1," in report


def test_a_page_stored_without_its_head_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record("response", PAGE, BODY, Content_Type="text/html"))
    (capture,) = read(path)
    assert (capture.status, capture.body, capture.headers) == (200, BODY, {"content-type": "text/html"})


def test_answers_before_the_last_one_are_left_out(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("response", PAGE, b"HTTP/1.1 100 Continue\r\n\r\n" + answer(BODY, "Server: Orla"))
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.status, capture.body, capture.headers) == (200, BODY, {"server": "Orla"})


@pytest.mark.parametrize(
    ("written", "latest"),
    [
        ("2021", datetime(2021, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("2020-02", datetime(2020, 2, 29, 23, 59, 59, 999_999, UTC)),
        ("2021-03-06", datetime(2021, 3, 6, 23, 59, 59, 999_999, UTC)),
        ("2021-03-06T08Z", datetime(2021, 3, 6, 8, 59, 59, 999_999, UTC)),
        ("2021-03-06T08:05Z", datetime(2021, 3, 6, 8, 5, 59, 999_999, UTC)),
        ("2021-03-06T08:05:09Z", datetime(2021, 3, 6, 8, 5, 9, 0, UTC)),
    ],
)
def test_a_page_may_be_from_the_last_moment_that_its_date_allows(
    tmp_path: Path, written: str, latest: datetime
) -> None:
    archive = Archive()
    archive.add("response", PAGE, answer(BODY), WARC_Date=written)
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert capture.captured == latest


def test_serials_grow_over_files_and_count_unanswered_requests(tmp_path: Path) -> None:
    first, second = Archive(), news(2)
    first.add("request", PAGE, b"GET / HTTP/1.1\r\n\r\n")
    first.exchange(PAGE, answer(BODY))
    paths = [first.save(tmp_path / "a.warc.gz"), second.save(tmp_path / "b.warc.gz")]
    reports: list[str] = []
    assert [capture.serial for capture in read_set(paths, reports)] == [1, 2, 3]


@pytest.mark.parametrize("compressed", [True, False])
def test_offset_and_length_cut_out_one_record(tmp_path: Path, compressed: bool) -> None:
    path = news(3, gzip=compressed).save(tmp_path / "a.warc")
    data = path.read_bytes()
    for capture in read(path):
        place = capture.durable()
        part = data[place.offset : place.offset + place.length]
        if compressed:
            decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
            part = decoder.decompress(part)
            assert decoder.eof and not decoder.unused_data
        assert part.startswith(b"WARC/1.1\r\n")
        assert part.endswith(capture.body + b"\r\n\r\n")
        assert part.count(b"WARC-Type") == 1


def test_compressed_and_plain_archives_give_the_same(tmp_path: Path) -> None:
    packed = read(news(gzip=True).save(tmp_path / "a.warc.gz"))
    plain = read(news(gzip=False).save(tmp_path / "a.warc"))
    assert [(capture.url, capture.head, capture.body) for capture in packed] == [
        (capture.url, capture.head, capture.body) for capture in plain
    ]


def test_a_file_in_the_home_folder_is_named_without_it(tmp_path: Path) -> None:
    path = news(1).save(tmp_path / "archive" / "a.warc.gz")
    for home, name in ((path.parent, "a.warc.gz"), (tmp_path, str(path))):
        with CaptureReader([path], silent, home=home) as reader:
            (capture,) = reader.read(path)
        place = capture.durable()
        assert place.warc == name
        assert read_record(home / place.warc, place.offset).body == capture.body


def test_an_answer_over_http_2_is_one(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("response", PAGE, b"HTTP/2 404\r\ncontent-type: text/html\r\n\r\ngone")
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.status, capture.body) == (404, b"gone")


@pytest.mark.parametrize("date", ["", "yesterday", "2021-13", "0001-01-01T00:00:00+23:00"])
def test_an_answer_without_a_date_is_skipped_and_reported(tmp_path: Path, date: str) -> None:
    archive = Archive()
    archive.add("response", PAGE, answer(BODY), WARC_Date=date)
    reports: list[str] = []
    assert read_set([archive.save(tmp_path / "a.warc.gz")], reports) == []
    assert len(reports) == 1


def test_a_record_without_digest_gets_one(tmp_path: Path) -> None:
    archive = Archive(gzip=False)
    archive.add("response", PAGE, answer(BODY))
    path = tmp_path / "a.warc"
    path.write_bytes(archive.data.replace(b"WARC-Payload-Digest", b"X-Payload-Digest"))
    (capture,) = read(path)
    assert capture.durable().payload_digest == sha1(BODY)
    assert read_record(path, 0).agrees is None


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        pytest.param(b"5\r\nThe f\r\n4;x=y\r\nerry\r\n0\r\nTrailer: 1\r\n\r\n", b"The ferry", id="chunked"),
        pytest.param(b"<p>The ferry</p>", b"<p>The ferry</p>", id="de-chunked already"),
        pytest.param(
            b"2021\nwas a year", b"2021\nwas a year", id="de-chunked, and like a chunk at first sight"
        ),
        pytest.param(b"5\r\nThe f\r\n40\r\nerry", b"The ferry", id="cut in a later chunk"),
    ],
)
def test_transfer_coding_is_removed(tmp_path: Path, stored: bytes, body: bytes) -> None:
    archive = Archive()
    archive.add("response", PAGE, answer(stored, "Transfer-Encoding: chunked"))
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert capture.body == body


def test_content_coding_stays(tmp_path: Path) -> None:
    packed = gzip.compress(BODY)
    archive = Archive()
    archive.add("response", PAGE, answer(packed, "Content-Encoding: gzip"))
    archive.add("response", PAGE, answer(b"\x0b\x02\x80", "Content-Encoding: br"))
    assert [capture.body for capture in read(archive.save(tmp_path / "a.warc.gz"))] == [
        packed,
        b"\x0b\x02\x80",
    ]


def test_a_record_as_ccnews_has_it_is_read(tmp_path: Path) -> None:
    # No request record, the body decoded, and what said otherwise kept under other names, or not.
    for fields in (
        ["X-Crawl-Content-Encoding: br", "X-Crawl-Transfer-Encoding: chunked", "X-Crawl-Content-Length: 9"],
        ["Content-Encoding: gzip", "Transfer-Encoding: chunked", "Content-Length: 9"],
    ):
        archive = Archive()
        archive.add("warcinfo", "", b"robots: checked\r\n", Content_Type="application/warc-fields")
        page = answer(BODY, "content-type: text/html; charset=utf-8", *fields)
        archive.add("response", PAGE, page, WARC_Identified_Payload_Type="text/html")
        (capture,) = read(archive.save(tmp_path / "CC-NEWS-20210128.warc.gz"))
        assert (capture.url, capture.method, capture.status, capture.body) == (PAGE, "GET", 200, BODY)
        assert capture.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("kind", "body", "said", "truncated"),
    [
        ("response", b"Orla", "LENGTH", "length"),
        ("response", b"Orla", "unspecified", "unspecified"),
        ("response", b"Orla\n", "time", None),  # by its content it is whole
        ("response", b"Orla", "", None),
        ("resource", b"Orla", "disconnect", "disconnect"),
    ],
)
def test_a_body_is_cut_if_its_record_says_so_and_its_content_does_not_deny_it(
    tmp_path: Path, kind: str, body: bytes, said: str, truncated: str | None
) -> None:
    archive = Archive()
    block = body if kind == "resource" else answer(body, "Content-Type: text/plain")
    archive.add(kind, PAGE, block, WARC_Truncated=said)
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.record_type, capture.truncated) == (kind, truncated)


def test_a_truncated_record_says_so(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("response", PAGE, answer(b"9\r\nThe", "Transfer-Encoding: chunked"), WARC_Truncated="time")
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.truncated, capture.body) == ("time", b"The")


def test_a_record_over_the_limit_comes_without_its_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(b"x" * 200_000, "Content-Type: text/html"))
    archive.exchange(f"{PAGE}/2", answer(BODY))
    monkeypatch.setattr(record_blocks, "MAX_BLOCK_BYTES", 100_000)
    large, small = read(archive.save(tmp_path / "a.warc.gz"))
    assert (large.truncated, large.body, large.headers) == ("length", b"", {"content-type": "text/html"})
    assert (small.truncated, small.body) == (None, BODY)


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    archive = Archive()
    for number in range(30):
        archive.exchange(f"{PAGE}/{number}", answer(bytes(1_000_000)))
    path = archive.save(tmp_path / "a.warc.gz")
    tracemalloc.start()
    count = sum(1 for _ in read_captures(path, silent))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 30
    assert peak < 12_000_000
