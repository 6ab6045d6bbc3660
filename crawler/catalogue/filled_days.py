"""Days that back-fills have gone over, source by source, and how many articles of each they kept."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select

from crawler.catalogue.interrupted_runs import arguments_of
from crawler.catalogue.runs import BACKFILL
from crawler.database import schema
from crawler.errors import OperatorError
from crawler.fates import IN_CORPUS, Fate
from crawler.items import FETCHED_ONCE, UrlKind
from crawler.past.period import Period
from crawler.past.task_of_arguments import period_of


@dataclass(frozen=True, slots=True)
class Filling:
    """A back-fill that came to its end."""

    runs: frozenset[int]
    """The last one, and those before it that were interrupted."""
    days: Period
    """Of its period those that were over when it began: what followed it cannot have seen."""


def filled_days(connection: Connection) -> dict[tuple[str, str], int]:
    """By source and day (`YYYY-MM-DD`) the number of articles that back-fills kept, 0 where they found none.

    A source counts as gone over if a listing of its own was read, and a day of which an article was kept all the same:
    that a list of all publishers does not name an article says nothing.
    """
    filled: dict[tuple[str, str], int] = {}
    for filling in fillings(connection):
        wanted = {day.isoformat() for day in filling.days}
        for source in _looked_into(connection, filling.runs):
            filled |= {(source, day): filled.get((source, day), 0) for day in wanted}
        for (source, day), count in _kept(connection, filling.runs).items():
            if day in wanted:
                filled[source, day] = filled.get((source, day), 0) + count
    return filled


def fillings(connection: Connection) -> Iterator[Filling]:
    """The back-fills that came to their end, oldest first."""
    run = schema.run.c
    query = select(run.id, run.place, run.arguments, run.reason, run.started).where(run.spider == BACKFILL)
    interrupted = defaultdict[tuple[str, str], set[int]](set)
    for row in connection.execute(query.order_by(run.id)):
        given = arguments_of(row.arguments, ("yes",))
        alike = row.place, json.dumps(given, sort_keys=True)
        interrupted[alike].add(row.id)
        if row.reason != "finished":
            continue
        runs = frozenset(interrupted.pop(alike))
        days = _days_of(given, date.fromisoformat(row.started[:10]))
        if days is not None:
            yield Filling(runs, days)


def _days_of(arguments: Mapping[str, str], began: date) -> Period | None:
    try:
        days = [day for day in period_of(arguments, began) if day < began]
    except OperatorError:  # of a version that read its arguments otherwise
        return None
    return Period.of_days(days) if days else None


def _looked_into(connection: Connection, runs: Collection[int]) -> list[str]:
    """The sources of which these runs read a listing that had entries; the index of an archive may have none."""
    url, visit, read = schema.url.c, schema.visit, schema.listing_read
    has_entries = or_(read.c.links > 0, read.c.dropped != "{}", url.kind == UrlKind.CDX)
    query = (
        select(url.source)
        .distinct()
        .join_from(schema.url, visit, visit.c.url_id == url.id)
        .join(read, read.c.visit_id == visit.c.id)
        .where(visit.c.run_id.in_(sorted(runs)), visit.c.fate.in_((Fate.DISCOVERY, Fate.PARTLY_READ)))
        .where(url.kind.not_in(sorted(FETCHED_ONCE)), has_entries)
    )
    return [*connection.execute(query).scalars()]


def _kept(connection: Connection, runs: Collection[int]) -> Counter[tuple[str, str]]:
    """By source and day of publication the articles of the corpus that these runs kept."""
    article, visit = schema.article.c, schema.visit
    day = func.substr(article.published, 1, 10)
    query = (
        select(article.source, day, func.count())
        .join_from(schema.article, visit, visit.c.url_id == article.url_id)
        .where(visit.c.run_id.in_(sorted(runs)), visit.c.fate.in_(sorted(IN_CORPUS)))
        .where(article.file.is_not(None), article.source.is_not(None), article.published.is_not(None))
        .group_by(article.source, day)
    )
    return Counter({(source, on): count for source, on, count in connection.execute(query)})
