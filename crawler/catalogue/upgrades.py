"""Bringing a store of an earlier version up to the present one, in one transaction, step by step."""

import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Column, Connection, Table, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn

from crawler.catalogue.corpus_texts import enter_texts
from crawler.database import schema
from crawler.database.engine import CatalogueError, connect, shown, version_of
from crawler.frontier.hosts import host_ids
from crawler.frontier.states import QUEUED
from crawler.frontier.url_rows import PRIORITIES
from crawler.http.url_identity import exact_key, url_key
from crawler.http.urls import host_name
from crawler.items import UrlKind


def upgrade(store_url: str, data_dir: Path) -> tuple[int, int]:
    """Bring a store up to date: its version before and after. `CatalogueError` if that cannot be done.

    A kill, or a failure, leaves the store as it was.
    """
    engine = connect(store_url, data_dir)
    try:
        with engine.begin() as connection:
            before = version_of(connection)
            if before is None:
                raise CatalogueError(f"There is no catalogue in {shown(engine.url)}: run a crawl first.")
            # First of all: in SQLite a transaction begins with the first row that is written.
            connection.execute(update(schema.schema_version).values(version=max(before, schema.VERSION)))
            for version in range(before, schema.VERSION):
                _STEPS[version](connection)
            if before < schema.VERSION:
                schema.metadata.create_all(connection)
        return before, max(before, schema.VERSION)
    except DBAPIError as error:
        raise CatalogueError(
            f"Cannot upgrade {shown(engine.url)}: {error.orig}. It is as it was before."
        ) from None
    finally:
        engine.dispose()


def _to_2(connection: Connection) -> None:
    """The frontier: hosts, leases, schedules, and identities that leave out more of a URL."""
    schema.host.create(connection, checkfirst=True)
    for table in (schema.run, schema.url):
        _add_columns(connection, table)
    connection.execute(update(schema.run).where(schema.run.c.discovered.is_(None)).values(discovered=0))
    _know_by_new_keys(connection)
    _fill_sources(connection)
    for index in schema.url.indexes:
        index.create(connection, checkfirst=True)


def _add_columns(connection: Connection, table: Table) -> None:
    known = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            _add_column(connection, table, column)


def _add_column(connection: Connection, table: Table, column: Column[object]) -> None:
    definition = CreateColumn(column).compile(dialect=connection.dialect)
    connection.execute(text(f"alter table {table.name} add column {definition}"))


def _know_by_new_keys(connection: Connection) -> None:
    """Give each URL its key; of several that name one page now, the first has it."""
    url = schema.url
    taken: set[bytes] = set()
    rows = connection.execute(select(url.c.id, url.c.url).order_by(url.c.id)).all()
    # In two passes, for a new key may be an old one of another row.
    for row in rows:
        connection.execute(update(url).where(url.c.id == row.id).values(key=row.id.to_bytes(16)))
    for row in rows:
        key = url_key(row.url)
        key = exact_key(row.url) if key in taken else key
        taken.add(key)
        connection.execute(update(url).where(url.c.id == row.id).values(key=key))


def _fill_sources(connection: Connection) -> None:
    url = schema.url
    rows = connection.execute(select(url.c.id, url.c.url, url.c.state, url.c.evidence)).all()
    waiting = {row.id: name for row in rows if row.state == QUEUED and (name := host_name(row.url))}
    hosts = host_ids(connection, set(waiting.values()))
    for row in rows:
        values = {"source": json.loads(row.evidence).get("source", ""), "host_id": None}
        if row.id in waiting:
            values["host_id"] = hosts[waiting[row.id]]
        connection.execute(update(url).where(url.c.id == row.id).values(values))


def _order_by_promise(connection: Connection) -> None:
    """Articles have more levels of urgency: what lists them still goes before all of them."""
    url = schema.url
    for kind, priority in PRIORITIES.items():
        if kind is not UrlKind.ARTICLE:
            connection.execute(update(url).where(url.c.kind == str(kind)).values(priority=priority))


def _explain_relevance(connection: Connection) -> None:
    """Room for the reasons of a judgement, and for what people ruled on it."""
    _add_columns(connection, schema.article)
    schema.review.create(connection, checkfirst=True)


def _know_near_texts(connection: Connection) -> None:
    """What near texts share, for the articles of the corpus."""
    _add_columns(connection, schema.article)
    schema.band.create(connection, checkfirst=True)
    enter_texts(connection)


def _to_3(connection: Connection) -> None:
    """What makes the corpus related and single."""
    _order_by_promise(connection)
    _explain_relevance(connection)
    _know_near_texts(connection)


_STEPS: dict[int, Callable[[Connection], None]] = {1: _to_2, 2: _to_3}
"""What leads from each version to the next one."""
