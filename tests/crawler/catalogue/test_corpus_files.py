"""Which files a place has by the catalogue: present, replaced, taken down; of other months and places none."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.article_row import erased_values
from crawler.catalogue.corpus_files import (
    all_files,
    erased_numbers,
    files_of_month,
    last_number,
    replaced_files,
)
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.places import EVERYWHERE
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article
from tests.support.outcomes import Shelved, article, filed, outcome_of

OLD, PRESENT, GONE = (
    filed(article("one", "Un."), 0),
    filed(article("one", "Deux."), 1),
    filed(article("two"), 2),
)
NEW = replace(PRESENT, revises=OLD.file)
THEIRS, NOBODYS = filed(article("three", "Trois."), 3), filed(article("four", "Quatre."), 4)
LATER = filed(article("five", "Cinq.", month="2021-02"), 7)
HERE, THERE, MONTH = "a", "b", "2021-01"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        for made, place in ((OLD, HERE), (NEW, HERE), (GONE, HERE), (THEIRS, THERE), (LATER, HERE)):
            keep(catalogue, made, place)
        commit(catalogue, NOBODYS)
        commit(catalogue, replace(article("six"), month=MONTH), Fate.OFF_TOPIC)
        erased = update(schema.article).where(schema.article.c.file == GONE.file).values(erased_values())
        catalogue.write(lambda connection: connection.execute(erased))
        yield catalogue


def commit(catalogue: Catalogue, made: Article, fate: Fate = Fate.SAVED) -> None:
    place = made.capture.durable() if made.capture else None
    commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(outcome_of(made, fate), place)])


def keep(catalogue: Catalogue, made: Article, place: str) -> None:
    """Commit an article whose record lies in a place."""
    commit(catalogue, replace(made, capture=Shelved(1)))
    newest = update(schema.capture).where(schema.capture.c.place == "").values(place=place)
    catalogue.write(lambda connection: connection.execute(newest))


@pytest.mark.parametrize(
    ("place", "present", "replaced", "erased"),
    [
        (EVERYWHERE, {NEW.file, THEIRS.file, NOBODYS.file}, {OLD.file}, {2}),
        (HERE, {NEW.file, NOBODYS.file}, {OLD.file}, {2}),  # what lies in no known place is everybody's
        (THERE, {THEIRS.file, NOBODYS.file}, set(), set()),
    ],
)
def test_files_of_a_month_are_told_by_place_and_by_what_became_of_them(
    catalogue: Catalogue, place: str, present: set[str], replaced: set[str], erased: set[int]
) -> None:
    assert files_of_month(catalogue, MONTH, place) == present
    assert replaced_files(catalogue, MONTH, place) == replaced
    assert erased_numbers(catalogue, MONTH, place) == erased
    later = {LATER.file} if place != THERE else set()
    assert all_files(catalogue, place) == present | replaced | later


def test_a_number_is_the_last_of_its_month_whatever_became_of_its_file(catalogue: Catalogue) -> None:
    assert [last_number(catalogue, month) for month in (MONTH, "2021-02", "2021-03")] == [4, 7, -1]
    erased = update(schema.article).values(erased_values())
    catalogue.write(lambda connection: connection.execute(erased))
    assert last_number(catalogue, MONTH) == 4
