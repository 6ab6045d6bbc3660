"""A collection is uploaded so that it can be read from the store alone, whatever fails meanwhile."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from archive.collection.attaching import attach
from archive.collection.merging import Merger
from archive.collection.remote_state import STATE_NAME, RemoteState
from archive.collection.rewriting import Rewriter
from archive.collection.uploading import upload, upload_files_of
from archive.errors import ArchiveChanged, ArchiveUnreadable
from archive.evidence.manifest import Manifest
from archive.index import index_files
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import listed
from archive.objects.whereabouts import Pointer, files_in, pointer_of
from tests.support.object_store import Asked, Fault, ObjectStore, object_store
from tests.support.uploads import contents, faults, write_file

WRITES = ("PUT", "POST", "DELETE")


@pytest.fixture(scope="module")
def running() -> Iterator[ObjectStore]:
    with object_store() as store:
        store.make_bucket("news")
        yield store


@pytest.fixture
def store(running: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    running.use(monkeypatch)
    monkeypatch.setattr(index_files, "SMALL_BYTES", 0)  # several tiers of the index
    return running


@pytest.fixture
def root() -> ObjectAddress:
    return ObjectAddress("news", uuid4().hex)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection of three closed files, and one that is open."""
    folder = tmp_path / "here" / "news"
    for pages in (["a", "b", "c", "d", "e"], ["f"], ["g"]):
        write_file(folder, *pages)
    (folder / "archive" / "news-20260101000000000-00000-aa.warc.gz.open").write_bytes(b"begun")
    return folder


def keys(root: ObjectAddress) -> set[str]:
    return {each.address.key.removeprefix(f"{root.key}/") for each in listed(root)}


def attached(root: ObjectAddress, folder: Path) -> list[str]:
    """What is wrong with the collection below an address, seen from a folder that had nothing of it."""
    attach(folder, root)
    return faults(folder)


def test_what_is_uploaded_can_be_read_from_the_store_alone(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path
) -> None:
    uploaded = upload(folder, root)
    assert (uploaded.files, uploaded.left, uploaded.failures) == (3, [], [])
    assert attached(root, tmp_path / "there") == []
    assert list((tmp_path / "there" / "archive").glob("*.warc.gz")) == []
    assert [path.name for path in files_in(tmp_path / "there" / "archive")] == [
        path.name for path in sorted((folder / "archive").glob("*.warc.gz"))
    ]
    for name in ("manifest.jsonl", "indexes/index.cdxj"):
        assert (tmp_path / "there" / name).read_bytes() == (folder / name).read_bytes()
    assert not any(key.endswith(".open") for key in keys(root))


def test_a_second_upload_sends_what_is_new_and_nothing_else(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path
) -> None:
    upload(folder, root)
    before = keys(root)
    store.requests.clear()
    assert upload(folder, root).files == 0
    assert [asked for asked in store.requests if asked.method in WRITES] == []

    new = write_file(folder, "h")
    assert upload(folder, root).files == 1
    assert f"archive/{new.name}" in keys(root) - before
    assert len(keys(root)) == 4 + len([STATE_NAME, "manifest"]) + len(index_tiers(folder))
    assert attached(root, tmp_path / "there") == []


def index_tiers(folder: Path) -> list[Path]:
    return sorted((folder / "indexes").glob("*.cdxj"))


def test_files_go_from_this_disk_if_that_is_wanted_and_are_read_in_the_store(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "archive").glob("*.warc.gz")}
    assert upload(folder, root, keeps_local=False).files == 3
    assert list((folder / "archive").glob("*.warc.gz")) == []
    assert {path.name for path in files_in(folder / "archive")} == before.keys()
    assert [fault for fault in faults(folder) if "is still open" not in fault] == []
    write_file(folder, "h")
    assert upload(folder, root, keeps_local=False).files == 1
    assert [fault for fault in faults(folder) if "is still open" not in fault] == []


def test_an_upload_that_ends_anywhere_leaves_a_whole_archive_and_the_next_one_goes_on(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path
) -> None:
    upload(folder, root, keeps_local=False)
    write_file(folder, "h", "i")
    write_file(folder, "j")
    attempts = 0
    for allowed in count():
        made = count()

        def fault_of(asked: Asked) -> Fault | None:
            return Fault.EXPIRED if asked.method in WRITES and next(made) >= allowed else None  # noqa: B023

        store.fault_of = fault_of
        uploaded = upload(folder, root, keeps_local=False)
        store.recovers()
        assert attached(root, tmp_path / f"there-{allowed}") == []
        assert [fault for fault in faults(folder) if "is still open" not in fault] == []
        if not uploaded.failures:
            break
        attempts += 1
        assert uploaded.left
        assert "ExpiredToken" in uploaded.failures[0]
    assert attempts > 2
    assert (
        contents(tmp_path / f"there-{attempts}")["manifest.jsonl"] == (folder / "manifest.jsonl").read_bytes()
    )


