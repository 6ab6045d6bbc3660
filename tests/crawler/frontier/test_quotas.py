"""Limits of sources hold over all workers of a store, and what was not asked for does not count."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.frontier.quotas import Limits, Quotas
from crawler.frontier.url_rows import enter
from tests.support.outcomes import link

NAMES = [link(str(number)) for number in range(6)]


class Worker:
    """A run with limits for the site marisol.example."""

    def __init__(self, catalogue: Catalogue, limits: Limits) -> None:
        self.run_id = begin_run(catalogue, "news", {}, "frontwire/0.1", "a")
        enter(catalogue, self.run_id, NAMES)
        self.leases = Leases(catalogue, self.run_id, {"marisol"}, limits={"marisol": limits})
        self.leases.keep()

    def take(self, count: int = 9) -> list[LeasedUrl]:
        return self.leases.lease_urls([host.id for host in self.leases.lease_hosts(9)], count)

    def return_all(self, taken: list[LeasedUrl]) -> None:
        self.leases.return_urls([leased.id for leased in taken])
        self.leases.release_hosts({leased.host: 0.0 for leased in taken})


def test_a_day_has_its_limit_over_all_workers(catalogue: Catalogue) -> None:
    first = Worker(catalogue, Limits(per_day=4))
    taken = first.take(3)
    first.leases.release_hosts({taken[0].host: 0.0})
    second = Worker(catalogue, Limits(per_day=4))
    assert (len(taken), len(second.take())) == (3, 1)
    assert second.leases.left_by_limits() == {"marisol": 5}  # the second run took its place, and its leases
    assert not second.leases.is_open(60.0)


def test_the_last_url_of_a_day_is_leased_once_though_two_workers_want_it(
    postgres_url: str, tmp_path: Path
) -> None:
    """The second looks at the day's count when the first has the lock and has not counted yet."""
    limits = Limits(per_day=1)
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue, ThreadPoolExecutor(1) as thread:
        worker = Worker(catalogue, limits)
        other = Quotas({"marisol": limits})
        with catalogue.engine.begin() as connection:
            other.lock(connection)
            leased = thread.submit(worker.take)
            wait_for_a_lock(catalogue.engine)
            assert other.remaining(connection) == {"marisol": 1}
            other.count_today(connection, {"marisol": 1})
        assert leased.result() == []


def wait_for_a_lock(engine: Engine) -> None:
    """Return when a transaction of this database waits for another one."""
    waiting = text(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    with engine.connect() as connection:
        while connection.execute(waiting).first() is None:
            connection.rollback()  # activity is read once a transaction


def test_what_is_given_back_does_not_count(catalogue: Catalogue) -> None:
    worker = Worker(catalogue, Limits(per_run=4, per_day=4))
    worker.return_all(worker.take(3))
    assert len(worker.take()) == 4
    assert Worker(catalogue, Limits(per_day=4)).take() == []


def test_without_limits_nothing_is_counted(catalogue: Catalogue) -> None:
    worker = Worker(catalogue, Limits())
    assert len(worker.take()) == len(NAMES)
    assert worker.leases.left_by_limits() == {}


@pytest.mark.parametrize("limits", [Limits(per_run=3, per_day=2), Limits(per_run=2, per_day=3)])
def test_of_two_limits_the_nearer_one_counts(catalogue: Catalogue, limits: Limits) -> None:
    worker = Worker(catalogue, limits)
    assert len(worker.take()) == 2
    assert worker.take() == []
