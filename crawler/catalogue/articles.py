"""The rows of extracted pages: read with their URL, record and dates, inserted, refreshed, taken out of the corpus."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from crawler.catalogue.article_filter import EVERY_ARTICLE, ArticleFilter
from crawler.catalogue.article_row import ArticleRow, read_row, stored_values
from crawler.catalogue.clusters import in_cluster
from crawler.catalogue.columns import Use
from crawler.catalogue.corpus_texts import drop_bands, enter_bands
from crawler.catalogue.places import EVERYWHERE, lies_in
from crawler.catalogue.sketches import drop_sketches, enter_sketch
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.database.chunks import in_chunks
from crawler.fates import IN_CORPUS, Fate
from crawler.http.url_identity import keys_of
from crawler.items import DateEvidence, DateKind, DateSource
from crawler.texts.similarity import bands_of

_AT_ONCE = 200
"""Rows that are read together, where all of them would be too many."""


class Owner(NamedTuple):
    """The rows to which an article belongs."""

    url_id: int
    run_id: int
    capture_id: int | None


def articles(
    catalogue: Catalogue,
    everything: bool = False,
    place: str = EVERYWHERE,
    wanted: ArticleFilter = EVERY_ARTICLE,
) -> Iterator[ArticleRow]:
    """The articles of the corpus, or every extracted page, oldest first; those whose records lie in a place."""
    yield from _stream(catalogue, lies_in(place), *_conditions(everything, wanted))


def last_row(catalogue: Catalogue) -> int:
    """The id of the last row of an extracted page; 0 if there is none."""
    with catalogue.read() as connection:
        return int(connection.execute(select(func.max(schema.article.c.id))).scalar() or 0)


def count_articles(catalogue: Catalogue, everything: bool, wanted: ArticleFilter) -> int:
    """How many these are."""
    article, capture = schema.article, schema.capture
    query = select(func.count()).outerjoin_from(article, capture, article.c.capture_id == capture.c.id)
    with catalogue.read() as connection:
        return int(connection.execute(query.where(*_conditions(everything, wanted))).scalar_one())


def _conditions(everything: bool, wanted: ArticleFilter) -> list[ColumnElement[bool]]:
    article = schema.article.c
    corpus = (article.file.is_not(None), article.fate.in_(IN_CORPUS))
    return [*wanted.conditions(), *(() if everything else corpus)]


def articles_in_review(catalogue: Catalogue) -> Iterator[ArticleRow]:
    """The newest rows of the pages whose fate is `review`."""
    article, later = schema.article.c, schema.article.alias("later").c
    is_newest = ~exists().where(later.url_id == article.url_id, later.id > article.id)
    yield from _stream(catalogue, is_newest, article.fate == Fate.REVIEW)


def article_of_file(catalogue: Catalogue, name: str) -> ArticleRow | None:
    """The article whose file in the corpus is `2021-01/000_….txt`."""
    with catalogue.read() as connection:
        return next(iter(_rows(connection, schema.article.c.file == name)), None)


def article_of_digest(catalogue: Catalogue, sha256: str) -> ArticleRow | None:
    """The article of the corpus whose file has this digest, in hex, wherever the file is now."""
    article = schema.article.c
    with catalogue.read() as connection:
        return next(iter(_rows(connection, article.sha256 == sha256, article.file.is_not(None))), None)


def articles_of_ids(catalogue: Catalogue, ids: Sequence[int]) -> list[ArticleRow]:
    """The rows with these ids that are there, in this order."""
    with catalogue.read() as connection:
        found = {row.id: row for row in _rows(connection, schema.article.c.id.in_(ids))}
    return [found[each] for each in ids if each in found]


def pages_of(catalogue: Catalogue, url: str) -> list[ArticleRow]:
    """Every page that was extracted from a URL, oldest first."""
    with catalogue.read() as connection:
        return _read(connection, connection.execute(_of_keys(), {"keys": keys_of(url)}).mappings().all())


def page_urls(catalogue: Catalogue, place: str = EVERYWHERE) -> Iterator[str]:
    """Every URL from which a page was extracted, by a record in a place, in the order of their discovery."""
    article, capture, url = schema.article, schema.capture, schema.url.c
    pages = select(article.c.id).outerjoin_from(article, capture, article.c.capture_id == capture.c.id)
    has_some = pages.where(article.c.url_id == url.id, lies_in(place)).correlate(schema.url).exists()
    for some in in_chunks(catalogue, select(url.id, url.url).where(has_some), url.id, _AT_ONCE):
        yield from (row["url"] for row in some)


def insert_article(connection: Connection, owner: Owner, row: ArticleRow, bands: Sequence[int]) -> None:
    """Insert a row with its dates and cluster; an article of the corpus is found by these keys from now on."""
    values = stored_values(in_cluster(connection, row))
    article_id = insert_row(connection, schema.article, owner._asdict() | values)
    if row.file is not None:
        enter_bands(connection, article_id, bands)
        enter_sketch(connection, article_id, row)
    _insert_dates(connection, article_id, row)


def refresh_article(connection: Connection, article_id: int, row: ArticleRow, use: Use) -> None:
    """Let a row have the columns of another one that are for these uses, and its dates."""
    article, dates = schema.article, schema.date_evidence
    its = article.c.id == article_id
    is_in_corpus = connection.execute(select(article.c.file).where(its)).scalar() is not None
    drop_bands(connection, its)
    drop_sketches(connection, its)
    values = stored_values(row, use)
    if use & Use.DECIDES:
        values["cluster"] = stored_values(in_cluster(connection, row))["cluster"]
    connection.execute(update(article).where(its).values(values))
    if is_in_corpus:
        enter_bands(connection, article_id, bands_of(row.text))
        enter_sketch(connection, article_id, row)
    connection.execute(delete(dates).where(dates.c.article_id == article_id))
    _insert_dates(connection, article_id, row)


def leave_corpus(connection: Connection, file: str) -> None:
    """Let the article of a file no longer count as a text of the corpus."""
    its = schema.article.c.file == file
    drop_bands(connection, its)
    drop_sketches(connection, its)
    connection.execute(update(schema.article).where(its).values(file=None))


def _insert_dates(connection: Connection, article_id: int, row: ArticleRow) -> None:
    dates = [
        {"article_id": article_id, "value": date.value, "kind": date.kind, "origin": date.where}
        for date in row.dates
    ]
    if dates:
        connection.execute(insert(schema.date_evidence), dates)


def _rows(connection: Connection, *conditions: ColumnElement[bool]) -> list[ArticleRow]:
    return _read(connection, connection.execute(_located(*conditions)).mappings().all())


def _stream(catalogue: Catalogue, *conditions: ColumnElement[bool]) -> Iterator[ArticleRow]:
    for some in in_chunks(catalogue, _located(*conditions), schema.article.c.id, _AT_ONCE):
        with catalogue.read() as connection:
            rows = _read(connection, some)
        yield from rows


def _read(connection: Connection, found: Sequence[RowMapping]) -> list[ArticleRow]:
    dates = _dates_of(connection, [columns["id"] for columns in found])
    return [read_row(dict(columns), dates[columns["id"]]) for columns in found]


def _dates_of(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[DateEvidence]]:
    dates: defaultdict[int, list[DateEvidence]] = defaultdict(list)
    for article_id, value, kind, origin in connection.execute(_evidence(), {"ids": ids}):
        dates[article_id].append(DateEvidence(value, DateKind(kind), DateSource(origin)))
    return dates


def _located(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Articles with their URL and the place of their record, oldest first."""
    return _all_located().where(*conditions)


