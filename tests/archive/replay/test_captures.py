"""Archives of ours and of other tools give their captures, whole or damaged."""

import gzip
import tracemalloc
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.captures import ArchivedCapture, CaptureReader, read_captures, read_record
from archive.replay.input_paths import expand_paths
from archive.warc import record_blocks
from tests.support.warcs import DATE, Archive, answer, news, sha1, wacz

PAGE = "https://orla.example/bridge"
BODY = b"<p>The ferry at Tolm runs again.</p>"


def silent(message: str) -> None:
    raise AssertionError(f"nothing was to be reported, but: {message}")


def read(path: Path) -> list[ArchivedCapture]:
    return list(read_captures(path, silent))


def read_set(paths: list[Path], reports: list[str]) -> list[ArchivedCapture]:
    with CaptureReader(paths, reports.append) as reader:
        return [capture for path in paths for capture in reader.read(path)]


# What a capture says


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


def test_what_is_no_http_answer_is_passed_over(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("resource", "urn:example:screenshot", b"PNG")
    archive.add("response", "dns:orla.example", b"192.0.2.7", Content_Type="text/dns")
    archive.add("request", PAGE, b"GET / HTTP/1.1\r\n\r\n")
    archive.add("conversion", PAGE, b"text")
    archive.add("response", f"{PAGE}/odd", b"HTTPX/1.1 200 OK\r\n\r\nno")
    archive.add("resource", f"{PAGE}.txt", b"as a file")
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.record_type, capture.status, capture.body) == ("resource", 200, b"as a file")
    assert capture.headers["content-type"] == "text/plain"


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
    octets = path.read_bytes()
    for capture in read(path):
        place = capture.durable()
        part = octets[place.offset : place.offset + place.length]
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


@pytest.mark.parametrize("date", ["", "yesterday", "2021-01", "0001-01-01T00:00:00+23:00"])
def test_an_answer_without_a_date_is_skipped_and_told(tmp_path: Path, date: str) -> None:
    archive = Archive()
    archive.add("response", PAGE, answer(BODY), WARC_Date=date)
    reports: list[str] = []
    assert read_set([archive.save(tmp_path / "a.warc.gz")], reports) == []
    assert len(reports) == 1


def test_a_record_without_digest_gets_one(tmp_path: Path) -> None:
    archive = Archive(gzip=False)
    archive.add("response", PAGE, answer(BODY))
    path = tmp_path / "a.warc"
    path.write_bytes(archive.octets.replace(b"WARC-Payload-Digest", b"X-Payload-Digest"))
    (capture,) = read(path)
    assert capture.durable().payload_digest == sha1(BODY)
    assert read_record(path, 0).agrees is None


# Bodies


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


# Revisit records


def test_a_revisit_has_the_payload_of_the_record_it_names(tmp_path: Path) -> None:
    first, second = Archive(), Archive()
    digest = sha1(BODY)
    record_id = first.exchange(PAGE, answer(BODY, "X-Time: 1"), WARC_Payload_Digest=digest)
    head = answer(b"", "X-Time: 2")
    common = {"WARC_Payload_Digest": digest, "WARC_Truncated": "length"}
    second.add("revisit", f"{PAGE}/by-id", head, WARC_Refers_To=record_id, **common)
    second.add(
        "revisit",
        f"{PAGE}/by-date",
        head,
        WARC_Refers_To_Target_URI=PAGE,
        WARC_Refers_To_Date=DATE,
        **common,
    )
    second.add("revisit", f"{PAGE}/by-digest", b"", **common)
    # The archive that has the payload may come later in the set.
    paths = [second.save(tmp_path / "a.warc.gz"), first.save(tmp_path / "b.warc.gz")]
    reports: list[str] = []
    by_id, by_date, by_digest, original = read_set(paths, reports)
    for capture in (by_id, by_date, by_digest):
        assert (capture.body, capture.truncated, capture.record_type) == (BODY, None, "revisit")
        assert capture.durable().warc == str(paths[0])
    assert by_id.headers["x-time"] == by_date.headers["x-time"] == "2"
    assert by_digest.headers["x-time"] == "1"
    assert (original.record_type, reports) == ("response", [])


