"""Parts of a file, however it is cut, give what the whole file gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from gzip import compress
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.record_ranges import RangeReader, RecordRange, Stretch, cut, joined
from archive.warc.files import RecordFile
from archive.warc.reader import takes_offsets
from tests.support.warcs import Archive, answer

Told = tuple[int, str, tuple[str, ...], tuple[str, ...], int]


@dataclass
class Read:
    rows: list[Stretch]
    end: int
    error: str = ""


def told(stretch: Stretch) -> Told:
    url = stretch.exchange.url if stretch.exchange else ""
    return stretch.offset, url, tuple(stretch.reasons), tuple(stretch.damage), stretch.skipped_bytes


def read(file: RecordFile, part: RecordRange) -> Read:
    reader = RangeReader(file, part)
    rows: list[Stretch] = []
    error = ""
    try:
        rows.extend(reader)
    except ArchiveUnreadable as unreadable:
        error = str(unreadable)
    return Read(rows, reader.end, error)


def whole(file: RecordFile) -> list[Told]:
    return list(map(told, RangeReader(file, RecordRange(0, None, is_exact=True))))


def in_parts(file: RecordFile, most: int) -> list[Told]:
    return [told(row) for row in joined(cut(file.size, most), file.size, lambda part: read(file, part))]


def orla(*, gzip: bool) -> Archive:
    """Exchanges of three records and of one, notes between them, and a page that holds an archive itself."""
    inner = Archive(gzip=gzip)
    inner.exchange("https://inner.example/1", answer(b"nothing of Tolm"))
    archive = Archive(gzip=gzip)
    archive.add("warcinfo", "", b"software: x\r\n")
    for number in range(4):
        archive.exchange(
            f"https://orla.example/{number}", answer(b"ferry" * 20 * number), notes="kind: article"
        )
    archive.add("response", "https://orla.example/alone", answer(b"pier"))
    archive.add("conversion", "https://orla.example/text", b"pier")
    archive.exchange("https://orla.example/archive", answer(bytes(range(256)) + inner.data * 3))
    archive.exchange("https://orla.example/last", answer(b"mill"))
    return archive


@pytest.mark.parametrize("gzip", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("damage", [False, True], ids=["whole", "damaged"])
def test_parts_of_any_size_give_what_the_file_gives(tmp_path: Path, gzip: bool, damage: bool) -> None:
    archive = orla(gzip=gzip)
    path = archive.save(tmp_path / "orla.warc")
    if damage:
        data = bytearray(archive.data)
        data[archive.ends[5] + 20 : archive.ends[8] + 12] = b"\0" * (archive.ends[8] - archive.ends[5] - 8)
        path.write_bytes(data[:-30])
    file = RecordFile(path)
    expected = whole(file)
    assert any(row[3] for row in expected) == damage
    for most in (1, 97, 350, 700, 1500, file.size // 2, file.size):
        assert in_parts(file, most) == expected, f"parts of {most} bytes"


def test_a_file_that_gives_nothing_gives_nothing_in_parts(tmp_path: Path) -> None:
    (tmp_path / "noise.warc.gz").write_bytes(b"\x1f\x8b\x08" + b"noise" * 400)
    with pytest.raises(ArchiveUnreadable, match="noise"):
        in_parts(RecordFile(tmp_path / "noise.warc.gz"), 300)


def test_the_last_part_is_no_sliver() -> None:
    assert [(part.start, part.end, part.is_exact) for part in cut(1040, 500)] == [
        (0, 500, True),
        (500, None, False),
    ]
    assert [(part.start, part.end) for part in cut(1260, 500)] == [(0, 500), (500, 1000), (1000, None)]
    assert cut(10, 500) == [RecordRange(0, None, is_exact=True)]


def test_what_others_have_read_is_left_out(tmp_path: Path) -> None:
    """A record that is longer than a part leaves nothing to the next one."""
    archive = Archive(gzip=False)
    archive.exchange("https://orla.example/long", answer(b"ferry" * 1000))
    archive.exchange("https://orla.example/short", answer(b"pier"))
    file, left_out = RecordFile(archive.save(tmp_path / "orla.warc")), list[int]()
    parts = cut(file.size, 1000)

    def reading() -> Iterator[Stretch]:
        return joined(
            parts, file.size, lambda part: read(file, part), lambda part: left_out.append(part.start)
        )

    assert len(list(reading())) == 2
    assert left_out == [1000, 2000, 3000, 4000]


def test_only_what_is_read_from_any_record_on_is_cut(tmp_path: Path) -> None:
    assert takes_offsets(RecordFile(orla(gzip=True).save(tmp_path / "orla.warc.gz")))
    assert takes_offsets(RecordFile(orla(gzip=False).save(tmp_path / "orla.warc")))
    (tmp_path / "stream.warc.gz").write_bytes(compress(orla(gzip=False).data))
    assert not takes_offsets(RecordFile(tmp_path / "stream.warc.gz"))
