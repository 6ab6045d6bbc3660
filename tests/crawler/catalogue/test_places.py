"""What a run has in hand while a page is taken down elsewhere, and which rows are whose."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.places import NOWHERE, enter_place, other_places, place_of, places
from crawler.catalogue.redactions import (
    being_fetched,
    captures_of,
    erase,
    find_page,
    note_redaction,
    texts_of,
    unfinished_takedowns,
)
from crawler.catalogue.runs import begin_run
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import enter
from crawler.items import Evidence, Link, UrlKind
from crawler.outcome import Outcome
from crawler.run.committer import Committer, Ended
from crawler.run.corpus import Corpus
from tests.support.outcomes import Shelved, article, filed, outcome_of

PAGES = ("الصفحة", "сторінка", "page")


@pytest.fixture
def shared(postgres_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open(postgres_url, tmp_path)) as opened:
        yield opened


def directory(folder: Path, name: str) -> DataDir:
    data_dir = DataDir.at(folder / name)
    data_dir.make()
    return data_dir


def test_a_directory_keeps_its_id_and_the_catalogue_knows_where_it_is(
    shared: Catalogue, tmp_path: Path
) -> None:
    first, second = directory(tmp_path, "one"), directory(tmp_path, "two")
    assert place_of(shared, first) == NOWHERE
    own, other = enter_place(shared, first), enter_place(shared, second)
    assert own != other
    assert enter_place(shared, first) == own == place_of(shared, first) == first.place
    assert [place.path for place in places(shared)] == [str(first.path), str(second.path)]
    first.path.rename(tmp_path / "three")
    assert not places(shared)[0].is_reachable
    assert enter_place(shared, DataDir.at(tmp_path / "three")) == own
    assert {place.path for place in places(shared)} == {str(tmp_path / "three"), str(second.path)}
    assert [each.place.id for each in other_places(shared, own)] == [other]


@pytest.mark.parametrize("content", ["", "no id\n", "0123\n", "é" * 16])
def test_an_id_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    data_dir = directory(tmp_path, "one")
    (data_dir.path / "place.id").write_text(content, encoding="latin-1")
    assert data_dir.place == ""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("erased_first", [True, False])
def test_of_a_page_that_is_taken_down_meanwhile_a_run_keeps_its_record_only(
    shared: Catalogue, tmp_path: Path, name: str, erased_first: bool
) -> None:
    made = replace(filed(article(name)), capture=Shelved(7))
    data_dir = directory(tmp_path, "other")
    place = enter_place(shared, data_dir)
    run = begin_run(shared, "news", {}, "test", place)
    enter(shared, run, [Link(made.url, UrlKind.ARTICLE, Evidence(source="marisol"))])
    leases = Leases(shared, run, {"marisol"})
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)
    page = find_page(shared, made.url)
    assert being_fetched(shared, page) == {place}

    note_redaction(shared, made.url, "2026-05-03T10:00:00Z", "Request of the person named")
    if erased_first:
        erase(shared, page, "Request of the person named")
    committed: list[Fate] = []
    failures: list[Exception] = []

    def commit(ended: Sequence[Ended]) -> list[Outcome]:
        lost = commit_outcomes(shared, run, ended, leased=True)
        committed.extend(outcome.fate for outcome in lost)
        return lost

    committer = Committer(commit, Corpus(data_dir.corpus), on_failure=failures.append)
    committer.put(outcome_of(made))
    committer.close()
    assert failures == []
    assert committed == [Fate.RIGHTS_DROPPED]
    assert list(data_dir.corpus.rglob("*.txt")) == []
    assert list(articles(shared, everything=True)) == []
    assert captures_of(shared, page, (), "elsewhere").elsewhere == [(Shelved(7).durable().warc, place)]
    assert unfinished_takedowns(shared, place) == [made.url]
    assert unfinished_takedowns(shared, "elsewhere") == []
    assert being_fetched(shared, page) == set()


def test_texts_are_those_of_the_place_and_digests_those_of_all(shared: Catalogue, tmp_path: Path) -> None:
    ids = [enter_place(shared, directory(tmp_path, name)) for name in ("one", "two")]
    for place, number in zip(ids, (1, 2), strict=True):
        run = begin_run(shared, "replay", {}, "test", place)
        capture, made = Shelved(number), filed(article("one", f"Le phare {number} brille."))
        commit_outcomes(shared, run, [(outcome_of(replace(made, capture=capture)), capture.durable())])
    page = find_page(shared, made.url)
    for place in ids:
        found = texts_of(shared, page, place)
        assert (len(found.files), found.elsewhere, len(found.sha256)) == (1, 1, 2)
        assert [row.place for row in articles(shared, place=place)] == [place]
    assert len(texts_of(shared, page).files) == 2
    assert texts_of(shared, page).elsewhere == 0
