"""Archives are read from an object store as from the disk: by their URLs, or where a pointer stands for a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable, ObjectsUnreachable
from archive.objects.whereabouts import (
    Pointer,
    drop_pointer,
    files_in,
    full_path,
    is_there,
    pointer_of,
    read_pointer,
    size_of,
    text_of,
)
from archive.replay.captures import ArchivedCapture
from archive.replay.input_paths import expand_paths, left_out
from archive.replay.stored_records import read_payload
from archive.warc.files import RecordFile, locate, record_files
from tests.support.captures import read, read_captures
from tests.support.object_store import Fault, ObjectStore, object_store
from tests.support.warcs import news, wacz


@pytest.fixture(scope="module")
def running() -> Iterator[ObjectStore]:
    with object_store() as store:
        store.make_bucket("news")
        yield store


@pytest.fixture
def store(running: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    running.use(monkeypatch)
    return running


def away(store: ObjectStore, path: Path) -> Path:
    """Put a file into the store, and only a pointer in its place."""
    url = f"s3://news/away/{path.name}"
    store.put(f"/news/away/{path.name}", path.read_bytes())
    pointer_of(path).write_text(Pointer(url, path.stat().st_size, RecordFile(path).sha256()).dump())
    path.unlink()
    return path


def contents(captures: list[ArchivedCapture]) -> list[tuple[str, bytes, int]]:
    return [(capture.url, capture.body, capture.location.offset) for capture in captures]


def test_an_archive_is_read_by_its_url(store: ObjectStore, tmp_path: Path) -> None:
    local = news(5).save(tmp_path / "a.warc.gz")
    store.put("/news/2026/a.warc.gz", local.read_bytes())
    [path] = expand_paths("s3://news/2026/*.warc.gz")

    captures = read(path)

    assert contents(captures) == contents(read(local))
    assert {capture.location.warc for capture in captures} == {"s3://news/2026/a.warc.gz"}
    again = read_payload(Path("/data/archive") / captures[3].location.warc, captures[3].location.offset)
    assert again.body == captures[3].body
    assert (text_of(path), full_path(path), size_of(path)) == (
        "s3://news/2026/a.warc.gz",
        path,
        local.stat().st_size,
    )


def test_a_package_is_read_by_its_url(store: ObjectStore, tmp_path: Path) -> None:
    local = wacz(tmp_path / "a.wacz", [("b.warc.gz", news(3).data)])
    store.put("/news/a.wacz", local.read_bytes())
    [path] = expand_paths("s3://news/a.wacz")
    captures = read(path)
    assert contents(captures) == contents(read(local))
    place = locate(Path(captures[0].location.warc))
    assert str(place) == captures[0].location.warc == "s3://news/a.wacz!archive/b.warc.gz"
    assert place.sha256() == record_files(local)[0].sha256()


def test_a_folder_of_objects_means_the_archives_below_it(store: ObjectStore) -> None:
    for name in ("b.warc.gz", "x/a.warc", "notes.txt"):
        store.put(f"/news/folder/{name}", b"x")
    found = expand_paths("s3://news/folder/")
    assert list(map(text_of, found)) == ["s3://news/folder/b.warc.gz", "s3://news/folder/x/a.warc"]
    assert list(map(text_of, expand_paths("s3://news/folder/notes.txt"))) == ["s3://news/folder/notes.txt"]
    assert left_out("s3://news/folder/") == []
    with pytest.raises(ArchiveUnreadable, match="No archive at s3://news/folder/y"):
        expand_paths("s3://news/folder/y*")


def test_a_file_that_is_gone_is_read_where_its_pointer_leads(store: ObjectStore, tmp_path: Path) -> None:
    here, gone = (news(3).save(tmp_path / "archive" / name) for name in ("a.warc.gz", "b.warc.gz"))
    before, size = contents(read(gone)), gone.stat().st_size
    away(store, gone)
    assert expand_paths(str(tmp_path)) == [here, gone]
    assert expand_paths(str(tmp_path / "archive" / "b*.warc.gz")) == [gone]
    assert expand_paths(str(gone)) == [gone]
    assert files_in(tmp_path / "archive") == [here, gone]
    assert (is_there(gone), size_of(gone)) == (True, size)
    assert contents(read(gone)) == before
    assert {capture.location.warc for capture in read(gone)} == {str(gone)}


def test_a_pointer_beside_its_file_changes_nothing(store: ObjectStore, tmp_path: Path) -> None:
    path = news(3).save(tmp_path / "a.warc.gz")
    pointer_of(path).write_text(Pointer("s3://news/none.warc.gz", 1, "").dump())
    assert expand_paths(str(tmp_path)) == [path]
    assert size_of(path) == path.stat().st_size
    assert len(read(path)) == 3


def test_a_file_that_another_one_replaced_is_gone_with_its_pointer(
    store: ObjectStore, tmp_path: Path
) -> None:
    path = away(store, news(3).save(tmp_path / "a.warc.gz"))
    drop_pointer(path)
    drop_pointer(path)
    assert (is_there(path), files_in(tmp_path)) == (False, [])
    assert [each.name for each in tmp_path.iterdir()] == ["a.warc.gz.dropped"]


def test_a_damaged_pointer_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    pointer_of(path).write_bytes(b"{")
    with pytest.raises(ArchiveUnreadable, match=r"a.warc.gz.object cannot be read"):
        read_pointer(path)


def test_a_store_that_fails_while_an_archive_is_read_is_no_damage(store: ObjectStore, tmp_path: Path) -> None:
    path = away(store, news(400, gzip=False).save(tmp_path / "a.warc"))
    complaints: list[str] = []
    captures = read_captures(path, complaints.append)
    next(captures)
    store.fails(Fault.EXPIRED)
    with pytest.raises(ObjectsUnreachable, match="ExpiredToken"):
        list(captures)
    assert complaints == []
