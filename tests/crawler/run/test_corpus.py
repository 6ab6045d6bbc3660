"""A reader of the corpus sees whole files only, and earlier texts are moved, not lost."""

import errno
import os
from pathlib import Path

import pytest

from crawler.data_dir import REVISIONS
from crawler.run.corpus import Corpus

NAME = "2021-01/000_0b0c93c09f0a0d7d.txt"
TEXT = b" date 2021-01 Le port de Marisol rouvre."


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_lie_below_the_corpus_as_they_were_given(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "data" / "corpus")
    written = {NAME: TEXT, "2021-02/000_aa.txt": b"\x00\xff", "2021-02/001_bb.txt": b""}
    corpus.write(written.items())
    assert files(corpus.folder) == written


def test_a_file_that_is_written_again_is_replaced(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.write([(NAME, b"half")])
    corpus.write([(NAME, TEXT)])
    assert files(tmp_path) == {NAME: TEXT}


def test_a_file_gets_its_name_when_it_is_on_disk_and_its_folders_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int | str] = []
    sync, rename = os.fsync, Path.rename

    def note_sync(handle: int) -> None:
        steps.append(os.fstat(handle).st_ino)
        sync(handle)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append(target.name)
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    Corpus(tmp_path / "corpus").write([(NAME, TEXT)])
    path = tmp_path / "corpus" / NAME
    folders = [tmp_path.stat().st_ino, path.parents[1].stat().st_ino]
    assert steps == [*folders, path.stat().st_ino, path.name, path.parent.stat().st_ino]


@pytest.mark.parametrize("before", [None, b"what was there"])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    corpus = Corpus(tmp_path)
    if before is not None:
        corpus.write([(NAME, before)])

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        corpus.write([(NAME, TEXT)])
    visible = {name: content for name, content in files(tmp_path).items() if "/." not in name}
    assert visible == ({} if before is None else {NAME: before})
    corpus.remove_unfinished()
    assert files(tmp_path) == visible


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=f"'{tmp_path}/file/corpus'"):
        Corpus(tmp_path / "file" / "corpus").write([(NAME, TEXT)])


def test_a_retired_file_keeps_its_name_and_bytes(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.write([(NAME, TEXT), ("2021-01/001_bb.txt", b"other")])
    corpus.retire(NAME)
    assert files(tmp_path) == {f"{REVISIONS}/{NAME}": TEXT, "2021-01/001_bb.txt": b"other"}


def test_what_no_row_names_is_a_stray_and_what_is_unfinished_is_removed(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.write([(NAME, TEXT), ("2021-01/001_bb.txt", b"stray"), ("2021-02/000_cc.txt", b"stray too")])
    (tmp_path / "2021-01" / ".002_dd.txt.tmp").touch()
    (tmp_path / "2021-01" / "notes of the operator").touch()
    strays = ["2021-01/001_bb.txt", "2021-02/000_cc.txt"]
    assert corpus.strays(lambda month: {NAME} if month == "2021-01" else ()) == strays
    corpus.remove_unfinished()
    corpus.discard(strays[1])
    corpus.discard(strays[1])
    assert files(tmp_path) == {NAME: TEXT, strays[0]: b"stray", "2021-01/notes of the operator": b""}


def test_a_file_may_be_retired_again_after_a_kill(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.write([(NAME, TEXT)])
    corpus.retire(NAME)
    corpus.retire(NAME)
    assert files(tmp_path) == {f"{REVISIONS}/{NAME}": TEXT}


def test_removed_texts_are_gone_wherever_they_lie(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    mine, other = "2021-01/001_0123456789abcdef.txt", "2021-01/002_fedcba9876543210.txt"
    earlier = "2021-01/003_0b0c93c09f0a0d7d.txt"
    corpus.write([(NAME, TEXT), (mine, TEXT), (other, TEXT), (earlier, TEXT)])
    for name in (mine, other, earlier):
        corpus.retire(name)
    corpus.write([(other, TEXT)])
    for there in (3, 0):  # after a kill it is done again
        assert corpus.remove({("2021-01", 0), ("2021-01", 3)}, {"0123456789abcdef" + 48 * "0"}) == there
        assert set(files(tmp_path)) == {other, f"{REVISIONS}/{other}"}
