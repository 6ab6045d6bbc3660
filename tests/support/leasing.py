"""Runs that lease URLs from a store, and what its rows say."""

from typing import Any

from sqlalchemy import select, update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.catalogue.tallies import tally_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedHost, LeasedUrl, Leases
from crawler.outcome import Outcome


class Run:
    """A run at work, with a data directory of its own."""

    def __init__(self, catalogue: Catalogue, place: str, *sources: str) -> None:
        self.catalogue = catalogue
        self.id = begin_run(catalogue, "news", {}, "frontwire/0.1", place)
        self.leases = Leases(catalogue, self.id, sources or ("marisol", "tarn"))
        self.leases.keep()

    def hosts(self) -> list[LeasedHost]:
        return self.leases.lease_hosts(10)

    def take(self, count: int = 100) -> list[LeasedUrl]:
        """URLs of all hosts that are free."""
        return self.leases.lease_urls([host.id for host in self.hosts()], count)

    def end(self, *outcomes: Outcome) -> list[Outcome]:
        return commit_outcomes(self.catalogue, self.id, [(each, None) for each in outcomes], leased=True)

    @property
    def reconciles(self) -> bool:
        return tally_of(self.catalogue, self.id).reconciles


def two_runs(catalogue: Catalogue) -> tuple[Run, Run]:
    """Two runs at work; on SQLite the places are ignored, so the first's row is opened again."""
    first, second = Run(catalogue, "a"), Run(catalogue, "b")
    with (
        catalogue.engine.begin() as connection
    ):  # SQLite has one run at a time, and took the first for killed
        connection.execute(update(schema.run).values(ended=None, reason=None))
    first.leases.keep()
    return first, second


def urls(leased: list[LeasedUrl]) -> list[str]:
    return [each.link.url for each in leased]


def set_rows(catalogue: Catalogue, table: Any, **values: Any) -> None:
    with catalogue.engine.begin() as connection:
        connection.execute(update(table).values(values))


def value_of(catalogue: Catalogue, column: Any) -> Any:
    with catalogue.read() as connection:
        return connection.execute(select(column)).scalar_one()
