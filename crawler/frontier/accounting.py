"""Which run accounts for which URLs, which runs are at work, and what becomes of the leases of those that are not."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, select, update

from crawler.database import schema
from crawler.database.clock import now_ms
from crawler.frontier.states import LEASED, QUEUED, in_state

LEASE_MS = 30_000
"""How long a run that is silent counts as being at work, and keeps what it has leased."""


def live_runs(connection: Connection) -> Sequence[int]:
    """The runs that are at work on this catalogue."""
    run, now = schema.run.c, select(now_ms()).scalar_subquery()
    # Far beyond now: a clock that was wrong wrote it.
    living = (run.ended.is_(None), run.alive_until > now, run.alive_until <= now + 2 * LEASE_MS)
    return connection.execute(select(run.id).where(*living)).scalars().all()


def count_discovered(connection: Connection, run_id: int, more: int) -> None:
    """Add to the number of URLs that a run has to account for."""
    if more:
        connection.execute(_counting(), {"run": run_id, "more": more})


@cache  # to make it takes longer than the database
def _counting() -> Any:
    run = schema.run
    more = run.c.discovered + bindparam("more", type_=Integer)
    return update(run).where(run.c.id == bindparam("run")).values(discovered=more)


def transfer_accounting(connection: Connection, run_id: int, counts: Counter[int]) -> None:
    """Have a run account for URLs of other runs, by run; the sums of runs that have ended stay as they are."""
    theirs = {other: count for other, count in counts.items() if other != run_id}
    run = schema.run
    # Sorted: writers that lock the same rows in other orders would deadlock.
    for each in sorted({*theirs, run_id} if theirs else ()):
        change = sum(theirs.values()) if each == run_id else -theirs[each]
        counting = update(run).where(run.c.id == each, run.c.ended.is_(None))
        connection.execute(counting.values(discovered=run.c.discovered + change))


def give_back(connection: Connection, run_id: int) -> None:
    """End the leases of a run."""
    _give_back(connection, schema.url.c.run_id == run_id, schema.host.c.locked_by == run_id)


def release_expired_leases(connection: Connection, living: Collection[int]) -> None:
    """End the leases of all runs but those that are at work."""
    _give_back(connection, schema.url.c.run_id.not_in(living), schema.host.c.locked_by.not_in(living))


def _give_back(connection: Connection, urls: ColumnElement[bool], hosts: ColumnElement[bool]) -> None:
    url, host = schema.url, schema.host
    # A lease without an end was no attempt.
    queued = {"state": QUEUED, "attempts": url.c.attempts - 1}
    connection.execute(update(url).where(in_state(LEASED), urls).values(queued))
    connection.execute(update(host).where(host.c.locked_by.is_not(None), hosts).values(locked_by=None))
