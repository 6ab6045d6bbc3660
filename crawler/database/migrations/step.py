"""What one step consists of, and how it is carried out."""

from dataclasses import dataclass

from sqlalchemy import Connection, inspect

_WORDS = {
    "sqlite": {
        "serial": "INTEGER",
        "id": "INTEGER",
        "bytes": "BLOB",
        "false": "0",
        "not_idle": "idle = 0",
        "no_rowid": "WITHOUT ROWID",
    },
    "postgresql": {
        "serial": "BIGSERIAL",
        "id": "BIGINT",
        "bytes": "BYTEA",
        "false": "false",
        "not_idle": "NOT idle",
        "no_rowid": "",
    },
}
"""What the two databases say differently: types, constants, and the condition of an index as queries write it."""


@dataclass(frozen=True, slots=True)
class Step:
    """SQL in which the keys of _WORDS, in braces, are words of the database."""

    tables: tuple[str, ...]
    """Statements that make tables where they are missing."""
    columns: tuple[tuple[str, str, str], ...]
    """Table, name and definition of columns that are then added where they are missing."""
    statements: tuple[str, ...]
    """What is done after that, in this order."""
    postgresql: tuple[str, ...] = ()
    """And in PostgreSQL alone."""

    def carry_out(self, connection: Connection) -> None:
        """Change the tables, as part of a transaction."""
        words = _WORDS[connection.dialect.name]
        for statement in self.tables:
            _execute(connection, statement, words)
        for table, name, definition in self.columns:
            if name not in {column["name"] for column in inspect(connection).get_columns(table)}:
                _execute(connection, f"alter table {table} add column {name} {definition}", words)
        own = self.postgresql if connection.dialect.name == "postgresql" else ()
        for statement in (*self.statements, *own):
            _execute(connection, statement, words)


def _execute(connection: Connection, statement: str, words: dict[str, str]) -> None:
    connection.exec_driver_sql(statement.format(**words))
