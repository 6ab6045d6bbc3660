"""A lost or broken catalogue is made again from the archive: corpus, fates and decisions are what they were."""

import io
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from archive.collection.from_settings import make_collection
from archive.collection.merging import Merger
from crawler.audit import rebuilding
from crawler.catalogue import articles as article_rows
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.fates import Fate
from tests.support.catalogues import articles, ask, known, lone_articles
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import article
from tests.support.newsroom_runs import corpus
from tests.support.rebuilds import rebuild_here
from tests.support.session import SIGNING_KEY, once
from tests.support.verifying import verify
from tests.support.warcs import Archive


class Killed(BaseException):
    """What a kill is to the code that it ends."""


@pytest.fixture(scope="module", autouse=True)
def in_this_process() -> Iterator[None]:
    """Archives are read in the test's process."""

    def replay(archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
        given = {**settings, "DATA_DIR": str(data_dir), "STORE_URL": "", "ARCHIVE_SIGNING_KEY": ""}
        run_crawl("replay", given | {"LOG_LEVEL": "CRITICAL"}, path=str(archives))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, "_replay", rebuild_here)
        patch.setattr("crawler.audit.rederivation.replay", replay)
        yield


@pytest.fixture(scope="module")
def decided_once(newsroom_crawl: Path) -> Path:
    return once("decided", lambda folder: _decide(shutil.copytree(newsroom_crawl, folder / "data")))


@pytest.fixture
def decided(decided_once: Path, tmp_path: Path) -> Path:
    """A crawl in whose archive and corpus people decided; a part of it is imported, and files are merged."""
    return shutil.copytree(decided_once, tmp_path / "data")


def _decide(data: Path) -> Path:
    in_corpus = lone_articles(data)
    everything = articles(data, everything=True)
    off_topic = next(row.url for row in everything if row.fate == Fate.OFF_TOPIC and row.month)
    copied = next(row.duplicate_of for row in everything if row.fate == Fate.SYNDICATED)
    given = {"DATA_DIR": str(data)}
    assert call("review", "reject", in_corpus[0].url, "--by", "Ada", **given) == 0
    assert call("review", "accept", off_topic, in_corpus[0].url, "--by", "Åsa Öberg", **given) == 0
    assert call("review", "reject", in_corpus[1].url, "--by", "Ben", **given) == 0
    assert call("audit", "draw", "-n", "12", "--seed", "7", "--by", "Åsa Öberg", **given) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO("y\nn\n"))
        assert call("audit", "--by", "Ben", **given) == 0
    for row in in_corpus[2:4]:
        assert call("review", "accept", row.url, "--by", "Ada", "--note", "named by a witness", **given) == 0
    for url in (in_corpus[2].url, known(copied)):
        assert call("redact", url, "--reason", "as asked", "--yes", **given) == 0
    foreign = Archive()
    foreign.exchange("https://orla.example/2021/01/29/ferry", article("Orla").data)
    (data.parent / "foreign.warc.gz").write_bytes(foreign.data)
    imported: dict[str, Any] = {"path": str(data.parent / "foreign.warc.gz"), "import": "1"}
    run_crawl("replay", given, **imported)
    _merge(data)
    return data


def _merge(data: Path) -> None:
    key = os.environ[SIGNING_KEY]
    settings = Settings({"DATA_DIR": str(data), "BOT_NAME": "frontwire", "ARCHIVE_SIGNING_KEY": key})
    with closing(Catalogue.open("", data)) as catalogue, closing(StoredPlaces(catalogue.share())) as places:
        collection = make_collection(settings, referrer=places)
        merger = Merger(collection.rewriter, "frontwire", 10**9)
        assert merger.run((datetime.now(UTC) + timedelta(days=2)).date())


def rebuild(data: Path, *arguments: str) -> int:
    return call("store", "rebuild", *arguments, DATA_DIR=str(data))


def lose(data: Path) -> None:
    for file in data.glob("catalogue.sqlite*"):
        file.unlink()


def state(data: Path) -> dict[str, Any]:
    """What a person can see of a data directory."""
    with closing(Catalogue.open("", data)) as catalogue:
        rows = [asdict(row) | {"run_id": 0} for row in article_rows.articles(catalogue, everything=True)]
    ended = "select url, kind, fate, failures, visits, interval_s, etag, last_modified from url where fate is not null"
    return {
        "articles": rows,
        "corpus": corpus(data),
        "reviews": ask(data, "select key, url, ruling, who, ruled, stated, note from review order by id"),
        "samples": ask(
            data, "select drawn, seed, who, pages, cells, left_out, stated from sample order by id"
        ),
        "judgements": ask(
            data, "select record_id, url, answer, who, judged, stated from judgement order by id"
        ),
        "redactions": ask(data, "select key, url, date, reason, stated from redaction order by url"),
        "urls": {url: rest for url, *rest in ask(data, ended) if rest[1] not in UNRECORDED},
    }


UNRECORDED = (Fate.ROBOTS_DISALLOWED, Fate.RIGHTS_DROPPED)
"""Fates of URLs of which no record tells, or tells no more."""


def test_all_that_people_see_is_what_it_was(decided: Path) -> None:
    before = state(decided)
    assert {row["fate"] for row in before["articles"]} >= {Fate.RIGHTS_DROPPED, Fate.SYNDICATED, Fate.SAVED}
    lose(decided)
    assert rebuild(decided) == 0
    after = state(decided)
    assert {name: each for name, each in after["urls"].items() if before["urls"].get(name) != each} == {}
    assert after == before
    assert verify(decided) == 0


