"""A catalogue on PostgreSQL that is lost is made again from the archives of all data directories that shared it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.replay.captures import ArchivedCapture
from crawler.audit import rebuilding, rebuilding_sources
from crawler.audit.rebuilding_sources import moment_of_capture
from crawler.cli.crawl import refuse_foreign_corpus
from crawler.data_dir import DataDir
from crawler.database import transfer
from crawler.errors import OperatorError
from tests.support.rebuilds import rebuild_here
from tests.support.two_workers import (
    EARLIER,
    FIRST,
    LATER,
    ONLY_A,
    ONLY_B,
    REVISED,
    SAME,
    TEXTS,
    A,
    B,
    C,
    Workers,
    workers,
)

NAMES = (A, B, C)
WORDS = {SAME: (TEXTS[SAME],), REVISED: (EARLIER, LATER)}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_replay", rebuild_here)


@pytest.fixture
def three(postgres: str, tmp_path: Path) -> Iterator[Workers]:
    with workers(postgres, tmp_path) as made:
        yield made


def lose(three: Workers) -> None:
    three.ask("drop schema public cascade; create schema public")


def rebuild(three: Workers, name: str, *others: str) -> int:
    return three.call(
        name, "store", "rebuild", *(part for each in others for part in ("--with", str(three.data(each))))
    )


def state(three: Workers) -> dict[str, Any]:
    """What people can see of the catalogue and the corpora."""
    output = three.folder / "out.jsonl"
    assert three.call(A, "export", "--all", "--text", "--output", str(output)) == 0
    return {
        "export": [*map(json.loads, output.read_text("utf-8").splitlines())],
        "corpora": {
            str(path.relative_to(three.folder)): path.read_bytes()
            for name in NAMES
            for path in three.data(name).glob("corpus/**/*.txt")
        },
        "reviews": three.ask("select url, ruling, who, ruled, stated from review order by ruled, url"),
        "redactions": three.ask("select url, date, reason, stated from redaction order by url"),
        "places": three.ask("select id, host, path, collection from place order by id"),
        "faults": {name: three.faults(name) for name in NAMES},
    }


def decide(three: Workers) -> None:
    assert three.call(A, "review", "reject", ONLY_A, ONLY_B, "--by", "Ada", "--all-places") == 0
    assert three.call(B, "review", "accept", ONLY_B, "--by", "Åsa") == 0
    assert three.redact(A, FIRST) == 0
    assert three.redact(A, SAME, "--all-places") == 0


def test_all_that_people_see_is_what_it_was(three: Workers) -> None:
    decide(three)
    three.replay(A, {"https://tarn.example/late": "Fernhollow"})  # so that what B replaced has moved
    before = state(three)
    assert before["faults"] == {A: [], B: [], C: []}
    lose(three)
    assert rebuild(three, A, B, C) == 0
    after = state(three)
    assert after == before
    three.replay(B, {"https://orla.example/next": "Whinmoor"})
    assert three.faults(B) == []


@pytest.mark.parametrize(("url", "where", "other"), [(SAME, B, A), (REVISED, A, B)])
def test_what_a_takedown_left_to_another_directory_is_still_named(
    three: Workers, url: str, where: str, other: str
) -> None:
    assert three.redact(where, url) == 1
    named = f"{url} was taken down, but not here"
    assert any(named in fault for fault in three.faults(other))
    before = state(three)
    lose(three)
    assert rebuild(three, other, where, C) == 0
    after = state(three)
    assert after["export"] == before["export"]
    assert [fault.startswith(named) for fault in after["faults"][other]] == [True]
    assert three.redact(other, url) == 0
    assert [three.faults(name) for name in NAMES] == [[], [], []]
    assert not any(text in each for name in NAMES for each in three.texts(name) for text in WORDS[url])


def test_one_directory_is_enough_where_there_is_no_other(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where its corpus and its id are lost."""
    place = three.id_of(C)
    before = three.corpus(C)
    shutil.rmtree(three.data(C) / "corpus")
    (three.data(C) / "place.id").unlink()
    lose(three)
    with pytest.raises(OperatorError, match="`scrapy store rebuild` makes one that was lost again"):
        three.call(C, "export")
    assert rebuild(three, C) == 0
    said = capsys.readouterr().out
    assert "1 files of the corpus came back" in said
    assert (
        f"It was made from {three.data(C)}. If another data directory shared it, empty the database" in said
    )
    assert three.corpus(C) == before
    with pytest.raises(OperatorError, match=r"does not know 4 files.*store rebuild.* --with FOLDER for each"):
        refuse_foreign_corpus(three.store_url, DataDir.at(three.data(A)))
    refuse_foreign_corpus(three.store_url, DataDir.at(three.data(C)))
    assert three.faults(C) == []
    assert three.ask("select id from place") == [(three.id_of(C),)] != [(place,)]


def test_what_is_refused_or_killed_changes_nothing(three: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    before = state(three)
    with pytest.raises(OperatorError, match="has a catalogue already: nothing was changed"):
        rebuild(three, A, B, C)
    with pytest.raises(OperatorError, match="is in two of the data directories"):
        rebuild(three, A, B, B)
    with pytest.raises(OperatorError, match=r"There is no archive in .*elsewhere"):
        rebuild(three, A, "elsewhere")
    with pytest.raises(OperatorError, match="--with is for a catalogue that data directories share"):
        three.call(A, "store", "rebuild", "--with", str(three.data(B)), STORE_URL="")
    lose(three)
    with DataDir.at(three.data(B)).held(), pytest.raises(OperatorError, match="Another run"):
        rebuild(three, A, B, C)
    assert three.ask("select count(*) from pg_tables where schemaname = 'public'") == [(0,)]
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(transfer, "_go_on_counting", kill)
        rebuild(three, A, B, C)
    assert three.ask("select count(*) from url") == [(0,)]
    assert rebuild(three, A, B, C) == 0
    assert state(three)["export"] == before["export"]


def test_the_text_whose_file_is_there_was_kept_first_whenever_its_record_was_written(
    three: Workers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two workers that run at once may archive two like texts in one order, and keep them in the other."""

    def moment(capture: ArchivedCapture) -> str:
        return "9" if capture.url == FIRST else moment_of_capture(capture)

    monkeypatch.setattr(rebuilding_sources, "moment_of_capture", moment)
    before = state(three)
    lose(three)
    assert rebuild(three, A, B, C) == 0
    assert "came back" not in capsys.readouterr().out
    after = state(three)
    assert sorted(map(str, after.pop("export"))) == sorted(map(str, before.pop("export")))
    assert after["faults"] == before["faults"]
    assert {Path(name).name for name in after["corpora"]} == {Path(name).name for name in before["corpora"]}
