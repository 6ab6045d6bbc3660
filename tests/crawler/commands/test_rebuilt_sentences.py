"""What a rebuilt catalogue is refused for, and what an operator reads when it was made."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.audit.rebuilding import Rebuilt
from crawler.cli import store
from crawler.cli.store import rebuild_catalogue, sentences_on
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError

PLAIN = Rebuilt(3, 40, [], [], [], None, [])
FILES = ["2021-01/000_а.txt", "2021-01/001_б.txt"]


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, []),
        ({"moved_to": Path("/data/broken.sqlite")}, ["The broken one is kept as /data/broken.sqlite."]),
        ({"came_back": FILES}, ["2 files of the corpus came back", FILES[0]]),
        ({"differ": FILES}, [f"{name} is not what the archive gives" for name in FILES]),
        ({"retired": FILES}, ["2 files of the corpus", "come from no record"]),
        (
            {"damage": ["a.warc.gz is damaged.", "b.warc.gz is gone."]},
            ["a.warc.gz is damaged.", "b.warc.gz is gone."],
        ),
    ],
)
def test_each_thing_that_an_operator_must_know_is_said_where_it_is_so(
    changes: dict[str, Any], parts: list[str]
) -> None:
    said = list(sentences_on(replace(PLAIN, **changes)))
    assert "3 runs and decisions, 40 articles" in said[0]
    assert said[-1].startswith("Not in the archive, and lost:")
    between = " ".join(said[1:-1])
    assert bool(between) is bool(changes)
    assert [part for part in parts if part not in between] == []


def directory(folder: Path, *files: str) -> Path:
    data_dir = DataDir.at(folder)
    data_dir.archive.mkdir(parents=True)
    for name in files:
        (data_dir.archive / name).touch()
    return folder


def settings(folder: Path, **more: str) -> Settings:
    own = DataDir.at(folder)
    given = {"DATA_DIR": str(own.path), "ARCHIVE_DIR": str(own.collection), "STORE_URL": ""}
    return Settings(given | more)


@pytest.fixture(autouse=True)
def nothing_is_rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it was to be refused before")

    monkeypatch.setattr(store, "rebuild", refuse)


def test_other_directories_need_a_database_that_they_share(tmp_path: Path) -> None:
    own, other = directory(tmp_path / "one", "a.warc.gz"), directory(tmp_path / "two", "b.warc.gz")
    with pytest.raises(OperatorError, match="name its database with STORE_URL"):
        rebuild_catalogue(settings(own), anew=False, others=[str(other)])


@pytest.mark.parametrize(
    ("ours", "theirs", "sentence"),
    [
        ((), ("b.warc.gz",), "There is no archive in .*one"),
        (("a.warc.gz",), (), "There is no archive in .*two"),
        (("a.warc.gz", "b.warc.gz"), ("b.warc.gz",), "b.warc.gz is in two of the data directories"),
        (("a.warc",), ("a.warc",), "a.warc is in two of the data directories"),
    ],
)
def test_directories_must_have_archives_and_each_its_own(
    tmp_path: Path, ours: tuple[str, ...], theirs: tuple[str, ...], sentence: str
) -> None:
    own, other = directory(tmp_path / "one", *ours), directory(tmp_path / "two", *theirs)
    with pytest.raises(OperatorError, match=sentence):
        rebuild_catalogue(
            settings(own, STORE_URL="postgresql://nowhere.example/x"), anew=False, others=[str(other)]
        )


@pytest.mark.parametrize("anew", [True, False])
@pytest.mark.parametrize("state", ["sound", "broken", "no catalogue", "gone"])
def test_only_a_sound_catalogue_is_in_the_way_and_not_where_that_is_asked_for(
    tmp_path: Path, state: str, anew: bool
) -> None:
    own = directory(tmp_path / "one", "a.warc.gz")
    file = DataDir.at(own).catalogue
    if state == "sound":
        Catalogue.open("", own).close()
    elif state == "broken":
        file.write_bytes(b"SQLite format 3\0" + bytes(5000))
    elif state == "no catalogue":
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("create table other (id integer)")
    before = file.read_bytes() if file.exists() else None
    expected: tuple[type[BaseException], str] = (AssertionError, "it was to be refused before")
    if state == "sound" and not anew:
        expected = (OperatorError, "is sound: nothing was changed. --anew")
    with pytest.raises(expected[0], match=expected[1]):
        rebuild_catalogue(settings(own), anew)
    assert (file.read_bytes() if file.exists() else None) == before
