"""What a catalogue may forget after a time: that routine visits took place, and where their records lie.

A feed that is fetched every hour leaves 9,000 rows a year that say that nothing happened. Their records stay in
the WARC files and the index of these. Whatever has to do with an article stays in the catalogue as well.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, select, text

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.fates import Fate

ROUTINE = frozenset({Fate.DISCOVERY, Fate.UNCHANGED})
"""Fates of visits that brought no article, no failure and no event of an article."""

DAYS_COUNTED = 30
"""Days for which the requests to each source are kept."""


@dataclass(frozen=True, slots=True)
class Forgettable:
    """How many rows may go."""

    visits: int
    captures: int
    """Places of records that only these visits name."""


def forgettable(catalogue: Catalogue, before: datetime) -> Forgettable:
    """What may be forgotten of the runs that ended before a moment; nothing is changed."""
    visits = schema.visit.c
    old = _old_visits(before)
    kept = select(visits.capture_id).where(visits.id.not_in(old))
    captures = select(visits.capture_id).where(visits.id.in_(old), visits.capture_id.not_in(_known(kept)))
    with catalogue.read() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
            for rows in (old, captures.distinct())
        ]
    return Forgettable(*counts)


def forget_routine(catalogue: Catalogue, before: datetime) -> Forgettable:
    """Forget it, in one transaction, and count what is gone."""

    def forget(connection: Connection) -> Forgettable:
        old, read = _old_visits(before), schema.listing_read
        connection.execute(delete(read).where(read.c.visit_id.in_(old)))
        visits = connection.execute(delete(schema.visit).where(schema.visit.c.id.in_(old)))
        captures = _delete_unnamed(connection)
        day = schema.source_day.c.day
        newest = select(func.max(day)).scalar_subquery()
        connection.execute(delete(schema.source_day).where(day < newest - DAYS_COUNTED))
        return Forgettable(visits.rowcount, captures)

    return catalogue.write(forget)


def _old_visits(before: datetime) -> Select[tuple[int]]:
    """Routine visits of runs that ended before; the last visit of a URL is no routine, it says how it stands."""
    visit, run = schema.visit.c, schema.run.c
    last = select(func.max(visit.id)).group_by(visit.url_id)
    ended = select(run.id).where(run.ended < utc_text(before))
    return select(visit.id).where(and_(_is_routine(), visit.run_id.in_(ended), visit.id.not_in(last)))


def _is_routine() -> ColumnElement[bool]:
    return schema.visit.c.fate.in_(sorted(ROUTINE))


def _known(kept: Select[tuple[int | None]]) -> Select[tuple[int | None]]:
    """Captures that visits or articles name."""
    article = schema.article.c.capture_id
    named = kept.where(schema.visit.c.capture_id.is_not(None))
    return named.union(select(article).where(article.is_not(None))).subquery().select()


def _delete_unnamed(connection: Connection) -> int:
    """Delete the places of records that no row names any more."""
    capture = schema.capture
    # For this once: a database looks for rows that name what goes, and without them reads all, for each.
    for table in ("visit", "article"):
        connection.execute(text(f"create index prune_{table} on {table} (capture_id)"))
    unnamed = capture.c.id.not_in(_known(select(schema.visit.c.capture_id)))
    gone = connection.execute(delete(capture).where(unnamed)).rowcount
    for table in ("visit", "article"):
        connection.execute(text(f"drop index prune_{table}"))
    return int(gone)
