"""Archives of ours and of other tools give their records, whole or damaged."""

import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.stored_records import read_record
from tests.support.captures import BODY, PAGE, read, read_captures
from tests.support.warcs import Archive, answer, news, wacz


@pytest.mark.parametrize("compressed", [True, False])
def test_of_a_cut_archive_all_whole_records_are_read(tmp_path: Path, compressed: bool) -> None:
    archive = news(3, gzip=compressed)
    whole = read(archive.save(tmp_path / "whole.warc"))
    ends = [place.offset + place.length for place in (capture.durable() for capture in whole)]
    path = tmp_path / "cut.warc"
    for size in range(archive.ends[2], len(archive.data), 23):
        path.write_bytes(archive.data[:size])
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
    path.write_bytes(archive.data[:cut] + garbage + archive.data[cut:])
    captures = list(read_captures(path, lambda _: None))
    assert [capture.url[-1] for capture in captures] == ["0", "1", "2"]
    for capture in captures:
        place = capture.durable()
        assert read_record(path, place.offset).body == capture.body


@pytest.mark.parametrize("compressed", [True, False])
def test_a_damaged_record_costs_only_itself(tmp_path: Path, compressed: bool) -> None:
    archive = news(4, gzip=compressed)
    data = bytearray(archive.data)
    damaged = archive.ends[3]
    end = archive.ends[4] - 20
    data[damaged + 20 : end] = bytes(end - damaged - 20)
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    reports: list[str] = []
    assert [capture.url[-1] for capture in read_captures(path, reports.append)] == ["0", "2", "3"]
    (report,) = reports
    assert f"damaged from byte {damaged} to {archive.ends[4]}" in report


def test_a_wrong_checksum_is_damage(tmp_path: Path) -> None:
    archive = news(2)
    data = bytearray(archive.data)
    data[archive.ends[2] - 6] ^= 0xFF
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    reports: list[str] = []
    assert [capture.url[-1] for capture in read_captures(path, reports.append)] == ["1"]


UNREADABLE = {
    "long.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000),
    "endless.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999999999999999999\r\n\r\nx",
    "empty.warc.gz": b"",
    "page.warc": b"<!doctype html><p>Not an archive</p>" * 100,
    "cut.warc.gz": news(1).data[:50],
    "bad.arc": b"filedesc://bad.arc\n1 0 Example\nURL\n\n",
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


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_is_read_member_by_member(tmp_path: Path, compression: int) -> None:
    one, two = news(1), Archive(gzip=False)
    two.exchange(PAGE, answer(BODY))
    members = [("two.warc", two.data), ("one.warc.gz", one.data), ("notes.txt", b"no")]
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
    path = wacz(tmp_path / "a.wacz", [("a.warc.gz", archive.data)], zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    data[-100_000] ^= 0xFF
    path.write_bytes(data)
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
