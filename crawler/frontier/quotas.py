"""How many requests one source may get in one run and in one day, counted as URLs are leased."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select, update

from crawler.database import schema
from crawler.database.bulk import insert_into
from crawler.database.clock import now_ms

DAY_MS = 86_400_000


class Limits(NamedTuple):
    """Most requests to one source; 0 means no limit."""

    per_run: int = 0
    per_day: int = 0
    """In a day of UTC, over all workers of a catalogue."""


class Quotas:
    """The limits of sources, and what one run has used of them."""

    def __init__(self, limits: Mapping[str, Limits]) -> None:
        self._limits = {source: each for source, each in limits.items() if any(each)}
        self._daily = sorted(source for source, each in self._limits.items() if each.per_day)
        self._leased: Counter[str] = Counter()

    def remaining(self, connection: Connection | None) -> dict[str, int]:
        """Requests that each limited source may still get; with None there is no catalogue yet."""
        used = self._used_today(connection)
        remaining = {}
        for source, limits in self._limits.items():
            left = [limits.per_run - self._leased[source]] if limits.per_run else []
            left += [limits.per_day - used[source]] if limits.per_day else []
            remaining[source] = max(min(left), 0)
        return remaining

    def lock(self, connection: Connection) -> None:
        """Keep other workers from counting until the transaction ends."""
        for source in self._daily:  # sorted: writers that lock in other orders would deadlock
            its = {"source": source, "day": _today(), "urls": 0}
            counted = insert_into(connection, schema.source_day).values(its)
            # An update that changes nothing locks the row where it was there before.
            same = {"urls": schema.source_day.c.urls}
            connection.execute(counted.on_conflict_do_update(index_elements=["source", "day"], set_=same))

    def count_today(self, connection: Connection, leased: Mapping[str, int]) -> None:
        """Count URLs for all workers; a negative number of them was given back."""
        day = schema.source_day
        for source in self._daily:
            if more := leased.get(source, 0):
                its = update(day).where(day.c.source == source, day.c.day == _today())
                connection.execute(its.values(urls=day.c.urls + more))

    def count(self, leased: Mapping[str, int]) -> None:
        """Count URLs for this run, once their lease is committed."""
        self._leased.update(leased)

    def _used_today(self, connection: Connection | None) -> Counter[str]:
        if connection is None or not self._daily:
            return Counter()
        day = schema.source_day.c
        today = select(day.source, day.urls).where(day.day == _today(), day.source.in_(self._daily))
        return Counter({row.source: row.urls for row in connection.execute(today)})


def _today() -> ColumnElement[int]:
    """Days since 1970 by the database's clock."""
    return select(now_ms() // DAY_MS).scalar_subquery()
