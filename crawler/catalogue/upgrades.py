"""Bringing a catalogue of an earlier version up to the present one, in one transaction."""

import json
from pathlib import Path

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError

from crawler.catalogue.clusters import group_all
from crawler.catalogue.corpus_texts import enter_texts
from crawler.catalogue.rekeying import rekey
from crawler.database import schema
from crawler.database.engine import connect, version_of
from crawler.database.migrations import STEPS
from crawler.database.unusable import CatalogueError, explained, is_broken, shown
from crawler.errors import OperatorError
from crawler.exit_codes import BUSY
from crawler.frontier.accounting import live_runs
from crawler.frontier.hosts import host_ids
from crawler.frontier.states import QUEUED
from crawler.http.url_identity import exact_key, url_key
from crawler.http.urls import host_name


class CatalogueBusy(OperatorError):
    """A run of an earlier version is at work, which the tables of this one would break."""

    def __init__(self) -> None:
        super().__init__(
            "A run in another data directory is at work on the catalogue: upgrade when it has ended.", BUSY
        )


def upgrade(store_url: str, data_dir: Path) -> tuple[int, int]:
    """Bring a catalogue up to date: its version before and after. `CatalogueError` if that cannot be done.

    A kill, or a failure, leaves the catalogue as it was.
    """
    engine = connect(store_url, data_dir)
    try:
        with engine.begin() as connection:
            before = version_of(connection)
            if before is None:
                raise CatalogueError(f"There is no catalogue in {shown(engine.url)}: run a crawl first.")
            if before > 1 and live_runs(connection):
                raise CatalogueBusy
            # First of all: in SQLite a transaction begins with the first row that is written.
            connection.execute(update(schema.schema_version).values(version=max(before, schema.VERSION)))
            for version in range(before, schema.VERSION):
                STEPS[version].carry_out(connection)
            _fill_in(connection, before)
        return before, max(before, schema.VERSION)
    except DBAPIError as error:
        if is_broken(error.orig):
            raise explained(error, engine.url) from None
        raise CatalogueError(
            f"Cannot upgrade {shown(engine.url)}: {error.orig}. It is as it was before."
        ) from None
    finally:
        engine.dispose()


def _fill_in(connection: Connection, before: int) -> None:
    """Compute what rows of earlier versions lack, as the present version computes it."""
    if before < 2:
        _know_by_new_keys(connection)
        _fill_sources(connection)
    if before < 3:
        enter_texts(connection)
    if before < 8:
        rekey(connection)
    if before < 12:
        group_all(connection)


def _know_by_new_keys(connection: Connection) -> None:
    """Give each URL its key; of several that name one page now, the first has it."""
    url = schema.url
    taken: set[bytes] = set()
    rows = connection.execute(select(url.c.id, url.c.url).order_by(url.c.id)).all()
    # In two passes, because a new key may be an old one of another row.
    for row in rows:
        connection.execute(update(url).where(url.c.id == row.id).values(key=row.id.to_bytes(16)))
    for row in rows:
        key = url_key(row.url)
        key = exact_key(row.url) if key in taken else key
        taken.add(key)
        connection.execute(update(url).where(url.c.id == row.id).values(key=key))


def _fill_sources(connection: Connection) -> None:
    """Give each URL its source, and each queued one its host."""
    url = schema.url
    rows = connection.execute(select(url.c.id, url.c.url, url.c.state, url.c.evidence)).all()
    waiting = {row.id: name for row in rows if row.state == QUEUED and (name := host_name(row.url))}
    hosts = host_ids(connection, set(waiting.values()))
    for row in rows:
        host_id = hosts[waiting[row.id]] if row.id in waiting else None
        values = {"source": json.loads(row.evidence).get("source", ""), "host_id": host_id}
        connection.execute(update(url).where(url.c.id == row.id).values(values))
