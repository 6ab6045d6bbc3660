"""Lists of the files of the news crawl, and what is kept of a piece of such a file."""

import gzip
from datetime import UTC, datetime

import pytest

from crawler.discovery import NotAListing
from crawler.fates import Fate
from crawler.items import Evidence, Link, RawPage, UrlKind
from crawler.past.cc_news import MOST_BYTES, Progress, read_paths
from crawler.past.publishers import Publisher, Publishers
from crawler.past.warc_pieces import NoWarc, Piece, filter_piece
from crawler.sources.source import Source
from crawler.spiders.warc_stream import after_piece, is_last_piece, range_of
from tests.support.foreign_records import record, warcinfo

PRESS = Publishers.of([Publisher.of(Source(id="tarn", name="Tarn", homepage="https://tarn.example/"))])
FOLDER = "crawl-data/CC-NEWS/2021/01/CC-NEWS-202101"
PAGE = b"<p>" + b"News of the ferry. " * 20


def raw(body: bytes) -> RawPage:
    evidence = Evidence(source="cc-news", period="2021-01-10/2021-01-20", read_to="0 0 0 4096")
    url = "https://cc.example/crawl-data/CC-NEWS/2021/01/warc.paths.gz"
    return RawPage(url, body, {}, datetime(2026, 11, 30, tzinfo=UTC), evidence)


def warc(*urls: str, status: str = "200 OK") -> bytes:
    """A file as the news crawl writes them: each record is a gzip member, a request follows its answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode()
    records = [warcinfo()]
    for number, url in enumerate(urls):
        its_id = f"<urn:uuid:00000000-0000-4000-9000-{number:012d}>"
        records.append(record("response", url, head + PAGE, WARC_Record_ID=its_id))
        asked = b"GET / HTTP/1.1\r\nHost: tarn.example\r\n\r\n"
        records.append(record("request", url, asked, WARC_Concurrent_To=its_id))
    return b"".join(map(gzip.compress, records))


def test_the_files_of_the_period_are_read_and_broken_lines_counted() -> None:
    days = ("05", "09", "15", "21", "25")
    lines = [f"{FOLDER}{day}120000-00001.warc.gz" for day in days]
    listing = read_paths(raw(gzip.compress("\n".join([*lines, "crawl-data/odd", ""]).encode())), PRESS)
    assert [link.url.partition(FOLDER)[2][:2] for link in listing.links] == ["09", "15", "21"]
    assert {link.kind for link in listing.links} == {UrlKind.WARC}
    assert listing.account.dropped == {"that are not of the period": 2, "that cannot be read": 1}


def test_what_is_no_list_of_files_is_refused() -> None:
    with pytest.raises(NotAListing):
        read_paths(raw(b"<html>Access denied</html>"), PRESS)


def test_of_a_file_what_is_of_the_publishers_is_kept_as_it_is_with_a_note() -> None:
    urls = ("https://other.example/a", "https://tarn.example/b", "https://other.example/c")
    body = warc(*urls)
    piece = filter_piece(raw(body), True, PRESS)
    assert (piece.read, piece.lost) == (len(body), 0)
    text = gzip.decompress(piece.kept)
    assert text.count(b"https://other.example") == 0
    assert text.count(PAGE) == 1
    assert b"source: tarn" in text
    assert b"origin: cc-news" in text
    assert b"read_to" not in text
    assert filter_piece(raw(body), True, PRESS) == piece, "what is read again is the same"


def test_pieces_of_any_size_give_what_the_whole_file_gives() -> None:
    body = warc(*(f"https://tarn.example/{number}" for number in range(8)), "https://other.example/")
    whole = filter_piece(raw(body), True, PRESS).kept
    for size in (900, 1500, 4000):
        kept, offset, step = b"", 0, size
        while offset < len(body):
            end = offset + step
            piece = filter_piece(raw(body[offset:end]), end >= len(body), PRESS)
            kept += piece.kept
            step = size if piece.read else 2 * step
            offset += piece.read
        assert kept == whole


def test_damage_and_a_cut_end_cost_what_is_in_them() -> None:
    first, second = warc("https://tarn.example/a"), warc("https://tarn.example/b", "https://tarn.example/c")
    body = first + b"\0garbage\0" * 9 + second[:-60]
    piece = filter_piece(raw(body), True, PRESS)
    text = gzip.decompress(piece.kept)
    assert [b"example/a" in text, b"example/b" in text] == [True, True]
    assert piece.read == len(body)
    assert piece.lost > 81


def test_answers_without_a_page_are_left() -> None:
    assert filter_piece(raw(warc("https://tarn.example/a", status="404 Not Found")), True, PRESS).kept == b""


@pytest.mark.parametrize("body", [b"<html>busy</html>", gzip.decompress(warc("https://tarn.example/a"))])
def test_what_is_no_compressed_warc_is_refused(body: bytes) -> None:
    with pytest.raises(NoWarc):
        filter_piece(raw(body), True, PRESS)


def link(read_to: str) -> Link:
    return Link("https://cc.example/a.warc.gz", UrlKind.WARC, Evidence(source="cc-news", read_to=read_to))


def test_a_file_goes_on_behind_what_was_read() -> None:
    progress = Progress.read("100 20 3 50")
    outcome = after_piece(link("100 20 3 50"), progress, Piece(b"kept", 40, 1))
    assert outcome.goes_on is not None
    assert outcome.goes_on.evidence.read_to == "140 24 4 50"
    assert range_of(outcome.goes_on)["Range"] == "bytes=140-189"


def test_a_record_that_is_longer_than_a_piece_is_asked_for_in_a_longer_one() -> None:
    outcome = after_piece(link(""), Progress(100, 0, 0, 50), Piece(b"", 0, 0))
    assert outcome.goes_on is not None
    assert range_of(outcome.goes_on)["Range"] == "bytes=100-199"
    given_up = after_piece(link(""), Progress(100, 0, 0, MOST_BYTES), Piece(b"", 0, 0))
    assert (given_up.fate, given_up.goes_on) == (Fate.TOO_LARGE, None)


@pytest.mark.parametrize(
    ("status", "content_range", "expected"),
    [
        (206, "bytes 100-149/1000", False),
        (206, "bytes 100-999/1000", True),
        (206, "bytes 0-49/1000", None),
        (206, "", None),
        (200, "", None),
        (416, "bytes */1000", None),
        (503, "", None),
    ],
)
def test_only_the_piece_that_was_asked_for_is_taken(
    status: int, content_range: str, expected: bool | None
) -> None:
    assert is_last_piece(status, {"content-range": content_range}, Progress(100, 0, 0, 50)) is expected


def test_a_small_file_may_come_whole() -> None:
    assert is_last_piece(200, {}, Progress()) is True


def test_damaged_progress_is_the_beginning() -> None:
    assert Progress.read("1 2 three 4") == Progress.read("") == Progress()
