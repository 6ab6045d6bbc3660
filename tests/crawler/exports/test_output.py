"""A file has its name only when it is whole."""

import os
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exports.output import written


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_what_broke_off_leaves_the_earlier_file_and_nothing_else(
    failure: type[BaseException], tmp_path: Path
) -> None:
    file = tmp_path / "out.csv"
    file.write_bytes(b"earlier")
    with pytest.raises(failure), written(file) as out:
        out.write(b"half")
        raise failure
    assert file.read_bytes() == b"earlier"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_whole_file_replaces_the_earlier_one_also_behind_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "out.csv", tmp_path / "latest.csv"
    file.write_bytes(b"earlier")
    link.symlink_to(file)
    with written(link) as out:
        out.write(b"whole")
    assert file.read_bytes() == b"whole"
    assert link.is_symlink()
    assert not (tmp_path / "out.csv.part").exists()


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with written(pipe) as out:
        out.write(b"line")
    assert os.read(reader, 10) == b"line"
    os.close(reader)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="Is a directory"), written(tmp_path):
        pytest.fail("nothing could be written")
