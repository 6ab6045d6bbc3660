"""A table of any size in little memory."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Literal


class TemporaryTable:
    """One table in a private SQLite database without a name.

    Beyond its cache of a few megabytes it lies in a temporary file that disappears with it. Threads may use
    it one after another.
    """

    def __init__(self, name: str, columns: str, *, same_key: Literal["ignore", "replace"]) -> None:
        """Take the table's name in queries, its columns in SQL, and what a row does whose key is there already."""
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute(f"create table {name} ({columns}) without rowid")
        (width,) = self.row("select count(*) from pragma_table_info(?)", name) or (0,)
        self._insert = f"insert or {same_key} into {name} values ({', '.join('?' * width)})"

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows, a value for each column."""
        self._database.executemany(self._insert, rows)
        self._database.commit()

    def rows(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows that a query selects."""
        return iter(self._database.execute(query, values))

    def row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that a query selects."""
        return next(self.rows(query, *values), None)

    def close(self) -> None:
        """Remove the table."""
        self._database.close()
