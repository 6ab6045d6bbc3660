"""What all statements share that read or write many rows at once, whatever the database."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Value = TypeVar("Value")

KEYS = 500
"""Keys asked for at once: databases limit the values of a query, sitemaps name 50,000 URLs."""


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what to do on conflict."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in their order, KEYS at a time."""
    for start in range(0, len(values), KEYS):
        yield values[start : start + KEYS]
