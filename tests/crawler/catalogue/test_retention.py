"""Routine visits of old runs are forgotten; whatever says how a page stands, or what it was, is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.retention import Forgettable, forget_routine, forgettable
from crawler.catalogue.runs import begin_run, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Link
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=500)
BEFORE = NOW - timedelta(days=400)


def run(catalogue: Catalogue, when: datetime, *fates: tuple[Link, Fate]) -> None:
    """A run that ended at a moment, in which each URL was asked and archived."""
    run_id = begin_run(catalogue, "news", {}, "test")
    for found, fate in fates:
        outcome = outcome_of(filed(article("one"))) if fate is Fate.SAVED else ended(found, fate)
        capture = Shelved(1)
        commit_outcomes(catalogue, run_id, [(replace(outcome, capture=capture), capture.durable())])
    end_run(catalogue, run_id, "finished", 0)
    with catalogue.engine.begin() as connection:
        its = update(schema.run).where(schema.run.c.id == run_id)
        connection.execute(its.values(ended=when.isoformat().replace("+00:00", "Z")))


def rows(catalogue: Catalogue) -> dict[str, list[tuple[object, ...]]]:
    with catalogue.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in schema.metadata.sorted_tables
        }


def visits(catalogue: Catalogue) -> list[str]:
    with catalogue.read() as connection:
        return list(connection.execute(select(schema.visit.c.fate).order_by(schema.visit.c.id)).scalars())


def test_old_routine_visits_and_the_places_of_their_records_go(catalogue: Catalogue) -> None:
    for _ in range(3):
        run(catalogue, LONG_AGO, (FEED, Fate.DISCOVERY))
    run(catalogue, NOW, (FEED, Fate.UNCHANGED), (FEED, Fate.DISCOVERY))
    expected = Forgettable(visits=3, captures=3)
    assert forgettable(catalogue, BEFORE) == expected
    assert forget_routine(catalogue, BEFORE) == expected
    assert visits(catalogue) == ["unchanged", "discovery"]
    assert len(rows(catalogue)["capture"]) == 2
    assert forget_routine(catalogue, BEFORE) == Forgettable(0, 0)


def test_articles_failures_and_last_visits_stay(catalogue: Catalogue) -> None:
    one = link("one")
    run(catalogue, LONG_AGO, (one, Fate.SAVED), (one, Fate.UNCHANGED), (one, Fate.GONE), (FEED, Fate.TIMEOUT))
    run(catalogue, LONG_AGO, (FEED, Fate.DISCOVERY))  # its last visit
    exported = list(articles(catalogue, everything=True))
    assert forget_routine(catalogue, BEFORE) == Forgettable(visits=1, captures=1)
    assert visits(catalogue) == ["saved", "gone", "timeout", "discovery"]
    assert list(articles(catalogue, everything=True)) == exported
    assert exported[0].record_id is not None


def test_nothing_is_changed_by_looking(catalogue: Catalogue) -> None:
    for _ in range(2):
        run(catalogue, LONG_AGO, (FEED, Fate.DISCOVERY))
    before = rows(catalogue)
    assert forgettable(catalogue, BEFORE).visits == 1
    assert rows(catalogue) == before


def test_a_run_that_goes_on_keeps_its_visits(catalogue: Catalogue) -> None:
    run(catalogue, LONG_AGO, (FEED, Fate.DISCOVERY), (FEED, Fate.DISCOVERY))
    with catalogue.engine.begin() as connection:
        connection.execute(update(schema.run).values(ended=None))
    assert forgettable(catalogue, BEFORE) == Forgettable(0, 0)


def test_old_counts_of_days_go(catalogue: Catalogue) -> None:
    with catalogue.engine.begin() as connection:
        days = [{"source": "marisol", "day": day, "urls": 1} for day in (100, 169, 170, 200)]
        connection.execute(schema.source_day.insert(), days)
    forget_routine(catalogue, BEFORE)
    with catalogue.read() as connection:
        assert connection.execute(select(func.min(schema.source_day.c.day))).scalar() == 170
