"""The language model's tables are kept in the user's cache, and made again where they cannot be used."""

import errno
import os
import zipfile
from pathlib import Path

import pytest

from crawler.extraction import language_model
from crawler.extraction.language_model import open_tables
from tests.support.pages import story


def test_the_tables_are_made_once_and_again_when_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        with open_tables() as file:
            whole = file.read()
    (kept,) = tmp_path.glob("frontwire/*")
    kept.write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        made = kept.stat().st_ino
        with open_tables() as file:
            assert file.read() == whole
    assert kept.stat().st_ino == made


def test_where_no_cache_can_be_written_a_temporary_file_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    with open_tables() as file:
        assert zipfile.is_zipfile(file)
    assert (tmp_path / "taken").is_file()


@pytest.mark.parametrize("fails", ["open_tables", "_identifier"])
def test_where_no_file_can_be_had_the_model_is_in_memory(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(language_model, fails, refuse)
    identifier = language_model.read_identifier()
    assert [identifier.classify(" ".join(story(language)))[0] for language in ("fr", "ru")] == ["fr", "ru"]
