"""What statements share, whatever the database: conflicts, many keys, the id of a new row."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ClauseElement, Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

Value = TypeVar("Value")

KEYS = 500
"""Keys in one query: databases limit its values, and sitemaps name 50,000 URLs."""


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what to do on conflict."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


@cache
def replacing(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    """An INSERT that gives these columns of the row that has the `key` already their new values.

    It is made once: to make one anew for every row takes longer than the database.
    """
    inserting = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    newer = {name: inserting.excluded[name] for name in names}
    return inserting.on_conflict_do_update(index_elements=["key"], set_=newer)


@cache
def _inserting(table: Table) -> Any:
    return insert(table).returning(table.c.id)


def batches(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in their order, KEYS at a time."""
    for start in range(0, len(values), KEYS):
        yield values[start : start + KEYS]


def insert_row(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert one row; its id."""
    computed = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
    inserting = _inserting(table)
    # Plain values beside the statement: SQLAlchemy then has it compiled from the row before.
    plain = {name: value for name, value in values.items() if name not in computed}
    return int(connection.execute(inserting.values(computed) if computed else inserting, plain).scalar_one())