def test_a_revisit_without_its_original_is_skipped_and_told(tmp_path: Path) -> None:
    archive = news(1)
    archive.add("revisit", PAGE, answer(b""), WARC_Payload_Digest=sha1(b"elsewhere"))
    path = archive.save(tmp_path / "a.warc.gz")
    reports: list[str] = []
    assert [capture.url for capture in read_set([path], reports)] == ["https://orla.example/0"]
    assert len(reports) == 1
    assert f"{path}: skipped 1 answers" in reports[0]


def test_a_revisit_does_not_take_another_payload(tmp_path: Path) -> None:
    archive = Archive()
    record_id = archive.exchange(PAGE, answer(BODY), WARC_Payload_Digest=sha1(BODY))
    archive.add("revisit", PAGE, answer(b""), WARC_Refers_To=record_id, WARC_Payload_Digest=sha1(b"other"))
    reports: list[str] = []
    assert len(read_set([archive.save(tmp_path / "a.warc.gz")], reports)) == 1
    assert len(reports) == 1


def test_a_304_needs_no_original(tmp_path: Path) -> None:
    archive = Archive()
    archive.add("revisit", PAGE, answer(b"", status="304 Not Modified"), WARC_Refers_To="<urn:example:gone>")
    (capture,) = read(archive.save(tmp_path / "a.warc.gz"))
    assert (capture.status, capture.body) == (304, b"")


# Damage


@pytest.mark.parametrize("compressed", [True, False])
def test_of_a_cut_archive_all_whole_records_are_read(tmp_path: Path, compressed: bool) -> None:
    archive = news(3, gzip=compressed)
    whole = read(archive.save(tmp_path / "whole.warc"))
    ends = [place.offset + place.length for place in (capture.durable() for capture in whole)]
    path = tmp_path / "cut.warc"
    for size in range(archive.ends[2], len(archive.octets), 23):
        path.write_bytes(archive.octets[:size])
        reports: list[str] = []
        urls = [capture.url for capture in read_captures(path, reports.append)]
        # The empty lines that close a plain record may be missing.
        allowance = 0 if compressed else 4
        assert urls == [
            capture.url for capture, end in zip(whole, ends, strict=True) if end - allowance <= size
        ], f"cut at {size}"
        at_an_end = any(end - allowance <= size <= end for end in archive.ends)
        assert len(reports) == (0 if at_an_end else 1), f"cut at {size}: {reports}"


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("garbage", [b"garbage\r\n" * 30, bytes(512), b"\x1f\x8b\x08\x00 WARC/ \r\n"])
def test_garbage_between_records_loses_nothing(tmp_path: Path, compressed: bool, garbage: bytes) -> None:
    archive = news(3, gzip=compressed)
    cut = archive.ends[3]
    path = tmp_path / "a.warc"
    path.write_bytes(archive.octets[:cut] + garbage + archive.octets[cut:])
    captures = list(read_captures(path, lambda _: None))
    assert [capture.url[-1] for capture in captures] == ["0", "1", "2"]
    for capture in captures:
        place = capture.durable()
        assert read_record(path, place.offset).body == capture.body


@pytest.mark.parametrize("compressed", [True, False])
def test_a_damaged_record_costs_only_itself(tmp_path: Path, compressed: bool) -> None:
    archive = news(4, gzip=compressed)
    octets = bytearray(archive.octets)
    damaged = archive.ends[3]
    end = archive.ends[4] - 20
    octets[damaged + 20 : end] = bytes(end - damaged - 20)
    path = tmp_path / "a.warc"
    path.write_bytes(octets)
    reports: list[str] = []
    assert [capture.url[-1] for capture in read_captures(path, reports.append)] == ["0", "2", "3"]
    (report,) = reports
    assert f"damaged from octet {damaged} to {archive.ends[4]}" in report


