"""Months in which people say that pages were published; they hold in every later run, replay and derivation."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.http.url_identity import keys_of, url_key


class StatedMonth(NamedTuple):
    """What one person said of one page."""

    url: str
    month: str
    """YYYY-MM"""
    who: str
    dated: str
    """When: ISO 8601, UTC."""
    note: str = ""
    stated: str = ""
    """Record id of the statement in the archive; empty if it has none yet."""

    @classmethod
    def now(cls, url: str, month: str, who: str, note: str = "") -> "StatedMonth":
        return cls(url, month, who, utc_text(datetime.now(UTC)), note)


def stated_months(catalogue: Catalogue) -> dict[bytes, StatedMonth]:
    """Those that hold, by the keys of their URLs."""
    query = select(schema.stated_month.c.key, *_COLUMNS).order_by(schema.stated_month.c.id)
    with catalogue.read() as connection:
        return {bytes(key): _stated_month(*columns) for key, *columns in connection.execute(query)}


def months_stated_of(catalogue: Catalogue, url: str) -> list[StatedMonth]:
    """Every month that was stated of a page, oldest first; the last one holds."""
    stated_month = schema.stated_month.c
    query = select(*_COLUMNS).where(stated_month.key.in_(keys_of(url))).order_by(stated_month.id)
    with catalogue.read() as connection:
        return [_stated_month(*columns) for columns in connection.execute(query)]


def note_stated_months(connection: Connection, given: Collection[StatedMonth]) -> None:
    """Enter months, as part of a transaction; the last one of a page holds."""
    rows = [
        {**each._asdict(), "key": url_key(each.url), "note": each.note or None, "stated": each.stated or None}
        for each in given
    ]
    if rows:
        connection.execute(insert(schema.stated_month), rows)


_COLUMNS = [schema.stated_month.c[name] for name in StatedMonth._fields]


def _stated_month(
    url: str, month: str, who: str, dated: str, note: str | None, stated: str | None
) -> StatedMonth:
    return StatedMonth(url, month, who, dated, note or "", stated or "")
