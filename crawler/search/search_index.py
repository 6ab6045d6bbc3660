"""The search index: one SQLite file with FTS5 beside the catalogue, made from it and never more than it.

The number of a document begins with the day of its article, so that the newest come first without sorting, and a
span of time is a span of numbers. A document that goes leaves no word in the file.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from crawler.search.search_words import index_words
from crawler.search.word_tables import TABLES, add_words, first_id, remove_words, rewrite_leftovers

VERSION = 2
"""Of tables and words: an index of another one is made anew."""

BUSY_MS = 30_000
_CACHE_KIB = 65_536

_TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE doc (id INTEGER PRIMARY KEY, article INTEGER NOT NULL UNIQUE, url INTEGER NOT NULL UNIQUE,
    mark BLOB NOT NULL, source TEXT NOT NULL, language TEXT NOT NULL, month TEXT NOT NULL, fate TEXT NOT NULL,
    cluster TEXT NOT NULL);
CREATE INDEX doc_source ON doc (source, fate);
CREATE INDEX doc_language ON doc (language, fate);
CREATE INDEX doc_month ON doc (month, fate);
CREATE INDEX doc_fate ON doc (fate);
CREATE INDEX doc_cluster ON doc (cluster) WHERE cluster <> '';
CREATE TABLE doc_place (place TEXT NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (place, doc)) WITHOUT ROWID;
CREATE INDEX doc_place_doc ON doc_place (doc);
{TABLES}"""


@dataclass(frozen=True, slots=True)
class Document:
    """What the index keeps of a page."""

    article: int
    """Id of the row of the catalogue, below 2³²."""
    url: int
    """Id of its URL; of a page one document is kept."""
    mark: bytes
    """Changes when something of the row does that the index keeps."""
    day: str
    """Of publication, `YYYY-MM-DD`; empty if not known."""
    month: str
    title: str
    text: str
    source: str
    language: str
    fate: str
    cluster: str
    places: Sequence[str]

    @property
    def id(self) -> int:
        return first_id(self.day) + self.article


class Known(NamedTuple):
    """A document that is there."""

    id: int
    article: int
    url: int
    mark: bytes


class SearchIndex:
    """One open index; of one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    @classmethod
    def open(cls, file: Path) -> Self:
        """The index of a file; it is made anew if it is absent, damaged or of another version."""
        try:
            return cls(_opened(file))
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "unable to open" in str(error):
                raise
            remove(file)
            return cls(_opened(file))

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """One transaction, before which no other process changes the index."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def add(self, documents: Iterable[Document]) -> None:
        """Enter documents, each in the place of what was there of its page."""
        # In rising order: FTS5 writes out what it has gathered whenever a number is below the last one.
        documents = sorted(documents, key=lambda each: each.id)
        self.remove(self.of_urls([each.url for each in documents]))
        self.database.executemany("INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, documents))
        self.database.executemany(
            "INSERT OR IGNORE INTO doc_place VALUES (?, ?)",
            ((place, each.id) for each in documents for place in each.places),
        )
        add_words(
            self.database, ((each.id, index_words(each.title), index_words(each.text)) for each in documents)
        )

    def remove(self, documents: Iterable[Known]) -> None:
        """Take documents out."""
        removed = sorted(documents)
        remove_words(self.database, ((each.id, each.url) for each in removed))
        for table, column in (("doc_place", "doc"), ("doc", "id")):
            self.database.executemany(
                f"DELETE FROM {table} WHERE {column} = ?", [(each.id,) for each in removed]
            )

    def of_urls(self, urls: Sequence[int]) -> list[Known]:
        """The documents of these pages."""
        holes = ", ".join("?" * len(urls))
        query = f"SELECT id, article, url, mark FROM doc WHERE url IN ({holes})"
        return [Known(*row) for row in self.database.execute(query, urls)]

    def between(self, first: int, last: int) -> dict[int, Known]:
        """The documents whose articles have ids from `first` to `last`, by these."""
        query = "SELECT id, article, url, mark FROM doc WHERE article BETWEEN ? AND ?"
        return {row[1]: Known(*row) for row in self.database.execute(query, (first, last))}

    def purge(self) -> None:
        """Let nothing stay of removed pages, in the file nor in the journal beside it."""
        with self.changing():
            rewrite_leftovers(self.database)
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def noted(self, name: str) -> str:
        """What was noted under a name; empty if nothing was."""
        found = self.database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def note(self, name: str, value: str) -> None:
        self.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def remove(file: Path) -> None:
    """Remove an index; it can be made again."""
    for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))):
        each.unlink(missing_ok=True)


def _row(document: Document) -> tuple[object, ...]:
    each = document
    return (
        each.id,
        each.article,
        each.url,
        each.mark,
        each.source,
        each.language,
        each.month,
        each.fate,
        each.cluster,
    )


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=BUSY_MS / 1000, isolation_level=None)
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "secure_delete=ON",
            f"cache_size=-{_CACHE_KIB}",
        ):
            database.execute(f"PRAGMA {pragma}").fetchall()
        _make_tables(database)
    except BaseException:
        database.close()
        raise
    return database


def _make_tables(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    database.execute("BEGIN IMMEDIATE")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        for statement in filter(str.strip, _TABLES.split(";\n")):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")
    if version not in (0, VERSION):
        raise sqlite3.DatabaseError(f"version {version}")
