"""What the index finds: articles, the newest first, and how they divide by source, month and the like."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from crawler.fates import IN_CORPUS
from crawler.search.search_index import SearchIndex, first_id
from crawler.search.search_query import Query, read_query

COUNTED = 50_000
"""Hits, the newest, that are counted and divided: a word that is in all articles would take seconds."""

RANKED = 10_000
"""Hits, the newest, of which the best are found: to rate those of a frequent word takes 50 microseconds each."""

_SHOWN_VALUES = 30
_TITLE_COUNTS = 5.0
"""How many times as much a word counts in a title, where the best come first."""

FACETS = ("source", "language", "month", "place", "fate", "cluster")


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; what is empty does not matter."""

    words: str = ""
    source: str = ""
    language: str = ""
    month: str = ""
    place: str = ""
    """As the gazetteer calls it."""
    fate: str = ""
    """Empty: those of articles in the corpus; `any`: every one."""
    cluster: str = ""
    since: date | None = None
    until: date | None = None
    best_first: bool = False

    @property
    def is_everything(self) -> bool:
        return self == Search()


class Hit(NamedTuple):
    """A document that was found."""

    article: int
    """Id of its row in the catalogue."""
    url: int


class Counted(NamedTuple):
    """A value of a facet, and how many of the counted hits have it."""

    value: str
    hits: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits."""

    hits: tuple[Hit, ...]
    count: int
    """Of all hits; at most COUNTED."""
    facets: Mapping[str, tuple[Counted, ...]] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether there are more hits than were counted."""
        return self.count >= COUNTED


class _Conditions(NamedTuple):
    """Which documents are meant, as SQL."""

    sql: str
    values: tuple[object, ...]
    has_words: bool

    @property
    def row_id(self) -> str:
        """The number of a document, which is in order of time."""
        return "words.rowid" if self.has_words else "doc.id"


def find(index: SearchIndex, search: Search, start: int = 0, limit: int = 20, counts: bool = True) -> Found:
    """The hits from number `start` on, at most `limit`, and the facets of all unless `counts` is false."""
    query = read_query(search.words)
    if not query.is_empty and not query.match and not query.unwanted:
        return Found((), 0)  # nothing in it is a word
    meant = _conditions(search, query)
    ranked = _newest(index.database, meant) if search.best_first and meant.has_words else meant
    order = f"bm25(words, {_TITLE_COUNTS}, 1.0)" if ranked is not meant else f"{meant.row_id} DESC"
    rows = index.database.execute(
        f"SELECT doc.article, doc.url {ranked.sql} ORDER BY {order} LIMIT ? OFFSET ?",
        (*ranked.values, limit, start),
    )
    hits = tuple(Hit(*row) for row in rows)
    return _counted(index.database, meant, hits) if counts else Found(hits, start + len(hits))


def _conditions(search: Search, query: Query) -> _Conditions:
    table = "FROM doc"
    clauses: list[tuple[str, object]] = []
    if query.match:
        # CROSS: SQLite keeps this order, in which hits come from the index sorted.
        table = "FROM words CROSS JOIN doc ON doc.id = words.rowid"
        clauses.append(("words MATCH ?", query.match))
    row_id = "words.rowid" if query.match else "doc.id"
    if query.unwanted:
        clauses.append(
            (f"{row_id} NOT IN (SELECT rowid FROM words WHERE words MATCH ?)", query.unwanted_match)
        )
    if search.since:
        clauses.append((f"{row_id} >= ?", first_id(search.since.isoformat())))
    if search.until:
        clauses.append((f"{row_id} < ?", first_id(search.until.isoformat()) + (1 << 32)))
    clauses += [
        (f"doc.{name} = ?", value)
        for name in ("source", "language", "month", "cluster")
        if (value := getattr(search, name))
    ]
    if search.place:
        clauses.append((f"{row_id} IN (SELECT doc FROM doc_place WHERE place = ?)", search.place))
    if search.fate not in ("", "any"):
        clauses.append(("doc.fate = ?", search.fate))
    conditions = [clause for clause, _ in clauses]
    if not search.fate:
        conditions.append(f"doc.fate IN ({', '.join(repr(str(each)) for each in sorted(IN_CORPUS))})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return _Conditions(table + where, tuple(value for _, value in clauses), bool(query.match))


def _newest(database: sqlite3.Connection, meant: _Conditions) -> _Conditions:
    """The newest RANKED of these documents."""
    query = f"SELECT words.rowid {meant.sql} ORDER BY words.rowid DESC LIMIT 1 OFFSET ?"
    last = database.execute(query, (*meant.values, RANKED - 1)).fetchone()
    return meant._replace(
        sql=f"{meant.sql} AND words.rowid >= ?", values=(*meant.values, last[0] if last else 0)
    )


def _counted(database: sqlite3.Connection, meant: _Conditions, hits: tuple[Hit, ...]) -> Found:
    """The hits with the facets of the newest COUNTED."""
    database.execute("DROP TABLE IF EXISTS temp.found")
    database.execute(
        "CREATE TEMP TABLE found AS SELECT doc.id, doc.source, doc.language, doc.month, doc.fate, doc.cluster "
        f"{meant.sql} ORDER BY {meant.row_id} DESC LIMIT ?",
        (*meant.values, COUNTED),
    )
    count = int(database.execute("SELECT count(*) FROM found").fetchone()[0])
    return Found(hits, count, {name: _values(database, name) for name in FACETS})


def _values(database: sqlite3.Connection, name: str) -> tuple[Counted, ...]:
    value, table = name, "found"
    if name == "place":
        value, table = "place", "found CROSS JOIN doc_place ON doc = found.id"
    order = "1 DESC" if name == "month" else "2 DESC, 1"
    least = " HAVING count(*) > 1" if name == "cluster" else ""
    query = f"SELECT {value}, count(*) FROM {table} WHERE {value} <> '' GROUP BY 1{least} ORDER BY {order} LIMIT ?"
    return tuple(Counted(*row) for row in database.execute(query, (_SHOWN_VALUES,)))


def totals(index: SearchIndex) -> Mapping[str, tuple[Counted, ...]]:
    """How all articles of the corpus divide by source, language and month, and all pages by fate."""
    corpus = f"fate IN ({', '.join(repr(str(each)) for each in sorted(IN_CORPUS))})"
    return {
        "source": _all(index, "source", corpus, "2 DESC, 1"),
        "language": _all(index, "language", corpus, "2 DESC, 1"),
        "month": _all(index, "month", corpus, "1 DESC"),
        "fate": _all(index, "fate", "1", "2 DESC, 1"),
    }


def _all(index: SearchIndex, name: str, condition: str, order: str) -> tuple[Counted, ...]:
    query = f"SELECT {name}, count(*) FROM doc WHERE {condition} GROUP BY 1 ORDER BY {order}"
    return tuple(Counted(*row) for row in index.database.execute(query))


def first_articles(index: SearchIndex, clusters: Iterable[str]) -> dict[str, int]:
    """The id of the earliest article of each story."""
    query = "SELECT article FROM doc WHERE cluster = ? ORDER BY id LIMIT 1"
    found = {each: index.database.execute(query, (each,)).fetchone() for each in clusters}
    return {each: row[0] for each, row in found.items() if row}
