"""What statements share, whatever the database: conflicts, many keys, the id of a new row."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

Value = TypeVar("Value")

KEYS = 500
"""Keys in one query: databases limit its values, and sitemaps name 50,000 URLs."""


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what to do on conflict."""
    return _insert(connection.dialect.name, table)


def replacing(connection: Connection, table: Table, key: str, names: Iterable[str]) -> Any:
    """An INSERT that gives these columns of a row that has the same `key` already their new values."""
    return _replacing(connection.dialect.name, table, key, tuple(names))


# Each is made once: to make one anew for every row takes longer than the database.
@cache
def _replacing(dialect: str, table: Table, key: str, names: tuple[str, ...]) -> Any:
    inserting = _insert(dialect, table)
    newer = {name: inserting.excluded[name] for name in names}
    return inserting.on_conflict_do_update(index_elements=[key], set_=newer)


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def _inserting(table: Table) -> Any:
    return insert(table).returning(table.c.id)


class _JsonList(TypeDecorator[list[str]]):
    """A list of text as the text of a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        return json.dumps(value)


def is_among(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a column is one of a list of text, the parameter `name`: one value, however long the list is."""
    values = bindparam(name, type_=_JsonList)
    if dialect == "postgresql":  # as JSON, too: psycopg takes longer to write an array than the query takes
        listed = select(func.json_array_elements_text(cast(values, postgresql.JSON)))
        return column == any_(func.array(listed.scalar_subquery()))
    return column.in_(select(func.json_each(values).table_valued("value").c.value))


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
