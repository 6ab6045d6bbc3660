"""Workers that share a store and each let the same story pass: the one that commits first keeps it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from crawler.catalogue.articles import articles, pages_of
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Article, Evidence, Relation
from crawler.outcome import Outcome
from crawler.texts.similarity import bands_of
from tests.support.outcomes import article, filed, outcome_of
from tests.support.wire.texts import STORIES, cut, updated

WHOLE = STORIES["fr"][0]


def made(site: str, paragraphs: tuple[str, ...], number: int = 0) -> Article:
    """An article as a worker lets it pass that has seen no other."""
    found = replace(
        article("one"),
        url=f"https://{site}.example/{number}",
        evidence=Evidence(source=site),
        paragraphs=paragraphs,
        bands=bands_of("\n\n".join(paragraphs)),
    )
    return filed(found, number)


def commit(catalogue: Catalogue, run: int, *articles: Article) -> list[Outcome]:
    return commit_outcomes(catalogue, run, [(outcome_of(each), None) for each in articles])


def files(catalogue: Catalogue) -> list[str | None]:
    return [row.file for row in articles(catalogue)]


@pytest.mark.parametrize("second", [WHOLE, cut(WHOLE)], ids=["the same words", "a part of it"])
def test_of_two_workers_the_one_that_commits_first_keeps_a_story(
    postgres_url: str, tmp_path: Path, second: tuple[str, ...]
) -> None:
    with (
        closing(Catalogue.open(postgres_url, tmp_path)) as one,
        closing(Catalogue.open(postgres_url, tmp_path)) as other,
    ):
        runs = [begin_run(one, "news", {}, "", place) for place in ("one", "other")]
        kept, late = made("marisol", WHOLE), made("tarn", second, 1)
        assert commit(one, runs[0], kept) == []
        assert [each.article for each in commit(other, runs[1], late)] == [late]
        assert files(one) == [kept.file]
        [row] = pages_of(other, late.url)
        assert (row.fate, row.duplicate_of, row.file) == (Fate.SYNDICATED, kept.url, None)
        assert row.text == "\n\n".join(second)
        assert row.known is not None
        assert row.known >= 0.6


def test_workers_that_commit_at_the_same_moment_keep_each_story_once(
    postgres_url: str, tmp_path: Path
) -> None:
    stories, barrier = STORIES["fr"][:8], Barrier(2)

    def work(site: str, stories: list[tuple[str, ...]]) -> list[str]:
        with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
            run = begin_run(catalogue, "news", {}, "", site)
            lost = []
            for number, story in enumerate(stories):
                barrier.wait(30)
                lost += commit(catalogue, run, made(site, story, number))
            return [outcome.url for outcome in lost]

    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue, ThreadPoolExecutor(2) as workers:
        lost = workers.map(work, ("marisol", "tarn"), (stories, [cut(story, 0.86) for story in stories]))
        assert len([url for urls in lost for url in urls]) == len(stories)
        assert len(files(catalogue)) == len(stories)
        with catalogue.read() as connection:
            found = select(func.count(schema.band.c.article_id.distinct()))
            assert connection.execute(found).scalar() == len(stories)


def test_workers_that_share_a_store_know_each_others_kin(postgres_url: str, tmp_path: Path) -> None:
    """What a worker could not see when it decided, it learns when it commits; its file stays."""
    with (
        closing(Catalogue.open(postgres_url, tmp_path)) as one,
        closing(Catalogue.open(postgres_url, tmp_path)) as other,
    ):
        runs = [begin_run(one, "news", {}, "", place) for place in ("one", "other")]
        first, copy = made("marisol", WHOLE), made("tarn", cut(WHOLE), 1)
        later = made("veld", updated(WHOLE, STORIES["fr"][1]), 2)
        on = replace(
            made("calder", updated(WHOLE, STORIES["fr"][2]), 3), kinship=Relation.DEVELOPS, kin=copy.url
        )
        assert commit(one, runs[0], first) == []
        assert [each.article for each in commit(other, runs[1], copy, later, on)] == [copy]
        rows = {row.url: row for row in articles(one, everything=True)}
        assert {row.cluster for row in rows.values()} == {url_key(first.url).hex()}
        assert [(rows[each.url].relation, rows[each.url].relates_to) for each in (copy, later, on)] == [
            ("copy", first.url),
            ("develops", first.url),
            ("develops", copy.url),
        ]
        assert set(files(one)) == {first.file, later.file, on.file}


def test_one_worker_is_not_asked_twice(postgres_url: str, tmp_path: Path) -> None:
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        run = begin_run(catalogue, "news", {}, "", "one")
        first, second = made("marisol", WHOLE), made("marisol", (*WHOLE, "La suite."), 0)
        second = replace(filed(second, 1), revises=first.file)
        assert commit(catalogue, run, first) == []
        assert commit(catalogue, run, second) == []
        assert files(catalogue) == [second.file]


def test_a_text_that_the_same_run_is_about_to_replace_does_not_keep_another_page_out(
    postgres_url: str, tmp_path: Path
) -> None:
    """The run has decided in its own order: the page that had the text gets another one in the same batch."""
    other = STORIES["fr"][1]
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        run = begin_run(catalogue, "news", {}, "", "one")
        first = made("marisol", WHOLE)
        assert commit(catalogue, run, first) == []
        replacing = replace(filed(made("marisol", other), 1), revises=first.file)
        taking = made("tarn", WHOLE, 2)
        assert commit(catalogue, run, replacing, taking) == []
        assert sorted(map(str, files(catalogue))) == sorted([str(replacing.file), str(taking.file)])
