"""Near texts find each other by their keys as long as both belong to the corpus."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select

from archive.warc.location import RecordLocation
from crawler.catalogue import corpus_texts
from crawler.catalogue.articles import pages_of
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.redactions import erase, find_page
from crawler.catalogue.rederived_rows import RederivedPage, Refresh, apply_rederived_pages, refresh_rows
from crawler.catalogue.runs import begin_run, has_runs
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.items import Article
from crawler.outcome import Outcome
from crawler.texts.similarity import bands_of
from tests.support.outcomes import article, filed, outcome_of
from tests.support.wire.texts import STORIES, Text, cut

STORY, OTHER = STORIES["ru"][:2]


def made(name: str, text: Text, number: int = 0, revises: str | None = None) -> Article:
    bands = bands_of("\n\n".join(text))
    return filed(replace(article(name, revises=revises), paragraphs=text, bands=bands), number)


def commit(catalogue: Catalogue, *articles: Article) -> None:
    run = 1 if has_runs(catalogue) else begin_run(catalogue, "news", {}, "")
    commit_outcomes(catalogue, run, [(outcome_of(each), None) for each in articles])


def near(catalogue: Catalogue, text: Text) -> list[str]:
    return [
        kept.url.rpartition("/")[2]
        for kept in PendingArticles(catalogue).near_texts(bands_of("\n\n".join(text)))
    ]


def rows(catalogue: Catalogue) -> int:
    with catalogue.read() as connection:
        return connection.execute(select(func.count()).select_from(schema.band)).scalar_one()


def test_a_text_is_found_by_its_part_and_by_no_other_one(catalogue: Catalogue) -> None:
    commit(catalogue, made("one", STORY), made("two", OTHER, 1))
    assert near(catalogue, cut(STORY)) == ["one"]
    assert near(catalogue, STORIES["ru"][4]) == []
    assert near(catalogue, ()) == []


def test_what_is_refused_has_no_keys(catalogue: Catalogue) -> None:
    commit(catalogue, replace(made("one", STORY), file=None, content=None))
    assert rows(catalogue) == 0


def test_what_is_refused_makes_no_later_text_a_copy_or_a_revision(catalogue: Catalogue) -> None:
    refused = replace(made("one", STORY), file=None, content=None)
    commit(catalogue, refused)
    known = PendingArticles(catalogue)
    assert refused.body_hash is not None
    assert known.same_text(refused.body_hash) is None
    assert known.text_of_url(refused.url) is None
    commit(catalogue, made("two", STORY, 1))
    kept = known.same_text(refused.body_hash)
    assert kept is not None
    assert kept.url.endswith("/two")


def test_a_text_that_was_replaced_is_found_no_more(catalogue: Catalogue) -> None:
    old = made("one", STORY)
    commit(catalogue, old)
    commit(catalogue, made("one", OTHER, 1, revises=old.file))
    assert near(catalogue, STORY) == []
    assert near(catalogue, OTHER) == ["one"]
    assert rows(catalogue) == len(bands_of("\n\n".join(OTHER)))


def test_a_text_that_was_redacted_is_found_no_more(catalogue: Catalogue) -> None:
    commit(catalogue, made("one", STORY))
    erase(catalogue, find_page(catalogue, "https://marisol.example/one"), "asked for")
    assert rows(catalogue) == 0


def test_a_text_that_is_withdrawn_is_found_no_more_and_a_new_one_is(catalogue: Catalogue) -> None:
    old, new = made("one", STORY), made("one", OTHER, 1)
    commit(catalogue, old)
    [row] = pages_of(catalogue, old.url)
    place = RecordLocation(
        "a.warc.gz", 0, 1, "<urn:uuid:0>", "sha1:A", datetime.fromisoformat("2021-01-28T12:00:00Z")
    )
    page = RederivedPage(
        outcome=replace(outcome_of(new), article=None),
        row=replace(row, text="\n\n".join(OTHER), file=new.file, number=1),
        location=place,
        retires=old.file,
    )
    apply_rederived_pages(catalogue, 1, [page])
    assert near(catalogue, STORY) == []
    assert near(catalogue, OTHER) == ["one"]


def test_a_row_that_is_described_anew_is_found_by_its_new_text(catalogue: Catalogue) -> None:
    commit(catalogue, made("one", STORY))
    [row] = pages_of(catalogue, "https://marisol.example/one")
    refresh_rows(catalogue, [Refresh(row.id, replace(row, text="\n\n".join(OTHER)), takes_fate=False)])
    assert near(catalogue, STORY) == []
    assert near(catalogue, OTHER) == ["one"]


def test_phrases_that_many_share_are_told_of_a_few(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_texts, "BUCKET", 3)
    commit(catalogue, *(made(str(number), STORY, number) for number in range(5)))
    assert near(catalogue, STORY) == ["0", "1", "2"]
    assert rows(catalogue) == 3 * len(bands_of("\n\n".join(STORY)))


def test_the_nearest_come_first_of_equal_ones_the_oldest(catalogue: Catalogue) -> None:
    commit(catalogue, made("part", cut(STORY)), made("whole", STORY, 1), made("again", STORY, 2))
    assert near(catalogue, STORY) == ["whole", "again", "part"]


def test_texts_of_an_earlier_version_get_their_keys(catalogue: Catalogue) -> None:
    commit(catalogue, made("one", STORY), replace(made("two", OTHER, 1), file=None))
    with catalogue.engine.begin() as connection:
        connection.execute(delete(schema.band))
        corpus_texts.enter_texts(connection)
    assert near(catalogue, STORY) == ["one"]
    assert near(catalogue, OTHER) == []
    assert rows(catalogue) == len(bands_of("\n\n".join(STORY)))


def test_what_is_committed_is_forgotten_and_still_known(catalogue: Catalogue) -> None:
    index, old = PendingArticles(catalogue), made("one", STORY)
    new = made("one", OTHER, 1, revises=old.file)
    last = made("two", STORIES["ru"][4], 2)

    def pass_on(articles: Sequence[Article]) -> None:
        commit(catalogue, *articles)
        index.settle(articles)

    index.add(old)
    pass_on([old])
    index.add(new)
    pass_on([new])
    index.add(last)
    assert list(index._pending) == [last.file]
    assert len(index._by_band) == len(last.bands)
    assert (index._replaced, len(index._by_url), len(index._by_body)) == (set(), 1, 1)
    assert index.near_texts(old.bands) == []
    assert [kept.file for kept in index.near_texts(new.bands)] == [new.file]
    assert [kept.file for kept in index.near_texts(last.bands)] == [last.file]


def test_an_outcome_without_article_settles_nothing(catalogue: Catalogue) -> None:
    index, first = PendingArticles(catalogue), made("one", STORY)
    index.add(first)
    refused: Outcome = outcome_of(replace(first, file=None))
    assert refused.article is not None
    index.settle([refused.article])
    index.add(made("two", OTHER, 1))
    assert len(index._pending) == 2


def test_a_text_that_leaves_the_corpus_takes_no_other_one_with_it(catalogue: Catalogue) -> None:
    first, second = made("one", STORY), made("two", STORY, 1)
    commit(catalogue, first, second)
    assert near(catalogue, STORY) == ["one", "two"]
    commit(catalogue, made("one", OTHER, 2, revises=first.file))
    assert near(catalogue, STORY) == ["two"]
    assert near(catalogue, OTHER) == ["one"]
