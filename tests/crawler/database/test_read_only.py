"""A catalogue in a folder that cannot be written is read, and nothing is made beside it."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.database import read_only
from tests.support.catalogues import articles
from tests.support.commands import call

READING = [
    ("export",),
    ("review", "list"),
    ("prune",),
    ("restore",),
    ("explain", "URL"),
    ("trace", "FILE"),
]


@pytest.fixture
def copy(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory that says of itself that it cannot be written: root may write anywhere."""
    monkeypatch.setattr("crawler.database.read_only.os.access", lambda _path, mode: mode != os.W_OK)
    for file in data.glob("catalogue.sqlite-*"):
        file.unlink()
    return data


def files(data: Path) -> dict[str, int]:
    return {str(file): file.stat().st_mtime_ns for file in data.rglob("*") if file.name != "run.lock"}


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_command_that_reads_works_and_leaves_no_trace(command: tuple[str, ...], copy: Path) -> None:
    row = articles(copy)[0]
    given = {"URL": row.url, "FILE": str(copy / "corpus" / str(row.file))}
    before = files(copy)
    assert call(*(given.get(each, each) for each in command), DATA_DIR=str(copy)) == 0
    assert {name for name in files(copy) if not name.startswith(str(copy / ".rederived"))} == set(before)


def test_what_the_last_writer_left_in_its_log_is_read_too(data: Path, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as writing:
        writing.execute("pragma journal_mode=wal")
        writing.execute("pragma wal_autocheckpoint=0")
        with writing:
            writing.execute("update article set title = 'only in the log'")
        for file in data.glob("catalogue.sqlite*"):
            shutil.copy(file, left)
    assert (left / "catalogue.sqlite-wal").stat().st_size
    before = files(left)
    engine = read_only.open_to_read(left / "catalogue.sqlite")
    with engine.connect() as connection:
        titles = connection.exec_driver_sql("select distinct title from article").scalars().all()
    engine.dispose()
    assert titles == ["only in the log"]
    assert files(left) == before


def test_nothing_can_be_written_to_it(data: Path) -> None:
    engine = read_only.open_to_read(data / "catalogue.sqlite")
    with engine.connect() as connection, pytest.raises(Exception, match="readonly database"):
        connection.exec_driver_sql("delete from article")
    engine.dispose()


@pytest.mark.parametrize("closed", ["file", "folder", "both", "neither"])
def test_a_file_is_read_only_if_it_or_its_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    file = tmp_path / "catalogue.sqlite"
    refused = {"file": {file}, "folder": {tmp_path}, "both": {file, tmp_path}, "neither": set[Path]()}[closed]
    monkeypatch.setattr("crawler.database.read_only.os.access", lambda path, _mode: path not in refused)
    assert not read_only.is_read_only(file)  # one that is not there is made
    file.touch()
    assert read_only.is_read_only(file) is (closed != "neither")


@pytest.mark.parametrize("log", [None, b""])
def test_without_a_log_the_file_itself_is_read(tmp_path: Path, log: bytes | None) -> None:
    file = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as writing:
        writing.execute("create table a (b)")
    if log is not None:
        (tmp_path / "catalogue.sqlite-wal").write_bytes(log)
    engine = read_only.open_to_read(file)
    assert engine.url.database == str(file)
    engine.dispose()
