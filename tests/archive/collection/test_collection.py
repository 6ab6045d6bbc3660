import errno
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from archive.errors import KeyRefused
from archive.evidence.manifest import Manifest
from archive.warc.gzip_file import WarcFile
from tests.support.logs import make_log
from tests.support.warc_records import read_collection, read_warc
from tests.support.warcs import news


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


def test_several_killed_runs_are_recovered_in_the_order_of_their_names(tmp_path: Path) -> None:
    path = left_open(tmp_path)
    day = "news-20210128090000000-00000"
    for mark in ("c", "a", "b", "d"):
        shutil.copy(path, path.with_name(f"{day}-{mark * 8}.warc.gz.open"))
    path.unlink()

    assert collection(tmp_path).recover() == [f"{day}-{mark * 8}.warc.gz" for mark in "abcd"]


def test_recovery_finishes_a_merge_of_the_index(tmp_path: Path) -> None:
    indexes = tmp_path / "indexes"
    indexes.mkdir()
    for name in ("index-1.cdxj", "index.cdxj"):
        (indexes / name).write_bytes(b"example,news)/ 20210128090000 {}\n")
    journal = {"staged": "index.cdxj.tmp", "target": "index.cdxj", "absorbed": ["index-1.cdxj"]}
    (indexes / "merging.json").write_text(json.dumps(journal))

    collection(tmp_path).recover()

    assert [path.name for path in indexes.iterdir()] == ["index.cdxj"]


MOMENT = datetime(2021, 1, 28, 9, 0, 0, 5_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (None, 0),
        (MOMENT - timedelta(milliseconds=5), 1),
        (MOMENT, 2),
        (MOMENT.astimezone(timezone(timedelta(hours=9))), 2),
        (MOMENT + timedelta(milliseconds=1), 3),
        (MOMENT + timedelta(days=400), 4),
    ],
)
def test_the_closed_files_since_a_moment_are_named_in_order(
    tmp_path: Path, moment: datetime | None, first: int
) -> None:
    stamps = ["20201231235959999", "20210128090000001", "20210128090000005", "20210128090000006"]
    names = [f"news-{stamp}-00000-0123abcd.warc.gz" for stamp in stamps]
    (tmp_path / "archive").mkdir()
    for name in (*reversed(names), f"{names[3]}.open", f"{names[3]}.rewriting", "notes.txt"):
        (tmp_path / "archive" / name).touch()

    assert collection(tmp_path).names_since(moment) == names[first:]


def test_a_file_of_the_collection_is_not_imported_however_its_path_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = news(1).save(tmp_path / "archive" / "a.warc.gz")
    monkeypatch.chdir(tmp_path)
    for path in (ours, Path("archive/a.warc.gz")):
        assert collection(tmp_path).bring_in(path, pytest.fail) == [path]
        assert collection(Path()).bring_in(path, pytest.fail) == [path]


def open_below(folder: Path) -> set[str]:
    """The files below a folder that this process holds open."""
    targets = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.exists()]
    return {path.name for path in targets if path.is_relative_to(folder)}


def test_an_import_that_the_disk_refuses_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: WarcFile) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(WarcFile, "sync", full)
    foreign = news(2).save(tmp_path / "foreign.warc.gz")
    with pytest.raises(OSError, match="No space left"):
        collection(tmp_path / "ours").bring_in(foreign, pytest.fail)

    assert list((tmp_path / "ours" / "archive").iterdir()) == []
    assert open_below(tmp_path) == set()


@pytest.mark.parametrize("end", [Collection.finish_file, Collection.abandon])
def test_a_collection_that_is_done_with_a_file_holds_none_open(
    tmp_path: Path, end: Callable[[Collection], None]
) -> None:
    writing = collection(tmp_path)
    writing.write(make_log(), {})
    assert len(open_below(tmp_path)) == 1
    end(writing)
    assert open_below(tmp_path) == set()
    collection(tmp_path).recover()
    assert open_below(tmp_path) == set()


def use(writing: Collection, how: str, foreign: Path) -> None:
    if how == "write":
        writing.write(make_log(), {})
    elif how == "state":
        writing.state("review", {"who": "Ada"})
    else:
        writing.bring_in(foreign, pytest.fail)


@pytest.mark.parametrize("how", ["write", "state", "import"])
def test_without_a_key_that_can_sign_it_no_record_is_begun(tmp_path: Path, how: str) -> None:
    (tmp_path / "keys").write_bytes(b"a file where the folder would be")
    manifest = Manifest(tmp_path / "ours", tmp_path / "keys" / "key.pem")
    signing = Collection(tmp_path / "ours", "news", {}, 10**9, manifest=manifest)
    foreign = news(2).save(tmp_path / "foreign.warc.gz")

    with pytest.raises(KeyRefused):
        use(signing, how, foreign)
    assert not list((tmp_path / "ours").rglob("*"))


def test_a_statement_stands_in_the_file_that_is_being_written(tmp_path: Path) -> None:
    writing = collection(tmp_path)
    writing.write(make_log(), {})
    record_id = writing.state("review", {"who": "Ada"})
    writing.write(make_log("http://news.example/b"), {})
    writing.finish_file()

    [path] = (tmp_path / "archive").iterdir()
    assert record_id in [record.get("WARC-Record-ID") for record in read_warc(path)]
