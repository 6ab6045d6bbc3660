"""Blocks are read to their end, and kept whole up to a size."""

from io import BytesIO

import pytest

from archive.warc import record_blocks
from archive.warc.byte_ranges import Window, read_range
from archive.warc.record_blocks import read_block

DATA = bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_blocks, "MAX_BLOCK_BYTES", 100)
    monkeypatch.setattr(record_blocks, "CHUNK_BYTES", 7)
    monkeypatch.setattr(record_blocks, "_BEGINNING_BYTES", 20)


@pytest.mark.parametrize(
    ("length", "kept", "read", "is_whole"),
    [
        (0, 0, 0, True),
        (7, 7, 7, True),
        (100, 100, 100, True),
        (101, 21, 101, False),
        (1024, 21, 1024, False),
        (2000, 21, 1024, False),
    ],
)
def test_a_block_is_read_to_its_end(length: int, kept: int, read: int, is_whole: bool) -> None:
    stream = BytesIO(DATA)
    assert read_block(stream.read, length) == (DATA[:kept], read, is_whole)
    assert stream.tell() == read


@pytest.mark.parametrize(("start", "size"), [(0, None), (5, None), (0, 10), (5, 0), (1000, 100), (2000, 5)])
def test_a_range_has_its_bytes(start: int, size: int | None) -> None:
    end = None if size is None else start + size
    assert b"".join(read_range(BytesIO(DATA), start, size)) == DATA[start:end]


def test_a_window_is_a_file_of_its_own() -> None:
    file = BytesIO(DATA)
    window = Window(file, 100, 50)
    assert window.read(10) == DATA[100:110]
    file.seek(0)  # read elsewhere meanwhile
    assert window.read() == DATA[110:150]
    assert window.read(1) == b""
    assert (window.seek(-5, 2), window.read(9)) == (45, DATA[145:150])
    window.seek(3)
    assert (window.seek(4, 1), window.read(2)) == (7, DATA[107:109])
    window.seek(60)
    assert window.read(5) == b""
