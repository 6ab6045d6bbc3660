"""A catalogue that was made in one database, put as a whole into another one in which there is nothing yet."""

from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select, text

from crawler.database import schema
from crawler.database.engine import holds_tables, open_engine
from crawler.errors import OperatorError

_ROWS = 1000
"""Rows that are copied together."""

_TABLES = [table for table in schema.metadata.sorted_tables if table is not schema.schema_version]
"""Those that have rows, each after the ones to which it refers."""


class NotEmpty(OperatorError):
    """The other database has a catalogue already; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "The database of STORE_URL has a catalogue already: nothing was changed. If it is broken, drop the "
            "database and create it again empty, then rebuild it from all data directories by one command."
        )


def require_no_rows(store_url: str, data_dir: Path) -> None:
    """NotEmpty if a database has a catalogue with rows; nothing is made in it."""
    if not holds_tables(store_url, data_dir):
        return
    engine = open_engine(store_url, data_dir)
    try:
        with engine.connect() as connection:
            _require_no_rows(connection)
    finally:
        engine.dispose()


def _require_no_rows(connection: Connection) -> None:
    if any(connection.execute(select(table).limit(1)).first() for table in _TABLES):
        raise NotEmpty


def copy_rows(made: Engine, target: Engine) -> None:
    """Copy every row, in one transaction; NotEmpty if the target has some of its own."""
    with made.connect() as source, target.begin() as connection:
        if connection.dialect.name == "postgresql":  # a run that begins now waits, and finds the whole
            connection.execute(text("LOCK TABLE run, place IN SHARE ROW EXCLUSIVE MODE"))
        _require_no_rows(connection)
        for table in _TABLES:
            rows = source.execution_options(yield_per=_ROWS).execute(select(table))
            for some in rows.mappings().partitions():
                connection.execute(insert(table), [dict(row) for row in some])
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection)


def _go_on_counting(connection: Connection) -> None:
    """Let new rows get ids that no row has."""
    for table in _TABLES:
        if table.autoincrement_column is not None and table.autoincrement_column.name == "id":
            highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, highest, False)))
