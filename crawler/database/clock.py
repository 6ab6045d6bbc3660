"""Times in the catalogue: text for people, and the database's clock, the only one that all workers share."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


def utc_text(moment: datetime) -> str:
    """A moment as the catalogue writes it: ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class now_ms(FunctionElement[int]):  # it reads as the SQL function that it is
    """Milliseconds since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(now_ms, "postgresql")
def _postgresql(element: object, compiler: object, **options: Any) -> str:
    # Not now(): that is the transaction's beginning, before it waited for locks.
    return "(extract(epoch from clock_timestamp()) * 1000)::bigint"


@compiles(now_ms, "sqlite")
def _sqlite(element: object, compiler: object, **options: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
