"""The index says what the catalogue says, on SQLite and PostgreSQL, and keeps nothing that was taken down."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import erase, find_page, note_redaction
from crawler.catalogue.runs import begin_run, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article, Decision, Relevance
from crawler.search import index_filling, search_index
from crawler.search.hits import Search, find, totals
from crawler.search.index_filling import fill, refill
from crawler.search.search_index import SearchIndex
from tests.support.outcomes import article, filed, outcome_of

PORT, DYKE = "Le port de Marisol rouvre.", "La digue de Zwanenbrück cède."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "search.sqlite"


@pytest.fixture
def index(file: Path) -> Iterator[SearchIndex]:
    with closing(SearchIndex.open(file)) as opened:
        yield opened


def commit(catalogue: Catalogue, made: Article, fate: Fate = Fate.SAVED, spider: str = "news") -> None:
    run = begin_run(catalogue, spider, {}, "")
    commit_outcomes(catalogue, run, [(outcome_of(made, fate), None)])
    end_run(catalogue, run, "finished", 0)


def titles(catalogue: Catalogue, index: SearchIndex, words: str = "", **facets: str) -> list[int]:
    return [hit.article for hit in find(index, Search(words, **facets)).hits]  # type: ignore[arg-type]


def test_what_is_new_is_entered_once(catalogue: Catalogue, index: SearchIndex) -> None:
    commit(catalogue, filed(article("one", PORT), 0))
    assert (fill(catalogue, index), fill(catalogue, index)) == (1, 0)
    commit(catalogue, filed(article("two", DYKE), 1))
    assert fill(catalogue, index) == 1
    assert len(find(index, Search("digue")).hits) == 2  # the second paragraph of both
    assert find(index, Search("zwanenbruck")).count == 1


def test_of_a_page_the_newest_text_is_found(catalogue: Catalogue, index: SearchIndex) -> None:
    old = filed(article("one", PORT), 0)
    commit(catalogue, old)
    fill(catalogue, index)
    commit(catalogue, replace(filed(article("one", DYKE), 1), revises=old.file), Fate.UPDATED)
    fill(catalogue, index)
    assert find(index, Search("port")).count == 0
    assert find(index, Search("cède")).count == 1


def test_what_a_derivation_changes_is_entered_again(catalogue: Catalogue, index: SearchIndex) -> None:
    commit(catalogue, filed(article("one", PORT), 0))
    fill(catalogue, index)
    run = begin_run(catalogue, "rederive", {}, "")
    catalogue.write(lambda connection: connection.execute(update(schema.article).values(month="2021-02")))
    end_run(catalogue, run, "finished", 0)
    assert fill(catalogue, index) == 1
    assert fill(catalogue, index) == 0


def test_what_a_derivation_changed_before_its_end_is_entered_after_it(
    catalogue: Catalogue, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_filling, "_LATE", 0)  # rows that are compared each time
    commit(catalogue, filed(article("one", PORT), 0))
    run = begin_run(catalogue, "rederive", {}, "")
    assert (fill(catalogue, index), fill(catalogue, index)) == (1, 0)
    catalogue.write(lambda connection: connection.execute(update(schema.article).values(month="2021-02")))
    end_run(catalogue, run, "finished", 0)
    assert fill(catalogue, index) == 1
    assert find(index, Search(month="2021-01")).count == 0
    assert find(index, Search(month="2021-02")).count == 1


def test_facets_divide_the_hits(catalogue: Catalogue, index: SearchIndex) -> None:
    judged = Relevance(0.9, True, 0.9, True, 0.9, Decision.ACCEPT, ("Алеппо",))
    commit(catalogue, filed(article("one", PORT, language="fr", relevance=judged), 0))
    commit(catalogue, filed(article("two", DYKE, language="de", month="2021-03"), 0))
    commit(catalogue, article("three", "Le port attend.", month=None), Fate.UNDATED)
    fill(catalogue, index)
    found = find(index, Search())
    assert found.count == 2
    assert {name: [tuple(each) for each in values] for name, values in found.facets.items()} == {
        "source": [("marisol", 2)],
        "language": [("de", 1), ("fr", 1)],
        "month": [("2021-03", 1), ("2021-01", 1)],
        "place": [("aleppo", 1), ("syria", 1)],
        "fate": [("saved", 2)],
        "cluster": [],
    }
    assert find(index, Search("port", fate="any")).count == 2
    assert find(index, Search(fate="undated")).count == 1
    assert find(index, Search(place="syria")).count == 1
    assert find(index, Search("-cède")).count == 1
    assert dict(totals(index)["fate"]) == {"saved": 2, "undated": 1}


def test_the_newest_come_first_and_days_limit(catalogue: Catalogue, index: SearchIndex) -> None:
    for number, day in enumerate(("2021-01-05", "2021-01-20", "2020-12-31")):
        published = f"{day}T10:00:00+00:00"
        commit(
            catalogue,
            filed(article(f"a{number}", f"{PORT} {number}", month=day[:7], published=published), number),
        )
    fill(catalogue, index)
    assert titles(catalogue, index, "port") == [2, 1, 3]
    assert find(index, Search(since=date(2021, 1, 5), until=date(2021, 1, 5))).hits[0].article == 1
    assert find(index, Search("port", since=date(2021, 1, 6))).count == 1
    assert len(find(index, Search(best_first=True, words="port"), start=1, limit=1).hits) == 1


def test_the_best_are_of_the_newest(
    catalogue: Catalogue, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (day, text) in enumerate(
        (("01", f"{PORT} port port"), ("20", f"{PORT} {DYKE}"), ("21", PORT))
    ):
        made = article(f"a{number}", text, published=f"2021-01-{day}T10:00:00+00:00")
        commit(catalogue, filed(made, number))
    fill(catalogue, index)
    best = Search("port", best_first=True)
    assert find(index, best).hits[0].article == 1
    monkeypatch.setattr("crawler.search.hits.RANKED", 2)
    assert sorted(hit.article for hit in find(index, best).hits) == [2, 3]


def test_what_is_taken_down_is_no_longer_in_the_file(
    catalogue: Catalogue, index: SearchIndex, file: Path
) -> None:
    secret = filed(article("one", DYKE), 0)
    commit(catalogue, secret)
    for number in range(60):
        commit(catalogue, filed(article(f"p{number}", f"{PORT} {number}"), number + 1))
    fill(catalogue, index)
    index.purge()
    assert b"zwanenbruck" in everything(file)
    page = find_page(catalogue, secret.url)
    note_redaction(catalogue, secret.url, "2021-02-01T00:00:00Z", "asked")
    erase(catalogue, page, "asked")
    refill(catalogue, index, sorted(page.ids))
    index.purge()
    assert b"zwanenbruck" not in everything(file)
    assert find(index, Search("port")).count == 60


def test_a_takedown_from_elsewhere_leaves_the_file_with_the_next_filling(
    catalogue: Catalogue, index: SearchIndex, file: Path
) -> None:
    secret = filed(article("one", DYKE), 0)
    commit(catalogue, secret)
    commit(catalogue, filed(article("two", PORT), 1))
    fill(catalogue, index)
    run = begin_run(catalogue, "redact", {}, "")
    note_redaction(catalogue, secret.url, "2021-02-01T00:00:00Z", "asked")
    erase(catalogue, find_page(catalogue, secret.url), "asked")
    end_run(catalogue, run, "finished", 0)
    fill(catalogue, index)
    assert b"zwanenbruck" not in everything(file)


def everything(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


@pytest.mark.parametrize("damage", ["garbage", "version"])
def test_an_index_that_cannot_be_used_is_made_anew(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "search.sqlite"
    if damage == "garbage":
        file.write_bytes(b"no database at all" * 100)
    else:
        with closing(sqlite3.connect(file)) as database:
            database.execute(f"PRAGMA user_version = {search_index.VERSION + 1}")
    with closing(SearchIndex.open(file)) as opened:
        assert find(opened, Search("port")).count == 0


def test_a_filling_that_is_broken_off_is_finished_by_the_next(
    catalogue: Catalogue, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        commit(catalogue, filed(article(f"p{number}", f"{PORT} {number}"), number))
    monkeypatch.setattr("crawler.search.index_filling.AT_ONCE", 2)

    def break_off(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(catalogue, index, break_off)
    assert find(index, Search("port")).count == 2
    assert fill(catalogue, index) == 3
    assert find(index, Search("port")).count == 5
