"""The words of the index, in a table of FTS5 for each month of publication.

So the newest hits come from the newest tables alone, and to leave no word of a page in the file only the table of its
month is rewritten: SQLite before 3.42 cannot take single words out of one.
"""

import sqlite3
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

DAY = 1 << 32
"""Numbers that documents of a day may have."""

_SECURE_DELETE = (3, 42)
"""From this SQLite on FTS5 takes words out of its pages at once."""

TABLES = """
CREATE TABLE part (month INTEGER PRIMARY KEY);
CREATE TABLE leftover (month INTEGER NOT NULL, url INTEGER NOT NULL, PRIMARY KEY (month, url)) WITHOUT ROWID;
"""
"""The months that have a table; in which tables words may be left of a text of a page that was removed."""

Words = tuple[int, str, str]
"""Number of a document, and the words of its title and its text."""


def first_id(day: str) -> int:
    """The number below those of all documents of a day, `YYYY-MM-DD`; 0 if the day is not known."""
    return date.fromisoformat(day).toordinal() * DAY if day else 0


def month_of(number: int) -> int:
    """The month of a document as `YYYYMM`, by its number; 0 if its day is not known."""
    if not (ordinal := number // DAY):
        return 0
    day = date.fromordinal(ordinal)
    return day.year * 100 + day.month


class Part(NamedTuple):
    """The table of a month."""

    month: int

    @property
    def table(self) -> str:
        return f"words_{self.month}"

    @property
    def first(self) -> int:
        """The least number that a document of this month may have."""
        return date(*divmod(self.month, 100), 1).toordinal() * DAY if self.month else 0

    @property
    def end(self) -> int:
        """The least number after those of this month."""
        return self.first + DAY * (monthrange(*divmod(self.month, 100))[1] if self.month else 1)


def parts(database: sqlite3.Connection) -> list[Part]:
    """All tables, the newest month first."""
    return [Part(*row) for row in database.execute("SELECT month FROM part ORDER BY month DESC")]


def add_words(database: sqlite3.Connection, rows: Iterable[Words]) -> None:
    """Enter words of documents, given in rising order of their numbers."""
    for month, some in groupby(rows, lambda row: month_of(row[0])):
        table = _made(database, Part(month)).table
        database.executemany(f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)", some)


def remove_words(database: sqlite3.Connection, pages: Iterable[tuple[int, int]]) -> None:
    """Take documents out, given as pairs of number and page in rising order."""
    is_secure = sqlite3.sqlite_version_info >= _SECURE_DELETE
    for month, some in groupby(pages, lambda pair: month_of(pair[0])):
        table, removed = Part(month).table, list(some)
        if is_secure:
            database.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', 1)")
        else:
            marks = [(month, url) for _, url in removed]
            database.executemany("INSERT OR IGNORE INTO leftover VALUES (?, ?)", marks)
        database.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(number,) for number, _ in removed])


def rewrite_leftovers(database: sqlite3.Connection) -> None:
    """Rewrite the tables in which words of a page may be left that is in the index no more."""
    query = "SELECT DISTINCT month FROM leftover WHERE url NOT IN (SELECT url FROM doc)"
    for part in [Part(*row) for row in database.execute(query)]:
        database.execute(f"INSERT INTO {part.table} ({part.table}) VALUES ('optimize')")
        database.execute("DELETE FROM leftover WHERE month = ?", (part.month,))


def _made(database: sqlite3.Connection, part: Part) -> Part:
    if not database.execute("SELECT 1 FROM part WHERE month = ?", part).fetchone():
        database.execute(f"CREATE VIRTUAL TABLE {part.table} USING fts5 (title, text, tokenize = 'ascii')")
        database.execute("INSERT INTO part VALUES (?)", part)
    return part
