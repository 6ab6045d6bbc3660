"""Runs that lease URLs from a store, and what its rows say."""

from typing import Any

from sqlalchemy import select, update

from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.frontier.leases import LeasedHost, LeasedUrl, Leases
from crawler.outcome import Outcome


class Run:
    """A run at work, with a data directory of its own."""

    def __init__(self, store: Store, place: str, *sources: str) -> None:
        self.store = store
        self.id = store.begin_run("news", {}, "frontwire/0.1", place)
        self.leases = Leases(store, self.id, sources or ("marisol", "tarn"))
        self.leases.keep()

    def hosts(self) -> list[LeasedHost]:
        return self.leases.lease_hosts(10)

    def take(self, count: int = 100) -> list[LeasedUrl]:
        """URLs of all hosts that are free."""
        return self.leases.lease_urls([host.id for host in self.hosts()], count)

    def end(self, *outcomes: Outcome) -> list[Outcome]:
        return self.store.commit(self.id, [(each, None) for each in outcomes], leased=True)

    @property
    def reconciles(self) -> bool:
        return self.store.tally(self.id).reconciles


def two_runs(store: Store) -> tuple[Run, Run]:
    """Two runs at work; on SQLite the places are ignored, so the first's row is opened again."""
    first, second = Run(store, "a"), Run(store, "b")
    with store.engine.begin() as connection:  # SQLite has one run at a time, and took the first for killed
        connection.execute(update(schema.run).values(ended=None, reason=None))
    first.leases.keep()
    return first, second


def urls(leased: list[LeasedUrl]) -> list[str]:
    return [each.link.url for each in leased]


def set_rows(store: Store, table: Any, **values: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(table).values(values))


def value_of(store: Store, column: Any) -> Any:
    with store.engine.connect() as connection:
        return connection.execute(select(column)).scalar_one()
