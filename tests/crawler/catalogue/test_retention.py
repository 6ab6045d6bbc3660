"""Routine visits of old runs are forgotten; whatever says how a page stands, or what it was, is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from crawler.catalogue.export_rows import export_rows
from crawler.catalogue.retention import Forgettable, forget_routine, forgettable
from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.fates import Fate
from crawler.items import Link
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=500)
BEFORE = NOW - timedelta(days=400)


def run(store: Store, when: datetime, *fates: tuple[Link, Fate]) -> None:
    """A run that ended at a moment, in which each URL was asked and archived."""
    run_id = store.begin_run("news", {}, "test")
    for found, fate in fates:
        outcome = outcome_of(filed(article("one"))) if fate is Fate.SAVED else ended(found, fate)
        capture = Shelved(1)
        store.commit(run_id, [(replace(outcome, capture=capture), capture.durable())])
    store.end_run(run_id, "finished", 0)
    with store.engine.begin() as connection:
        its = update(schema.run).where(schema.run.c.id == run_id)
        connection.execute(its.values(ended=when.isoformat().replace("+00:00", "Z")))


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in schema.metadata.sorted_tables
        }


def visits(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(schema.visit.c.fate).order_by(schema.visit.c.id)).scalars())


def test_old_routine_visits_and_the_places_of_their_records_go(store: Store) -> None:
    for _ in range(3):
        run(store, LONG_AGO, (FEED, Fate.DISCOVERY))
    run(store, NOW, (FEED, Fate.UNCHANGED), (FEED, Fate.DISCOVERY))
    expected = Forgettable(visits=3, captures=3)
    assert forgettable(store, BEFORE) == expected
    assert forget_routine(store, BEFORE) == expected
    assert visits(store) == ["unchanged", "discovery"]
    assert len(rows(store)["capture"]) == 2
    assert forget_routine(store, BEFORE) == Forgettable(0, 0)


def test_articles_failures_and_last_visits_stay(store: Store) -> None:
    one = link("one")
    run(store, LONG_AGO, (one, Fate.SAVED), (one, Fate.UNCHANGED), (one, Fate.GONE), (FEED, Fate.TIMEOUT))
    run(store, LONG_AGO, (FEED, Fate.DISCOVERY))  # its last visit
    exported = list(export_rows(store, everything=True))
    assert forget_routine(store, BEFORE) == Forgettable(visits=1, captures=1)
    assert visits(store) == ["saved", "gone", "timeout", "discovery"]
    assert list(export_rows(store, everything=True)) == exported
    assert exported[0]["record_id"] is not None


def test_nothing_is_changed_by_looking(store: Store) -> None:
    for _ in range(2):
        run(store, LONG_AGO, (FEED, Fate.DISCOVERY))
    before = rows(store)
    assert forgettable(store, BEFORE).visits == 1
    assert rows(store) == before


def test_a_run_that_goes_on_keeps_its_visits(store: Store) -> None:
    run(store, LONG_AGO, (FEED, Fate.DISCOVERY), (FEED, Fate.DISCOVERY))
    with store.engine.begin() as connection:
        connection.execute(update(schema.run).values(ended=None))
    assert forgettable(store, BEFORE) == Forgettable(0, 0)


def test_old_counts_of_days_go(store: Store) -> None:
    with store.engine.begin() as connection:
        days = [{"source": "marisol", "day": day, "urls": 1} for day in (100, 169, 170, 200)]
        connection.execute(schema.source_day.insert(), days)
    forget_routine(store, BEFORE)
    with store.engine.connect() as connection:
        assert connection.execute(select(func.min(schema.source_day.c.day))).scalar() == 170