# Each is made once: that takes longer than to read a page by it.
@cache
def _evidence() -> Select[Any]:
    date = schema.date_evidence.c
    its = date.article_id.in_(bindparam("ids", expanding=True))
    return select(date.article_id, date.value, date.kind, date.origin).where(its)


@cache
def _of_keys() -> Select[Any]:
    return _located(schema.url.c.key.in_(bindparam("keys", expanding=True)))


@cache
def _all_located() -> Select[Any]:
    article, capture, url = schema.article, schema.capture, schema.url
    place = [column for column in capture.c if column.name not in ("id", "url_id")]
    return (
        select(article, url.c.url, _revision(), *place)
        .join_from(article, url, article.c.url_id == url.c.id)
        .outerjoin(capture, article.c.capture_id == capture.c.id)
        .order_by(article.c.id)
    )


def _revision() -> ColumnElement[int | None]:
    """How many earlier texts of its page the corpus held; null of what it never held."""
    article, earlier = schema.article.c, schema.article.alias("earlier")
    its = (earlier.c.url_id == article.url_id, earlier.c.id < article.id, earlier.c.sha256.is_not(None))
    count = select(func.count(earlier.c.id)).where(*its).correlate(schema.article).scalar_subquery()
    return case((article.sha256.is_not(None), count)).label("revision")
