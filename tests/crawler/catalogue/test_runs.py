"""The rows of runs: which run a new one takes for killed, and which one came to its end."""

import pytest
from sqlalchemy import select, update

from crawler.catalogue.runs import begin_run, end_run, has_runs, last_end
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.url_rows import enter
from tests.support.leasing import Run
from tests.support.outcomes import link


def begin(catalogue: Catalogue, place: str = "a", spider: str = "news") -> int:
    return begin_run(catalogue, spider, {}, "frontwire/0.1", place)


def reasons(catalogue: Catalogue) -> dict[int, tuple[str | None, int | None]]:
    run = schema.run.c
    with catalogue.read() as connection:
        rows = connection.execute(select(run.id, run.reason, run.exit_code)).all()
    return {row.id: (row.reason, row.exit_code) for row in rows}


def test_a_run_that_did_not_end_was_killed_when_its_place_is_taken(catalogue: Catalogue) -> None:
    first, other, second = begin(catalogue, "a"), begin(catalogue, "b"), begin(catalogue, "a")
    found = reasons(catalogue)
    assert found[first] == ("killed", None)
    assert found[second] == (None, None)
    # A catalogue of its own has one place, whatever it is called.
    assert found[other] == (("killed", None) if catalogue.is_private else (None, None))


def test_a_killed_run_gives_back_what_it_held_and_no_other_does(catalogue: Catalogue) -> None:
    first = Run(catalogue, "a")
    enter(catalogue, first.id, [link("one")])
    assert len(first.take()) == 1
    begin(catalogue, "a")
    with catalogue.read() as connection:
        assert connection.execute(select(schema.url.c.state)).scalar_one() == "queued"
        assert connection.execute(select(schema.host.c.locked_by)).scalar_one() is None


def test_each_place_of_a_shared_catalogue_has_its_own_runs(catalogue: Catalogue) -> None:
    assert not has_runs(catalogue)
    begin(catalogue, "a")
    assert has_runs(catalogue)
    assert has_runs(catalogue, "a")
    assert not has_runs(catalogue, "b")


def test_what_runs_said_of_their_end_stays(catalogue: Catalogue) -> None:
    first, second = begin(catalogue, "a"), begin(catalogue, "b")
    end_run(catalogue, second, "finished", 0)
    end_run(catalogue, first, "shutdown", 1)
    third = begin(catalogue, "b")
    assert reasons(catalogue)[first] == ("shutdown", 1)
    assert reasons(catalogue)[second] == ("finished", 0)
    end_run(catalogue, third, "closespider_timeout", 1)
    assert reasons(catalogue) == {
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
    catalogue: Catalogue, reason: str, is_end: bool
) -> None:
    first = begin(catalogue)
    end_run(catalogue, first, reason, 0)
    assert (last_end(catalogue, begin(catalogue)) is not None) is is_end


def test_only_a_run_of_the_same_spider_in_the_same_place_counts(catalogue: Catalogue) -> None:
    for place, spider in (("b", "news"), ("a", "replay")):
        end_run(catalogue, begin(catalogue, place, spider), "finished", 0)
    assert last_end(catalogue, begin(catalogue)) is None


def test_of_several_ends_the_latest_counts(catalogue: Catalogue) -> None:
    times = ("2021-01-28T10:00:00Z", "2021-01-29T10:00:00Z", "2021-01-27T10:00:00Z")
    for time in times:
        run = begin(catalogue)
        end_run(catalogue, run, "finished", 0)
        with catalogue.engine.begin() as connection:
            connection.execute(update(schema.run).where(schema.run.c.id == run).values(ended=time))
    assert last_end(catalogue, begin(catalogue)) == max(times)
