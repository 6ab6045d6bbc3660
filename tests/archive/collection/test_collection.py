import os
import shutil
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from tests.support.logs import make_log
from tests.support.warc_records import read_collection, read_warc


def collection(folder: Path, max_file_bytes: int = 10**9) -> Collection:
    return Collection(folder, "news", {"software": "test"}, max_file_bytes)


def left_open(folder: Path, exchanges: int = 3) -> Path:
    """What a killed run leaves of some exchanges."""
    killed = collection(folder)
    for number in range(exchanges):
        killed.write(make_log(f"http://news.example/{number}"), {"how": "feed"})
    killed.abandon()
    (path,) = (folder / "archive").iterdir()
    return path


def test_a_file_begins_with_a_warcinfo_that_names_it(tmp_path: Path) -> None:
    writing = collection(tmp_path)
    place = writing.write(make_log(), {})
    writing.finish_file()

    (path,) = (tmp_path / "archive").iterdir()
    info, response, *_ = read_warc(path)
    assert place.warc == path.name == info.get("WARC-Filename")
    assert info.notes == {"software": "test"}
    assert response.get("WARC-Date") == "2021-01-28T09:00:00.123456Z"


def test_file_names_sort_by_time_and_tell_nothing_of_the_machine(tmp_path: Path) -> None:
    writing = collection(tmp_path)
    for _ in range(3):
        writing.write(make_log(), {})
        writing.finish_file()

    names = sorted(path.name for path in (tmp_path / "archive").iterdir())
    assert [name.split("-")[2] for name in names] == ["00000", "00001", "00002"]
    assert all(len(name.split("-")) == 4 and name.startswith("news-") for name in names)
    assert os.uname().nodename not in "".join(names)


def test_a_file_is_full_when_it_reached_its_size(tmp_path: Path) -> None:
    writing = collection(tmp_path, max_file_bytes=2000)
    full = []
    for _ in range(3):
        writing.write(make_log(), {})
        full.append(writing.is_file_full)
    writing.abandon()

    assert full == [False, True, True]


@pytest.mark.parametrize(("more", "is_full"), [(-1, True), (0, True), (1, False)])
def test_a_file_of_just_its_size_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_full: bool
) -> None:
    writing = collection(tmp_path)
    writing.write(make_log(), {})
    (path,) = (tmp_path / "archive").iterdir()
    monkeypatch.setattr(writing, "_max_file_bytes", path.stat().st_size + more)
    assert writing.is_file_full is is_full
    writing.abandon()


def test_without_exchanges_there_is_no_file(tmp_path: Path) -> None:
    writing = collection(tmp_path)
    writing.recover()
    writing.finish_file()

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lost", [0, 1, 200, 450, 900, 1400])
def test_a_killed_run_is_recovered_up_to_its_last_whole_record(tmp_path: Path, lost: int) -> None:
    path = left_open(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "whole")
    collection(tmp_path / "whole").recover()
    whole = read_collection(tmp_path / "whole")
    size = path.stat().st_size - lost
    os.truncate(path, size)

    assert collection(tmp_path / "a").recover() == [path.name.removesuffix(".open")]

    kept = read_collection(tmp_path / "a")
    assert kept == [record for record in whole if record.offset + record.length <= size]
    requests = {record.get("WARC-Target-URI") for record in kept if record.type == "request"}
    lines = (tmp_path / "a" / "indexes" / "index.cdxj").read_text().splitlines()
    assert len(lines) == len(requests)
    assert not list(tmp_path.rglob("*.open"))


def test_recovery_writes_the_index_that_a_finished_run_writes(tmp_path: Path) -> None:
    writing = collection(tmp_path / "finished")
    logs = [make_log("http://news.example/b"), make_log("http://news.example/a", method="HEAD", body=b"")]
    logs += [
        make_log("http://news.example/a", content_type=None),
        make_log("http://news.example/c", method="POST"),
    ]
    for log in logs:
        writing.write(log, {})
    shutil.copytree(tmp_path / "finished", tmp_path / "killed")
    writing.finish_file()
    (copy,) = (tmp_path / "killed" / "archive").iterdir()

    collection(tmp_path / "killed").recover()

    index = (tmp_path / "finished" / "indexes" / "index.cdxj").read_bytes()
    assert index.count(b"\n") == 2
    assert (tmp_path / "killed" / "indexes" / "index.cdxj").read_bytes() == index
    assert not copy.exists()


def test_a_file_that_was_indexed_but_not_yet_renamed_is_not_indexed_twice(tmp_path: Path) -> None:
    path = left_open(tmp_path)
    collection(tmp_path).recover()
    index = (tmp_path / "indexes" / "index.cdxj").read_bytes()
    path.with_name(path.name.removesuffix(".open")).rename(path)

    collection(tmp_path).recover()

    assert (tmp_path / "indexes" / "index.cdxj").read_bytes() == index
