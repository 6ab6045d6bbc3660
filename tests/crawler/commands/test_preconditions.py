"""What keeps a command from beginning, in a sentence with the way out."""

import os
import sqlite3
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlalchemy.exc import DatabaseError as StoreError
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from crawler.cli.crawl import prepare_replay, require_place_of_key, require_threads
from crawler.cli.opening import held_if_writable, require_catalogue
from crawler.cli.storage_errors import of_database, storing
from crawler.data_dir import DataDir, DataDirUnwritable
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE

REBUILDING = "`scrapy store rebuild` makes it again from the archive that is there"


def settings_of(data: Path, store_url: str = "") -> Settings:
    return Settings({"DATA_DIR": str(data), "STORE_URL": store_url})


@pytest.mark.parametrize("has_archive", [False, True])
def test_without_a_catalogue_the_way_to_one_is_named(tmp_path: Path, has_archive: bool) -> None:
    if has_archive:
        archive = DataDir.of(settings_of(tmp_path)).archive
        archive.mkdir(parents=True)
        (archive / "news.warc.gz").touch()
    with pytest.raises(OperatorError) as refusal:
        require_catalogue(settings_of(tmp_path))
    remedy = REBUILDING if has_archive else "run a crawl first"
    assert str(refusal.value) == (
        f"There is no catalogue in {tmp_path}: {remedy}, or name the folder with -s DATA_DIR=FOLDER."
    )


@pytest.mark.parametrize("has_archive", [False, True])
def test_a_database_without_tables_is_no_catalogue(tmp_path: Path, has_archive: bool) -> None:
    data_dir, store_url = DataDir.of(settings_of(tmp_path)), f"sqlite:///{tmp_path}/shared.sqlite"
    for file in (data_dir.catalogue, tmp_path / "shared.sqlite"):
        sqlite3.connect(file).close()
        file.touch()
    if has_archive:
        data_dir.archive.mkdir(parents=True)
        (data_dir.archive / "news.warc.gz").touch()
    with pytest.raises(
        OperatorError, match=r"There is no catalogue in .*/catalogue\.sqlite: .*store rebuild"
    ):
        require_catalogue(settings_of(tmp_path))
    first = "`scrapy store rebuild` makes one that was lost again" if has_archive else "run a crawl first"
    with pytest.raises(OperatorError) as refusal:
        require_catalogue(settings_of(tmp_path, store_url))
    assert str(refusal.value) == (
        f"There is no catalogue in the database of STORE_URL: {first}, or correct STORE_URL."
    )


def refused(kind: type[StoreError], cause: Exception) -> StoreError:
    return kind("insert", {}, cause)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (refused(OperationalError, sqlite3.OperationalError("database is locked")), "database is locked"),
        (refused(IntegrityError, sqlite3.IntegrityError("UNIQUE failed")), "UNIQUE failed"),
    ],
)
def test_what_cannot_be_written_is_named_with_its_cause(error: Exception, cause: str) -> None:
    with pytest.raises(OperatorError) as refusal, storing("the decisions"):
        raise error
    assert str(refusal.value) == (
        f"Cannot write the decisions: {cause}. Free space, or close what holds the catalogue, "
        "and give the same command again; it goes on where it stopped."
    )
    assert refusal.value.exit_code == STORAGE


BROKEN = refused(StoreError, sqlite3.DatabaseError("file is not a database"))


@pytest.mark.parametrize("error", [BROKEN, KeyError("a defect of ours")])
def test_more_space_does_not_help_a_broken_catalogue_or_a_defect(error: Exception) -> None:
    with pytest.raises(type(error)), storing("the decisions"):
        raise error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BROKEN, "is broken: file is not a database"),
        (refused(OperationalError, sqlite3.OperationalError("disk I/O error")), "disk I/O error"),
        (refused(ProgrammingError, sqlite3.ProgrammingError("no such column")), None),
        (OSError(28, "No space left on device"), None),
    ],
)
def test_a_database_that_fails_is_explained_and_a_defect_is_none(
    tmp_path: Path, error: Exception, words: str | None
) -> None:
    found = of_database(error, settings_of(tmp_path))
    assert (words in str(found)) if words else found is None


@pytest.mark.parametrize(("is_read_only", "error"), [(True, 30), (False, 28)])
def test_only_a_read_only_directory_is_read_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_read_only: bool, error: int
) -> None:
    def refuse(_self: DataDir) -> None:
        raise DataDirUnwritable(OSError(error, os.strerror(error), "run.lock"))

    monkeypatch.setattr(DataDir, "held", refuse)
    if is_read_only:
        with held_if_writable(DataDir.at(tmp_path)) as is_held:
            assert not is_held
        return
    with pytest.raises(DataDirUnwritable), held_if_writable(DataDir.at(tmp_path)):
        pytest.fail("nothing can be read there")


def test_a_key_that_cannot_be_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "home" / "keys" / "signing-key.pem"
    require_place_of_key(str(key))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path or mode != os.W_OK | os.X_OK)
    with pytest.raises(
        OperatorError, match=f"The signing key {key} cannot be made: {tmp_path} is not writable"
    ):
        require_place_of_key(str(key))
    key.parent.mkdir(parents=True)
    require_place_of_key(str(key))
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    key.touch()
    require_place_of_key(str(key))


def test_a_user_without_threads_is_told_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: object) -> None:
        raise RuntimeError("can't start new thread")

    require_threads()
    monkeypatch.setattr("threading.Thread.start", refuse)
    with pytest.raises(OperatorError, match="may start no 24 threads: raise the limit") as refusal:
        require_threads()
    assert refusal.value.exit_code == STORAGE


@pytest.mark.parametrize(
    ("priority", "data_dir"), [("project", "data/replay"), ("default", "data/replay"), ("cmdline", "data")]
)
def test_a_replay_leaves_the_archived_run_as_it_is_unless_a_folder_is_named(
    tmp_path: Path, priority: str, data_dir: str
) -> None:
    (tmp_path / "old.warc.gz").touch()
    settings = Settings({"REPLAY_FROM": str(tmp_path / "old.warc.gz"), "DOWNLOAD_DELAY": 5})
    settings.set("DATA_DIR", "data", priority=priority)
    prepare_replay(settings)
    assert (settings["DATA_DIR"], settings.getfloat("DOWNLOAD_DELAY")) == (data_dir, 0.0)
    untouched = Settings({"REPLAY_FROM": "", "DATA_DIR": "data", "DOWNLOAD_DELAY": 5})
    prepare_replay(untouched)
    assert (untouched["DATA_DIR"], untouched.getfloat("DOWNLOAD_DELAY")) == ("data", 5.0)
