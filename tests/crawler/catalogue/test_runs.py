"""The rows of runs: which run a new one takes for killed, and which one came to its end."""

import pytest
from sqlalchemy import select, update

from crawler.catalogue.store import Store
from crawler.database import schema
from tests.support.leasing import Run
from tests.support.outcomes import link


def begin(store: Store, place: str = "a", spider: str = "news") -> int:
    return store.begin_run(spider, {}, "frontwire/0.1", place)


def reasons(store: Store) -> dict[int, tuple[str | None, int | None]]:
    run = schema.run.c
    with store.engine.connect() as connection:
        rows = connection.execute(select(run.id, run.reason, run.exit_code)).all()
    return {row.id: (row.reason, row.exit_code) for row in rows}


def test_a_run_that_did_not_end_was_killed_when_its_place_is_taken(store: Store) -> None:
    first, other, second = begin(store, "a"), begin(store, "b"), begin(store, "a")
    found = reasons(store)
    assert found[first] == ("killed", None)
    assert found[second] == (None, None)
    # A catalogue of its own has one place, whatever it is called.
    assert found[other] == (("killed", None) if store.is_private else (None, None))


def test_a_killed_run_gives_back_what_it_held_and_no_other_does(store: Store) -> None:
    first = Run(store, "a")
    store.enter(first.id, [link("one")])
    assert len(first.take()) == 1
    begin(store, "a")
    with store.engine.connect() as connection:
        assert connection.execute(select(schema.url.c.state)).scalar_one() == "queued"
        assert connection.execute(select(schema.host.c.locked_by)).scalar_one() is None


def test_what_runs_said_of_their_end_stays(store: Store) -> None:
    first, second = begin(store, "a"), begin(store, "b")
    store.end_run(second, "finished", 0)
    store.end_run(first, "shutdown", 1)
    third = begin(store, "b")
    assert reasons(store)[first] == ("shutdown", 1)
    assert reasons(store)[second] == ("finished", 0)
    store.end_run(third, "closespider_timeout", 1)
    assert reasons(store) == {
        first: ("shutdown", 1),
        second: ("finished", 0),
        third: ("closespider_timeout", 1),
    }


@pytest.mark.parametrize(
    ("reason", "is_end"),
    [
        ("finished", True),
        ("closespider_timeout", True),
        ("closespider_itemcount", True),
        ("shutdown", False),
        ("archive_failed", False),
        ("storage_failed", False),
        ("killed", False),
    ],
)
def test_pages_are_known_up_to_the_last_run_that_came_to_its_end(
    store: Store, reason: str, is_end: bool
) -> None:
    first = begin(store)
    store.end_run(first, reason, 0)
    assert (store.last_end(begin(store)) is not None) is is_end


def test_only_a_run_of_the_same_spider_in_the_same_place_counts(store: Store) -> None:
    for place, spider in (("b", "news"), ("a", "replay")):
        store.end_run(begin(store, place, spider), "finished", 0)
    assert store.last_end(begin(store)) is None


def test_of_several_ends_the_latest_counts(store: Store) -> None:
    times = ("2021-01-28T10:00:00Z", "2021-01-29T10:00:00Z", "2021-01-27T10:00:00Z")
    for time in times:
        run = begin(store)
        store.end_run(run, "finished", 0)
        with store.engine.begin() as connection:
            connection.execute(update(schema.run).where(schema.run.c.id == run).values(ended=time))
    assert store.last_end(begin(store)) == max(times)
