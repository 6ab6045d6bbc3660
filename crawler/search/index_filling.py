"""Brings the search index to what the catalogue says now; killed in between, the next filling does the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select

from crawler.catalogue.columns import strings
from crawler.catalogue.runs import FETCHING
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.search.named_places import places_of
from crawler.search.search_index import Document, Known, SearchIndex

AT_ONCE = 2_000
"""Ids of articles that are compared together; what a killed filling has to do again."""

_LATE = 5_000
"""Ids below the last one that are looked at again: on PostgreSQL a higher id may be committed first."""

_LAST, _CHANGES, _TAKEDOWNS = "last article", "changes", "takedowns"

Progress = Callable[[int, int], None]
"""Told how many ids of how many are compared."""


def fill(catalogue: Catalogue, index: SearchIndex, progress: Progress = lambda done, whole: None) -> int:
    """Enter what is new, and what changed if a run may have changed something; how many documents were entered.

    A crawl only adds rows. Whatever else has a row in the table of runs (a review, a derivation, a takedown) may change
    any of them, and then all rows are compared.
    """
    changes, takedowns, last = _changes(catalogue), _takedowns(catalogue), _last_article(catalogue)
    compared = int(index.noted(_LAST) or 0)
    first = 1 if index.noted(_CHANGES) != changes else max(1, compared - _LATE + 1)
    end, count = max(last, compared), 0
    for start in range(first, end + 1, AT_ONCE):
        count += _fill_between(catalogue, index, start, min(start + AT_ONCE - 1, end))
        progress(min(start + AT_ONCE - 1, end) - first + 1, end - first + 1)
    if index.noted(_TAKEDOWNS) not in ("", takedowns):
        index.purge()
    with index.changing():
        for name, value in ((_LAST, str(last)), (_CHANGES, changes), (_TAKEDOWNS, takedowns)):
            index.note(name, value)
    return count


def refill(catalogue: Catalogue, index: SearchIndex, urls: Sequence[int]) -> None:
    """Bring these pages (their ids) alone to what the catalogue says."""
    with index.changing():
        index.remove(index.of_urls(urls))
        index.add(_documents(catalogue, schema.article.c.url_id.in_(urls)))


def _fill_between(catalogue: Catalogue, index: SearchIndex, first: int, last: int) -> int:
    """How many documents were entered."""
    # Locked before the catalogue is read: a takedown erases there first, and then waits for us to take it out here.
    with index.changing():
        known = index.between(first, last)
        marks = {
            row.id: _mark(row) for row in _rows(catalogue, _marked(schema.article.c.id.between(first, last)))
        }
        index.remove([each for each in known.values() if each.article not in marks])
        changed = _changed(marks, known)
        if changed:
            index.add(_documents(catalogue, schema.article.c.id.in_(changed)))
    return len(changed)


def _changed(marks: Mapping[int, bytes], known: Mapping[int, Known]) -> list[int]:
    return [each for each, mark in marks.items() if each not in known or known[each].mark != mark]


_MARKED = (
    "fate",
    "source",
    "title",
    "language",
    "published",
    "month",
    "terms",
    "body_hash",
    "cluster",
    "extractor",
)


def _marked(*conditions: Any, columns: Sequence[str] = ()) -> Select[Any]:
    """The newest rows of pages that have a text."""
    article, later = schema.article.c, schema.article.alias("later").c
    is_newest = ~exists().where(later.url_id == article.url_id, later.id > article.id)
    chosen = [article[name] for name in ("id", "url_id", *_MARKED, *columns)]
    has_words = or_(article.text != "", article.title != "")
    return select(*chosen).where(is_newest, has_words, *conditions).order_by(article.id)


def _rows(catalogue: Catalogue, query: Select[Any]) -> Iterator[Row[Any]]:
    with catalogue.read() as connection:
        yield from connection.execution_options(yield_per=500).execute(query)


def _mark(row: Row[Any]) -> bytes:
    return blake2b(repr([_plain(getattr(row, name)) for name in _MARKED]).encode(), digest_size=8).digest()


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _documents(catalogue: Catalogue, *conditions: Any) -> Iterator[Document]:
    return map(_document, _rows(catalogue, _marked(*conditions, columns=("text",))))


def _document(row: Row[Any]) -> Document:
    return Document(
        article=row.id,
        url=row.url_id,
        mark=_mark(row),
        day=day_of(row.published, row.month),
        month=row.month or "",
        title=row.title or "",
        text=row.text,
        source=row.source or "",
        language=row.language or "",
        fate=row.fate,
        cluster=bytes(row.cluster).hex() if row.cluster else "",
        places=places_of(strings(row.terms)),
    )


def day_of(published: str | None, month: str | None) -> str:
    """The day by which an article is in order: of its month, where the page's own date is of another one."""
    if not month:
        return ""
    day = (published or "")[:10]
    return day if day.startswith(month) and len(day) == 10 else f"{month}-01"


def _last_article(catalogue: Catalogue) -> int:
    with catalogue.read() as connection:
        return connection.execute(select(func.max(schema.article.c.id))).scalar() or 0


def _changes(catalogue: Catalogue) -> str:
    """What differs after a run that may have changed rows, began or ended."""
    run = schema.run.c
    query = select(func.count(), func.max(run.id), func.max(run.ended)).where(run.spider.not_in(FETCHING))
    with catalogue.read() as connection:
        return " ".join(map(str, connection.execute(query).one()))


def _takedowns(catalogue: Catalogue) -> str:
    with catalogue.read() as connection:
        return " ".join(
            map(str, connection.execute(select(func.count(), func.max(schema.redaction.c.date))).one())
        )