def test_of_a_run_that_goes_on_only_its_own_closed_files_are_uploaded(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    upload(folder, root)
    others = {path.name for path in files_in(folder / "archive")}
    mine = write_file(folder, "h")
    write_file(folder, "i")
    run = mine.name.removesuffix(".warc.gz").rpartition("-")[2]
    before = RemoteState.read(root)

    upload_files_of(run, folder, root, keeps_local=False)
    upload_files_of(run, folder, root, keeps_local=False)

    assert (mine.exists(), mine in files_in(folder / "archive")) == (False, True)
    stored = {key.removeprefix("archive/") for key in keys(root) if key.startswith("archive/")}
    assert stored == {*others, mine.name}
    assert RemoteState.read(root) == before
    assert upload(folder, root).files == 1


def test_a_file_that_comes_back_otherwise_stays_and_is_uploaded_again(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    wrong = min((folder / "archive").glob("*.warc.gz"))
    store.fails(Fault.WRONG, "GET", of=wrong.name)
    uploaded = upload(folder, root, keeps_local=False)
    assert uploaded.left == [wrong.name]
    assert "otherwise than it was sent: the file stays" in uploaded.failures[0]
    assert list((folder / "archive").glob("*.warc.gz")) == [wrong]
    assert STATE_NAME not in keys(root)

    store.recovers()
    assert (upload(folder, root, keeps_local=False).left, list((folder / "archive").glob("*.warc.gz"))) == (
        [],
        [],
    )


def test_a_file_that_was_changed_is_not_uploaded(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    changed = min((folder / "archive").glob("*.warc.gz"))
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    uploaded = upload(folder, root, keeps_local=False)
    assert uploaded.left == [changed.name]
    assert "is not what the manifest says of it, so it was not uploaded" in uploaded.failures[0]
    assert changed.is_file()


@pytest.mark.parametrize("keeps_local", [True, False])
def test_what_other_files_replaced_leaves_the_store(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path, keeps_local: bool
) -> None:
    upload(folder, root)
    small = [path.name for path in files_in(folder / "archive")]
    rewriter = Rewriter(folder, [], Manifest(folder, folder.parent / "key.pem"))
    [merged] = Merger(rewriter, "news", 10**9).run(date.max)
    uploaded = upload(folder, root, keeps_local)

    assert (uploaded.files, uploaded.removed) == (1, len(small))
    assert {key for key in keys(root) if key.startswith("archive/")} == {f"archive/{merged.name}"}
    assert attached(root, tmp_path / "there") == []
    assert [path.name for path in (folder / "archive").iterdir() if path.name.endswith("dropped")] == []


def test_files_that_lie_in_the_store_only_are_not_merged(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    upload(folder, root, keeps_local=False)
    rewriter = Rewriter(folder, [], Manifest(folder, folder.parent / "key.pem"))
    assert Merger(rewriter, "news", 10**9).run(date.max) == []


def test_a_folder_that_lacks_files_gets_pointers_to_them(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    upload(folder, root)
    lost = max((folder / "archive").glob("*.warc.gz"))
    lost.unlink()
    pointer_of(lost).unlink()
    write_file(folder, "h")  # the manifest goes on
    assert attach(folder, root) == 1
    assert [fault for fault in faults(folder) if "is still open" not in fault] == []


def test_another_archive_is_not_mixed_with_the_one_in_the_store(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path
) -> None:
    upload(folder, root)
    write_file(tmp_path / "other" / "news", "x")
    before = contents(tmp_path / "other")
    with pytest.raises(ArchiveChanged, match=r"another archive than s3://news/.*: name an empty folder"):
        attach(tmp_path / "other" / "news", root)
    assert contents(tmp_path / "other") == before


def test_where_nothing_was_uploaded_there_is_nothing_to_attach(
    store: ObjectStore, root: ObjectAddress, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveUnreadable, match=f"There is no archive at {root}"):
        attach(tmp_path, root)
    store.put(f"/news/{root.key}/{STATE_NAME}", json.dumps({"warcs": 1}).encode())
    with pytest.raises(ArchiveUnreadable, match=f"{STATE_NAME} says nothing of an archive"):
        attach(tmp_path, root)


def test_an_index_that_was_changed_in_the_store_is_refused(
    store: ObjectStore, root: ObjectAddress, folder: Path, tmp_path: Path
) -> None:
    upload(folder, root)
    index = min(key for key in keys(root) if key.startswith("indexes/"))
    store.put(f"/news/{root.key}/{index}", b"changed\n")
    with pytest.raises(ArchiveChanged, match="is not what was uploaded"):
        attach(tmp_path / "there", root)
    assert not (tmp_path / "there" / "manifest.jsonl").exists()


def test_a_file_in_another_store_is_named_and_the_state_stays(
    store: ObjectStore, root: ObjectAddress, folder: Path
) -> None:
    upload(folder, root, keeps_local=False)
    away = min(files_in(folder / "archive"))
    pointer_of(away).write_text(Pointer("s3://elsewhere/a.warc.gz", 9, "0" * 64).dump())
    before = RemoteState.read(root)
    uploaded = upload(folder, root, keeps_local=False)
    assert uploaded.left == [away.name]
    assert "lies in another store" in uploaded.failures[0]
    assert RemoteState.read(root) == before
