"""A path means a file, a folder with everything below it, or a pattern."""

import json
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.input_paths import expand_paths, left_out
from archive.warc.rewriting_journal import JOURNAL
from tests.support.foreign_records import PACKERS, arc_head, response
from tests.support.warcs import news, wacz


def test_a_folder_means_all_archives_in_it(tmp_path: Path) -> None:
    names = ["b.warc.gz", "a.warc", "deep/c.wacz", "deep/d.arc.gz"]
    for name in [*names, "e.warc.gz.open", ".hidden.warc.gz", ".git/f.warc.gz", "deep/index.cdxj"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert expand_paths(str(tmp_path)) == sorted(tmp_path / name for name in names)


def test_a_pattern_or_a_file_means_what_it_names(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a[1].warc.gz", "b.warc.gz", "c.txt")]
    for path in paths:
        path.touch()
    assert expand_paths(str(tmp_path / "b.*")) == [paths[1]]
    assert expand_paths(str(tmp_path / "*")) == paths[:2]
    assert expand_paths(str(paths[0])) == [paths[0]]


UNFINISHED = ["open", "rewriting", "tmp", "part", "partial", "crdownload", "download"]


@pytest.mark.parametrize("suffix", UNFINISHED)
def test_what_is_still_being_written_is_left_out(tmp_path: Path, suffix: str) -> None:
    whole = news(1).save(tmp_path / "a.warc.gz")
    news(1).save(tmp_path / f"b.warc.gz.{suffix}")
    news(1).save(tmp_path / "deep" / f"c.{suffix}")
    assert expand_paths(str(tmp_path)) == [whole]
    assert left_out(str(tmp_path)) == []


def test_a_pattern_means_folders_too_and_names_each_file_once(tmp_path: Path) -> None:
    paths = [news(1).save(tmp_path / name) for name in ("one/a.warc.gz", "one/x/b.warc.gz", "two/c.warc.gz")]
    assert expand_paths(str(tmp_path / "*")) == paths
    assert expand_paths(str(tmp_path / "**")) == paths
    assert expand_paths(str(tmp_path / "**" / "*.gz")) == paths


def test_a_file_that_another_one_replaces_is_left_out(tmp_path: Path) -> None:
    old, kept = (news(1).save(tmp_path / "news" / "archive" / name) for name in ("a.warc.gz", "b.warc.gz"))
    parts = [{"name": old.name, "offset": 0, "size": 9, "begin": 0}]
    journal = {"name": "c.warc.gz", "parts": parts, "changes": [], "redaction": None}
    (tmp_path / "news" / JOURNAL).write_text(json.dumps(journal))
    assert expand_paths(str(tmp_path)) == [old, kept]
    new = news(1).save(tmp_path / "news" / "archive" / "c.warc.gz")
    assert expand_paths(str(tmp_path)) == [kept, new]
    assert expand_paths(str(tmp_path / "news" / "archive" / "*.gz")) == [kept, new]


@pytest.mark.parametrize("pattern", ["", "*.warc", "gone.warc.gz"])
def test_nothing_to_read_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ArchiveUnreadable, match="No archive at"):
        expand_paths(str(tmp_path / pattern))


def test_a_url_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match=r"https://orla.example/a.warc.gz is a URL.*download it"):
        expand_paths("https://orla.example/a.warc.gz")


def test_what_is_being_written_is_refused(tmp_path: Path) -> None:
    path = news(1).save(tmp_path / "a.warc.gz.open")
    with pytest.raises(ArchiveUnreadable, match="still being written"):
        expand_paths(str(path))


def test_a_folder_that_cannot_be_listed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", deny)
    with pytest.raises(ArchiveUnreadable, match="Permission denied"):
        expand_paths(str(tmp_path))


def test_the_archives_of_a_folder_are_told_by_their_content_too(tmp_path: Path) -> None:
    data = b"".join(map(response, ("Tolm", "Brenna")))
    archives = {f"renamed {coding}": pack(data) for coding, pack in PACKERS.items()}
    archives |= {"old": arc_head("old.arc"), "a.warc.zst": b"", "b.warc.lz4": b"", "c.WARC.GZ": b""}
    others = {
        "notes.txt": b"WARC files",
        "page.html": b"<p>WARC/1.0</p>",
        "a.gz": PACKERS["gzip"](b"no"),
        "z.zip": b"PK",
    }
    unfinished = {"d.warc.gz.open": data, "e.warc.part": data, "f.warc.gz.rewriting": data, ".hidden": data}
    for name, content in (archives | others | unfinished).items():
        (tmp_path / name).write_bytes(content)
    wacz(tmp_path / "package.zip", [("a.warc", data)])
    found = {path.name for path in expand_paths(str(tmp_path))}
    assert found == {*archives, "package.zip"}
    assert {path.name for path in left_out(str(tmp_path))} == set(others)
    assert left_out(str(tmp_path / "old")) == []
