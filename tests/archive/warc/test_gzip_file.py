import gzip
import os
import resource
from hashlib import sha256
from pathlib import Path

import pytest

from archive.warc.closed_file import ClosedWarc
from archive.warc.gzip_file import LeftOver, WarcFile, compress, whole_members_size

RECORDS = [b"first record " * 50, os.urandom(40_000), b"third"]


def write_open(folder: Path) -> tuple[Path, list[int]]:
    """A file as a killed writer leaves it, and where its members end."""
    file = WarcFile(folder, "t.warc.gz")
    ends = [sum(file.append(record)) for record in RECORDS]
    file.abandon()
    return file.path, ends


def test_each_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    file = WarcFile(tmp_path, "t.warc.gz")
    places = [file.append(record) for record in RECORDS]
    file.sync()
    file.close()

    data = (tmp_path / "t.warc.gz").read_bytes()
    assert [gzip.decompress(data[offset : offset + length]) for offset, length in places] == RECORDS
    assert sum(length for _, length in places) == len(data)


def test_a_file_describes_what_it_has_of_itself(tmp_path: Path) -> None:
    file = WarcFile(tmp_path, "t.warc.gz")
    file.append(RECORDS[0], "2021-01-29T09:00:00Z")
    file.append_member([compress(RECORDS[1])], "2021-01-28T09:00:00Z")
    file.append(RECORDS[2])
    described = file.describe()
    file.sync()
    file.close()
    data = (tmp_path / "t.warc.gz").read_bytes()
    dates = ("2021-01-28T09:00:00Z", "2021-01-29T09:00:00Z")
    assert described == ClosedWarc("t.warc.gz", len(data), sha256(data).hexdigest(), 3, *dates)
    assert gzip.decompress(data) == b"".join(RECORDS)


def test_the_name_says_open_until_the_file_is_closed(tmp_path: Path) -> None:
    file = WarcFile(tmp_path, "t.warc.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["t.warc.gz.open"]

    file.close()
    assert [path.name for path in tmp_path.iterdir()] == ["t.warc.gz"]


@pytest.mark.parametrize("lost", [0, 1, 3, 8, 20, 30_000])
def test_a_cut_file_keeps_its_whole_members(tmp_path: Path, lost: int) -> None:
    path, ends = write_open(tmp_path)
    size = path.stat().st_size - lost
    os.truncate(path, size)

    left_over = LeftOver.take(path)
    assert left_over is not None
    assert left_over.cut() == max(end for end in [0, *ends] if end <= size)
    left_over.close()
    kept = gzip.decompress((tmp_path / "t.warc.gz").read_bytes())
    assert b"".join(RECORDS).startswith(kept)


def test_every_cut_inside_a_member_is_found(tmp_path: Path) -> None:
    path, ends = write_open(tmp_path)
    data = path.read_bytes()

    for size in [*range(ends[0] + 2), *range(ends[1] - 2, ends[2] + 1)]:
        path.write_bytes(data[:size])
        assert size_of_whole_members(path) == max(end for end in [0, *ends] if end <= size)


def test_bytes_that_are_no_gzip_are_cut_off(tmp_path: Path) -> None:
    path, ends = write_open(tmp_path)
    with path.open("ab") as file:
        file.write(bytes(100))

    assert size_of_whole_members(path) == ends[-1]


def test_a_file_without_a_whole_record_is_removed(tmp_path: Path) -> None:
    path, _ = write_open(tmp_path)
    os.truncate(path, 9)

    left_over = LeftOver.take(path)
    assert left_over is not None
    assert left_over.cut() == 0
    left_over.close()
    assert not list(tmp_path.iterdir())


def size_of_whole_members(path: Path) -> int:
    with path.open("rb") as file:
        return whole_members_size(file)


def test_what_is_being_recovered_is_not_taken_by_another_process(tmp_path: Path) -> None:
    WarcFile(tmp_path, "t.warc.gz").abandon()
    left_over = LeftOver.take(tmp_path / "t.warc.gz.open")
    assert left_over is not None
    left_over.cut()
    other = os.fork()
    if other == 0:
        os._exit(LeftOver.take(tmp_path / "t.warc.gz.open") is not None)
    assert os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]) == 0
    left_over.discard()


def test_a_file_that_another_process_writes_is_no_left_over(tmp_path: Path) -> None:
    ready_read, ready_write = os.pipe()
    done_read, done_write = os.pipe()
    child = os.fork()
    if child == 0:
        WarcFile(tmp_path, "t.warc.gz")
        os.write(ready_write, b"x")
        os.read(done_read, 1)
        os._exit(0)
    try:
        os.read(ready_read, 1)
        assert LeftOver.take(tmp_path / "t.warc.gz.open") is None
    finally:
        os.write(done_write, b"x")
        os.waitpid(child, 0)
        for handle in (ready_read, ready_write, done_read, done_write):
            os.close(handle)
    left_over = LeftOver.take(tmp_path / "t.warc.gz.open")
    assert left_over is not None
    left_over.close()


def test_a_failed_write_names_the_file(tmp_path: Path) -> None:
    file = WarcFile(tmp_path, "t.warc.gz")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match=r"t\.warc\.gz\.open"):
            file.append(os.urandom(20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        file.abandon()