def test_also_where_the_corpus_is_lost_with_the_catalogue(decided: Path) -> None:
    before = state(decided)
    lose(decided)
    shutil.rmtree(decided / "corpus")
    assert rebuild(decided) == 0
    after = state(decided)
    assert after["corpus"].keys() <= before["corpus"].keys()
    lost = before["corpus"].keys() - after["corpus"].keys()
    assert all(name.startswith(".revisions/") for name in lost)
    assert {name: before["corpus"][name] for name in after["corpus"]} == after["corpus"]


def test_what_was_fetched_is_not_waiting_and_what_was_found_is(decided: Path) -> None:
    waiting = set(ask(decided, "select url from url where state != 'done' or fate = 'robots_disallowed'"))
    lose(decided)
    assert rebuild(decided) == 0
    assert set(ask(decided, "select url from url where state != 'done'")) == waiting
    due = dict(ask(decided, "select url, not_before from url where kind = 'feed'"))
    assert due
    assert all(due.values())


BROKEN: dict[str, Callable[[Path], object]] = {
    "no database": lambda file: file.write_bytes(b"<html>not a database</html>" * 99),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "pages of nothing": lambda file: file.write_bytes(
        file.read_bytes()[:8192] + bytes(file.stat().st_size - 8192)
    ),
    "another program's": lambda file: shutil.copy(_foreign_database(file), file),
}


def _foreign_database(beside: Path) -> Path:
    path = beside.with_name("other.sqlite")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("create table bookmarks (url text)")
    return path


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_catalogue_is_kept_aside_and_every_message_names_the_command(
    how: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "catalogue.sqlite"
    before = state(data)
    BROKEN[how](file)
    content = file.read_bytes()
    for command in (("export",), ("review", "list"), ("explain", "https://vella.example/")):
        with pytest.raises(OperatorError, match="scrapy store rebuild"):
            call(*command, DATA_DIR=str(data))
    assert rebuild(data) == 0
    assert state(data) == before
    aside = min(
        data.glob("catalogue.sqlite.broken-*"), key=lambda file: len(file.name)
    )  # its log may be beside it
    assert aside.read_bytes() == content
    assert str(aside) in capsys.readouterr().out


def test_a_sound_catalogue_is_left_unless_that_is_asked_for(data: Path) -> None:
    before = state(data)
    with pytest.raises(OperatorError, match=r"is sound.*--anew"):
        rebuild(data)
    assert list(data.glob("catalogue.sqlite.broken-*")) == []
    assert rebuild(data, "--anew") == 0
    assert state(data) == before


@pytest.mark.parametrize(
    ("target", "name"),
    [(rebuilding, name) for name in ("_require_end", "_complete", "_take_place", "put_away")],
)
def test_killed_at_any_step_the_same_command_does_it(
    target: object, name: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    before = state(data)
    lose(data)
    gone = next(name for name in before["corpus"])
    (data / "corpus" / gone).unlink()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(target, name, kill)
        rebuild(data)
    was_placed = name == "put_away"
    assert (data / "catalogue.sqlite").exists() is was_placed
    assert rebuild(data, *["--anew"] * was_placed) == 0
    assert state(data) == before


def test_changed_and_foreign_files_of_the_corpus_are_kept_and_named(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = sorted(corpus(data))
    (data / "corpus" / names[0]).write_bytes(b" date 2021-01 changed")
    stray = f"{names[1][:7]}/900_0123456789abcdef.txt"
    (data / "corpus" / stray).write_bytes(b" date 2021-01 from elsewhere")
    lose(data)
    assert rebuild(data) == 1
    said = capsys.readouterr().out
    assert f"{names[0]} is not what the archive gives" in said
    assert stray in said
    assert (data / "corpus" / names[0]).read_bytes() == b" date 2021-01 changed"
    assert (data / "corpus" / ".revisions" / stray).read_bytes() == b" date 2021-01 from elsewhere"


@pytest.mark.parametrize("settings", [{"STORE_URL": "postgresql://localhost/x"}, {"ARCHIVE_DIR": "nowhere"}])
def test_where_nothing_can_be_rebuilt_nothing_is_changed(
    settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OperatorError):
        call("store", "rebuild", DATA_DIR=str(tmp_path / "data"), **settings)
    assert list(tmp_path.iterdir()) == []


def test_a_statement_that_another_key_signed_decides_nothing(decided: Path, tmp_path: Path) -> None:
    before = state(decided)
    manifest = decided / "collections" / "news" / "manifest.jsonl"
    saved = manifest.read_bytes()
    forger = {"ARCHIVE_SIGNING_KEY": str(tmp_path / "forger.pem"), "DATA_DIR": str(tmp_path / "forged")}
    collection = make_collection(Settings({**forger, "BOT_NAME": "frontwire"}))
    for row in before["articles"]:
        collection.state("review", {"url": row["url"], "choice": "reject", "who": "Eve", "decided": "2026"})
    collection.finish_file()
    [forged] = (tmp_path / "forged" / "collections" / "news" / "archive").iterdir()
    shutil.copy(forged, decided / "collections" / "news" / "archive")
    assert manifest.read_bytes() == saved
    lose(decided)
    assert rebuild(decided) == 0
    assert state(decided) == before
