"""What was extracted, page by page: every row of a URL, with the place of its record and its date evidence."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from crawler.catalogue.store import Store, located_articles
from crawler.database import schema
from crawler.http.url_identity import keys_of

Row = dict[str, Any]
"""Columns of `article` and `capture` by name, `url`, and `dates`: sorted (value, kind, origin)."""


class End(NamedTuple):
    """How a URL stands in the catalogue."""

    state: str
    """See `crawler.frontier.states`."""
    fate: str | None


class Visit(NamedTuple):
    """How a URL ended in one run."""

    spider: str
    started: str
    fate: str
    reason: str | None


def page_urls(store: Store) -> Iterator[str]:
    """Every URL of which a page was extracted, in the order of their discovery."""
    extracted = select(schema.article.c.url_id)
    query = select(schema.url.c.url).where(schema.url.c.id.in_(extracted)).order_by(schema.url.c.id)
    with store.engine.connect().execution_options(yield_per=200) as connection:
        yield from connection.execute(query).scalars()


def pages_of(store: Store, url: str) -> list[Row]:
    """What was extracted of a URL, oldest first."""
    query = located_articles().where(schema.url.c.key.in_(keys_of(url)))
    date = schema.date_evidence.c
    with store.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
        noted = select(date.article_id, date.value, date.kind, date.origin).where(
            date.article_id.in_([row["id"] for row in rows])
        )
        dates = defaultdict(list)
        for article_id, *evidence in connection.execute(noted):
            dates[article_id].append(tuple(evidence))
    return [row | {"dates": sorted(dates[row["id"]])} for row in rows]


def end_of(store: Store, url: str) -> End | None:
    """How a URL stands; None if the catalogue does not know it."""
    column = schema.url.c
    query = select(column.state, column.fate).where(column.key.in_(keys_of(url)))
    with store.engine.connect() as connection:
        # The row of this very spelling, if there are two.
        row = connection.execute(query.order_by((column.url == url).desc())).first()
    return End(*row) if row else None


def visits_of(store: Store, url: str) -> list[Visit]:
    """How a URL ended in each run, oldest first."""
    visit, run = schema.visit.c, schema.run.c
    query = (
        select(run.spider, run.started, visit.fate, visit.reason)
        .join_from(schema.visit, schema.run, visit.run_id == run.id)
        .join(schema.url, visit.url_id == schema.url.c.id)
        .where(schema.url.c.key.in_(keys_of(url)))
        .order_by(visit.id)
    )
    with store.engine.connect() as connection:
        return [Visit(*row) for row in connection.execute(query)]


def last_reason(store: Store) -> str | None:
    """Why the latest run ended; None if it did not, or if there was none."""
    run = schema.run.c
    with store.engine.connect() as connection:
        return connection.execute(select(run.reason).order_by(run.id.desc()).limit(1)).scalar()
