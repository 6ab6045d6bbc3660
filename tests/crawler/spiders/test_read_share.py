"""How much of its archives a replay has read."""

from pathlib import Path

import pytest

from crawler.spiders.read_share import ReadShare


@pytest.mark.parametrize(
    ("sizes", "shares"),
    [
        ([100], [0.0]),
        ([100, 300], [0.0, 0.25]),
        ([100, 300, 600], [0.0, 0.1, 0.4]),
        ([0, 100, None, 100], [0.0, 0.0, 0.5, 0.5]),
        ([0, None], [0.0, 0.0]),
    ],
)
def test_each_archive_begins_where_those_before_it_end(
    tmp_path: Path, sizes: list[int | None], shares: list[float]
) -> None:
    share = ReadShare([archive(tmp_path, number, size) for number, size in enumerate(sizes)])
    assert [share.next_file() for _ in sizes] == pytest.approx(shares)


@pytest.mark.parametrize(("offset", "read"), [(0, 0.25), (150, 0.625), (300, 1.0), (10**9, 1.0)])
def test_no_offset_is_beyond_the_archive_that_is_read(tmp_path: Path, offset: int, read: float) -> None:
    share = ReadShare([archive(tmp_path, number, size) for number, size in enumerate((100, 300))])
    share.next_file()
    share.next_file()
    assert share.at(offset) == pytest.approx(read)


def archive(folder: Path, number: int, size: int | None) -> Path:
    """A file of so many bytes; without a size there is none."""
    path = folder / f"{number}.warc"
    if size is not None:
        path.write_bytes(bytes(size))
    return path