def test_a_wrong_checksum_is_damage(tmp_path: Path) -> None:
    archive = news(2)
    octets = bytearray(archive.octets)
    octets[archive.ends[2] - 6] ^= 0xFF
    path = tmp_path / "a.warc.gz"
    path.write_bytes(octets)
    reports: list[str] = []
    assert [capture.url[-1] for capture in read_captures(path, reports.append)] == ["1"]


UNREADABLE = {
    "long.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000),
    "endless.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999999999\r\n\r\nx",
    "empty.warc.gz": b"",
    "page.warc": b"<!doctype html><p>Not an archive</p>" * 100,
    "cut.warc.gz": news(1).octets[:50],
    "stream.warc.gz": gzip.compress(news(2, gzip=False).octets),
    "bad.arc": b"filedesc://bad.arc 192.0.2.7 20210128100000 text/plain -1\n1 0 Example\nURL\n\n",
    "text.wacz": b"not a zip file",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_archive_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(UNREADABLE[name])
    with pytest.raises(ArchiveUnreadable) as refusal:
        read(path)
    message = str(refusal.value)
    assert str(path) in message
    assert message.endswith(".") and "\n" not in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match="No such file"):
        read(tmp_path / "gone.warc.gz")


# WACZ and ARC


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_is_read_member_by_member(tmp_path: Path, compression: int) -> None:
    one, two = news(1), Archive(gzip=False)
    two.exchange(PAGE, answer(BODY))
    members = [("two.warc", two.octets), ("one.warc.gz", one.octets), ("notes.txt", b"no")]
    path = wacz(tmp_path / "a.wacz", members, compression)
    captures = read(path)
    places = [capture.durable() for capture in captures]
    assert [place.warc for place in places] == [f"{path}!archive/one.warc.gz", f"{path}!archive/two.warc"]
    for capture, place in zip(captures, places, strict=True):
        assert read_record(Path(place.warc), place.offset).body == capture.body


def test_a_wacz_without_records_is_refused(tmp_path: Path) -> None:
    path = wacz(tmp_path / "a.wacz", [("readme.txt", b"nothing")])
    with pytest.raises(ArchiveUnreadable, match="no WARC in its archive/ folder"):
        read(path)


def test_a_damaged_wacz_member_gives_what_is_whole(tmp_path: Path) -> None:
    archive = Archive()
    for number in range(4):
        archive.exchange(f"{PAGE}/{number}", answer(Random(number).randbytes(200_000)))
    path = wacz(tmp_path / "a.wacz", [("a.warc.gz", archive.octets)], zipfile.ZIP_DEFLATED)
    octets = bytearray(path.read_bytes())
    octets[-100_000] ^= 0xFF
    path.write_bytes(octets)
    reports: list[str] = []
    assert [capture.url[-1] for capture in read_captures(path, reports.append)] == ["0", "1", "2"]
    assert len(reports) == 1


@pytest.mark.parametrize("compressed", [True, False])
def test_an_arc_file_is_read(tmp_path: Path, compressed: bool) -> None:
    pages = [answer(BODY, "Content-Type: text/html"), answer(b"second")]
    names = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n\n"
    records = [b"filedesc://a.arc 0.0.0.0 20210128100000 text/plain %d\n%s\n" % (len(names), names)]
    for number, page in enumerate(pages):
        line = f"{PAGE}/{number} 192.0.2.7 20210128100000 text/html {len(page)}\n"
        records.append(line.encode() + page + b"\n")
    path = tmp_path / "a.arc"
    path.write_bytes(b"".join(map(gzip.compress, records) if compressed else records))
    captures = read(path)
    assert [capture.body for capture in captures] == [BODY, b"second"]
    assert captures[0].captured == datetime(2021, 1, 28, 10, tzinfo=UTC)
    for capture in captures:
        assert read_record(path, capture.durable().offset).body == capture.body


