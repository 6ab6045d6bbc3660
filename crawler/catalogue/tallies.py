"""Sums over the URLs of a run, or of all runs: how many ended in which fate."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.states import DEFERRED, DONE
from crawler.items import REQUISITES, UrlKind


class Tally(NamedTuple):
    """The sums of a run; they reconcile when `discovered == sum(fates) + pending`."""

    discovered: int
    fates: dict[str, int]
    pending: int
    failing: int = 0
    """Those of the pending ones whose requests have failed so far."""

    @property
    def reconciles(self) -> bool:
        return self.discovered == sum(self.fates.values()) + self.pending


def tally_of(catalogue: Catalogue, run_id: int) -> Tally:
    """Fates and pending URLs of a run, beside what it counted as URLs came and went."""
    url, run = schema.url.c, schema.run.c
    # One query: another run may take URLs over between two.
    counts = (
        select(run.discovered, url.state, url.fate, func.count(url.id))
        .outerjoin_from(schema.run, schema.url, url.run_id == run.id)
        .where(run.id == run_id)
        .group_by(run.discovered, url.state, url.fate)
    )
    with catalogue.read() as connection:
        rows = connection.execute(counts).all()
    fates = {str(fate): int(count) for _, state, fate, count in rows if state == DONE}
    pending = sum(int(count) for _, state, _, count in rows if state != DONE)
    failing = sum(int(count) for _, state, _, count in rows if state == DEFERRED)
    return Tally(int(rows[0].discovered), fates, pending, failing)


def requisite_fates(catalogue: Catalogue, run_id: int) -> dict[UrlKind, dict[str, int]]:
    """How many of the files that pages are shown with ended in which fate in a run, by their kind."""
    url = schema.url.c
    counts = {
        kind: _count_fates(catalogue, url.run_id == run_id, url.kind == kind) for kind in sorted(REQUISITES)
    }
    return {kind: fates for kind, fates in counts.items() if fates}


def fates_of_all(catalogue: Catalogue) -> dict[str, int]:
    """How many URLs of all runs ended in which fate."""
    return _count_fates(catalogue)


def most_frequent_reason(catalogue: Catalogue, run_id: int, fates: Collection[str]) -> str:
    """The most frequent reason of a run's visits that ended in one of these fates; empty if there are none."""
    visit = schema.visit.c
    ended = select(visit.reason).where(visit.run_id == run_id, visit.fate.in_(fates), visit.reason != "")
    frequent = ended.group_by(visit.reason).order_by(func.count().desc(), visit.reason).limit(1)
    with catalogue.read() as connection:
        return connection.execute(frequent).scalar() or ""


def _count_fates(catalogue: Catalogue, *urls: ColumnElement[bool]) -> dict[str, int]:
    url = schema.url.c
    ended = select(url.fate, func.count()).where(url.state == DONE, *urls).group_by(url.fate)
    with catalogue.read() as connection:
        return {str(fate): count for fate, count in connection.execute(ended)}
