"""What the index finds: articles, the newest first, and how they divide by source, month and the like."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, starmap
from operator import itemgetter
from typing import NamedTuple

from crawler.fates import IN_CORPUS
from crawler.search.search_index import SearchIndex
from crawler.search.search_query import Query, read_query
from crawler.search.word_tables import DAY, Part, first_id, month_of, parts

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


def find(index: SearchIndex, search: Search, start: int = 0, limit: int = 20, counts: bool = True) -> Found:
    """The hits from number `start` on, at most `limit`, and the facets of all unless `counts` is false."""
    query = read_query(search.words)
    if not query.is_empty and not query.match and not query.unwanted:
        return Found((), 0)  # nothing in it is a word
    meant = list(_by_month(index.database, search, query))
    is_ranked = search.best_first and bool(query.match)
    hits = tuple(islice((_best if is_ranked else _newest)(index.database, meant), start, start + limit))
    return _counted(index.database, meant, hits) if counts else Found(hits, start + len(hits))


class _Conditions(NamedTuple):
    """Which documents are meant, as SQL: those of one month where words matter."""

    sql: str
    values: tuple[object, ...]
    row_id: str
    """The number of a document, which is in order of time."""


def _by_month(database: sqlite3.Connection, search: Search, query: Query) -> Iterator[_Conditions]:
    """What is meant, the newest month first."""
    if not query.match and not query.unwanted:
        yield _conditions(search, query, None)
        return
    first, end = _span(search)
    for part in parts(database):
        if month_of(first) <= part.month <= month_of(end - 1):
            yield _conditions(search, query, part)


def _span(search: Search) -> tuple[int, int]:
    """The first number that may be meant, and the one after the last."""
    first = first_id(search.since.isoformat()) if search.since else 0
    last = search.until or date.max
    return first, first_id(last.isoformat()) + DAY


def _conditions(search: Search, query: Query, part: Part | None) -> _Conditions:
    table, row_id = "FROM doc", "doc.id"
    clauses: list[tuple[str, object]] = []
    if part and query.match:
        # CROSS: SQLite keeps this order, in which hits come from the index sorted.
        row_id = f"{part.table}.rowid"
        table = f"FROM {part.table} CROSS JOIN doc ON doc.id = {row_id}"
        clauses.append((f"{part.table} MATCH ?", query.match))
    elif part:
        clauses += [("doc.id >= ?", part.first), ("doc.id < ?", part.end)]
    if part and query.unwanted:
        unwanted = f"SELECT rowid FROM {part.table} WHERE {part.table} MATCH ?"
        clauses.append((f"{row_id} NOT IN ({unwanted})", query.unwanted_match))
    first, end = _span(search)
    if search.since:
        clauses.append((f"{row_id} >= ?", first))
    if search.until:
        clauses.append((f"{row_id} < ?", end))
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
    return _Conditions(table + where, tuple(value for _, value in clauses), row_id)


def _newest(database: sqlite3.Connection, meant: Iterable[_Conditions]) -> Iterator[Hit]:
    for each in meant:
        query = f"SELECT doc.article, doc.url {each.sql} ORDER BY {each.row_id} DESC"
        yield from starmap(Hit, database.execute(query, each.values))


def _best(database: sqlite3.Connection, meant: Iterable[_Conditions]) -> Iterator[Hit]:
    """The best of the newest RANKED; how rare a word is counts within its month."""
    rated: list[tuple[float, int, int]] = []
    for each in meant:
        table = each.row_id.partition(".")[0]
        query = (
            f"SELECT bm25({table}, {_TITLE_COUNTS}, 1.0), doc.article, doc.url {each.sql} "
            f"ORDER BY {each.row_id} DESC LIMIT ?"
        )
        rated += database.execute(query, (*each.values, RANKED - len(rated)))
        if len(rated) >= RANKED:
            break
    rated.sort(key=itemgetter(0))
    return (Hit(article, url) for _, article, url in rated)


_FOUND = """
CREATE TEMP TABLE found (id INTEGER, source TEXT, language TEXT, month TEXT, fate TEXT, cluster TEXT)
"""


def _counted(database: sqlite3.Connection, meant: Iterable[_Conditions], hits: tuple[Hit, ...]) -> Found:
    """The hits with the facets of the newest COUNTED."""
    database.execute("DROP TABLE IF EXISTS temp.found")
    database.execute(_FOUND)
    count = 0
    for each in meant:
        count += database.execute(
            "INSERT INTO found SELECT doc.id, doc.source, doc.language, doc.month, doc.fate, doc.cluster "
            f"{each.sql} ORDER BY {each.row_id} DESC LIMIT ?",
            (*each.values, COUNTED - count),
        ).rowcount
        if count >= COUNTED:
            break
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