def test_of_a_cut_arc_file_the_whole_records_are_read(tmp_path: Path) -> None:
    page = answer(BODY)
    line = f"{PAGE} 192.0.2.7 20210128100000 text/html {len(page)}\n".encode()
    head = b"filedesc://a.arc 0.0.0.0 20210128100000 text/plain 16\n1 0 Example\nURL\n\n"
    path = tmp_path / "a.arc"
    path.write_bytes(head + line + page + b"\n" + line + page[:-9])
    reports: list[str] = []
    assert [capture.url for capture in read_captures(path, reports.append)] == [PAGE]
    assert len(reports) == 1


# One record


def test_a_record_agrees_with_its_digest_until_it_is_changed(tmp_path: Path) -> None:
    archive = Archive(gzip=False)
    archive.exchange(PAGE, answer(BODY), WARC_Payload_Digest=sha1(BODY))
    path = archive.save(tmp_path / "a.warc")
    place = read(path)[0].durable()
    record = read_record(path, place.offset)
    assert (record.head, record.body, record.agrees) == (answer(b""), BODY, True)
    assert record.payload_digest == place.payload_digest
    assert ("warc-target-uri", PAGE) in record.headers
    path.write_bytes(path.read_bytes().replace(b"ferry", b"Ferry"))
    changed = read_record(path, place.offset)
    assert changed.agrees is False
    assert changed.payload_digest != place.payload_digest


def test_a_digest_over_chunk_lines_agrees_too(tmp_path: Path) -> None:
    chunked = b"5\r\nferry\r\n0\r\n\r\n"
    archive = Archive()
    for payload in (chunked, b"ferry"):
        archive.add(
            "response", PAGE, answer(chunked, "Transfer-Encoding: chunked"), WARC_Payload_Digest=sha1(payload)
        )
    path = archive.save(tmp_path / "a.warc.gz")
    assert [read_record(path, offset).agrees for offset in archive.ends[:2]] == [True, True]


def test_a_record_that_is_not_at_its_place_is_refused(tmp_path: Path) -> None:
    archive = news(2)
    path = archive.save(tmp_path / "a.warc.gz")
    with pytest.raises(ArchiveUnreadable, match="no record at octet 7"):
        read_record(path, 7)


# Paths


def test_a_folder_stands_for_all_archives_in_it(tmp_path: Path) -> None:
    names = ["b.warc.gz", "a.warc", "deep/c.wacz", "deep/d.arc.gz"]
    for name in [*names, "e.warc.gz.open", ".hidden.warc.gz", ".git/f.warc.gz", "deep/index.cdxj"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert expand_paths(str(tmp_path)) == sorted(tmp_path / name for name in names)


def test_a_pattern_or_a_file_stands_for_what_it_names(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a[1].warc.gz", "b.warc.gz", "c.txt")]
    for path in paths:
        path.touch()
    assert expand_paths(str(tmp_path / "b.*")) == [paths[1]]
    assert expand_paths(str(tmp_path / "*")) == paths[:2]
    assert expand_paths(str(paths[0])) == [paths[0]]


@pytest.mark.parametrize("pattern", ["", "*.warc", "gone.warc.gz"])
def test_nothing_to_read_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ArchiveUnreadable, match="No archive at"):
        expand_paths(str(tmp_path / pattern))


def test_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match=r"https://orla.example/a.warc.gz is an address.*download it"):
        expand_paths("https://orla.example/a.warc.gz")


def test_what_is_being_written_is_refused(tmp_path: Path) -> None:
    path = news(1).save(tmp_path / "a.warc.gz.open")
    with pytest.raises(ArchiveUnreadable, match="still being written"):
        expand_paths(str(path))


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", deny)
    with pytest.raises(ArchiveUnreadable, match="Permission denied"):
        expand_paths(str(tmp_path))
