"""Texts that are about to leave the corpus hide none of those that stay."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue import corpus_texts
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.items import Article
from crawler.texts.similarity import bands_of
from tests.support.outcomes import article, filed, outcome_of
from tests.support.wire.texts import STORIES, Text

STORY, OTHER = STORIES["ru"][:2]
BANDS = bands_of("\n\n".join(STORY))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def made(number: int, text: Text, revises: str | None = None) -> Article:
    bands = bands_of("\n\n".join(text))
    return filed(replace(article(str(number), revises=revises), paragraphs=text, bands=bands), number)


@pytest.mark.parametrize(
    ("known", "leaving", "near"),
    [
        (3, (), ["0", "1"]),
        (3, (0,), ["1", "2"]),
        (4, (0, 1), ["2", "3"]),
        (5, (1, 2), ["0", "3"]),
        (5, (4,), ["0", "1"]),
    ],
)
def test_what_is_about_to_be_replaced_makes_room(
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    known: int,
    leaving: tuple[int, ...],
    near: list[str],
) -> None:
    monkeypatch.setattr(corpus_texts, "NEAREST", 2)
    run = begin_run(catalogue, "news", {}, "")
    texts = [made(number, STORY) for number in range(known)]
    commit_outcomes(catalogue, run, [(outcome_of(each), None) for each in texts])
    pending = PendingArticles(catalogue)
    for at in leaving:
        pending.add(made(100 + at, OTHER, revises=texts[at].file))
    assert [kept.url.rpartition("/")[2] for kept in pending.near_texts(BANDS)] == near


def test_the_texts_of_a_run_itself_are_left_out_of_what_others_committed(catalogue: Catalogue) -> None:
    runs = [begin_run(catalogue, "news", {}, "") for _ in range(2)]
    for number, run in enumerate(runs):
        commit_outcomes(catalogue, run, [(outcome_of(made(number, STORY)), None)])
    with catalogue.read() as connection:
        found = [
            [kept.url[-1] for _, kept in corpus_texts.near_texts(connection, BANDS, besides=run)]
            for run in (None, *runs)
        ]
    assert found == [["0", "1"], ["1"], ["0"]]
