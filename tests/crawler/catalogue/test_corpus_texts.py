"""Near texts find each other by their keys as long as both belong to the corpus."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select

from archive.warc.location import RecordLocation
from crawler.catalogue import corpus_texts
from crawler.catalogue.pages import pages_of
from crawler.catalogue.pending_articles import CorpusIndex
from crawler.catalogue.redactions import erase, find_page
from crawler.catalogue.rederived_rows import AdoptedPage, adopt, refresh
from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.items import Article
from crawler.outcome import Outcome
from crawler.texts.similarity import bands_of
from tests.support.outcomes import article, filed, outcome_of
from tests.support.wire.texts import STORIES, Text, cut

STORY, OTHER = STORIES["ru"][:2]


def made(name: str, text: Text, number: int = 0, revises: str | None = None) -> Article:
    bands = bands_of("\n\n".join(text))
    return filed(replace(article(name, revises=revises), paragraphs=text, bands=bands), number)


def commit(store: Store, *articles: Article) -> None:
    run = 1 if store.has_runs() else store.begin_run("news", {}, "")
    store.commit(run, [(outcome_of(each), None) for each in articles])


def near(store: Store, text: Text) -> list[str]:
    return [
        kept.url.rpartition("/")[2] for kept in CorpusIndex(store).near_texts(bands_of("\n\n".join(text)))
    ]


def rows(store: Store) -> int:
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(schema.band)).scalar_one()


def test_a_text_is_found_by_its_part_and_by_no_other_one(store: Store) -> None:
    commit(store, made("one", STORY), made("two", OTHER, 1))
    assert near(store, cut(STORY)) == ["one"]
    assert near(store, STORIES["ru"][4]) == []
    assert near(store, ()) == []


def test_what_is_refused_has_no_keys(store: Store) -> None:
    commit(store, replace(made("one", STORY), file=None, content=None))
    assert rows(store) == 0


def test_a_text_that_was_replaced_is_found_no_more(store: Store) -> None:
    old = made("one", STORY)
    commit(store, old)
    commit(store, made("one", OTHER, 1, revises=old.file))
    assert near(store, STORY) == []
    assert near(store, OTHER) == ["one"]
    assert rows(store) == len(bands_of("\n\n".join(OTHER)))


def test_a_text_that_was_redacted_is_found_no_more(store: Store) -> None:
    commit(store, made("one", STORY))
    erase(store, find_page(store, "https://marisol.example/one"), "asked for")
    assert rows(store) == 0


def test_a_text_that_is_withdrawn_is_found_no_more_and_a_new_one_is(store: Store) -> None:
    old, new = made("one", STORY), made("one", OTHER, 1)
    commit(store, old)
    [row] = pages_of(store, old.url)
    place = RecordLocation(
        "a.warc.gz", 0, 1, "<urn:uuid:0>", "sha1:A", datetime.fromisoformat("2021-01-28T12:00:00Z")
    )
    row |= {"text": "\n\n".join(OTHER)}
    page = AdoptedPage(
        outcome=replace(outcome_of(new), article=None),
        row=row,
        place=place,
        file=new.file,
        number=1,
        retires=old.file,
    )
    adopt(store, 1, [page])
    assert near(store, STORY) == []
    assert near(store, OTHER) == ["one"]


def test_a_row_that_is_described_anew_is_found_by_its_new_text(store: Store) -> None:
    commit(store, made("one", STORY))
    [row] = pages_of(store, "https://marisol.example/one")
    refresh(store, [(row["id"], row | {"text": "\n\n".join(OTHER)}, False)])
    assert near(store, STORY) == []
    assert near(store, OTHER) == ["one"]


def test_phrases_that_many_share_are_told_of_a_few(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_texts, "BUCKET", 3)
    commit(store, *(made(str(number), STORY, number) for number in range(5)))
    assert near(store, STORY) == ["0", "1", "2"]
    assert rows(store) == 3 * len(bands_of("\n\n".join(STORY)))


def test_the_nearest_come_first_of_equal_ones_the_oldest(store: Store) -> None:
    commit(store, made("part", cut(STORY)), made("whole", STORY, 1), made("again", STORY, 2))
    assert near(store, STORY) == ["whole", "again", "part"]


def test_texts_of_an_earlier_version_get_their_keys(store: Store) -> None:
    commit(store, made("one", STORY), replace(made("two", OTHER, 1), file=None))
    with store.engine.begin() as connection:
        connection.execute(delete(schema.band))
        corpus_texts.enter_texts(connection)
    assert near(store, STORY) == ["one"]
    assert near(store, OTHER) == []


def test_what_is_committed_is_forgotten_and_still_known(store: Store) -> None:
    index, old = CorpusIndex(store), made("one", STORY)
    new = made("one", OTHER, 1, revises=old.file)
    last = made("two", STORIES["ru"][4], 2)

    def pass_on(articles: Sequence[Article]) -> None:
        commit(store, *articles)
        index.settle(articles)

    index.add(old)
    pass_on([old])
    index.add(new)
    pass_on([new])
    index.add(last)
    assert list(index._in_flight) == [last.file]
    assert len(index._by_band) == len(last.bands)
    assert (index._replaced, len(index._by_url), len(index._by_body)) == (set(), 1, 1)
    assert index.near_texts(old.bands) == []
    assert [kept.file for kept in index.near_texts(new.bands)] == [new.file]
    assert [kept.file for kept in index.near_texts(last.bands)] == [last.file]


def test_an_outcome_without_article_settles_nothing(store: Store) -> None:
    index, first = CorpusIndex(store), made("one", STORY)
    index.add(first)
    refused: Outcome = outcome_of(replace(first, file=None))
    assert refused.article is not None
    index.settle([refused.article])
    index.add(made("two", OTHER, 1))
    assert len(index._in_flight) == 2
