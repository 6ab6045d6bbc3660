"""The texts of the corpus as later ones are compared with them: by hash, by URL, and by the keys of near ones.

All of it within a transaction. Only what lies in the corpus has keys (`band`): they are entered with the article's
row and go when its file leaves.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, and_, bindparam, delete, func, select

from crawler.database import schema
from crawler.database.bulk import batches, insert_into
from crawler.http.url_identity import keys_of
from crawler.texts.corpus_text import CorpusText
from crawler.texts.similarity import bands_of

BUCKET = 64
"""Most articles under one key: a phrase that more articles share, such as a bulletin's, separates nothing."""

NEAREST = 8
"""Articles with which a text is compared in full, those first that share the most keys with it."""


def same_text(connection: Connection, body_hash: bytes, besides: int | None = None) -> CorpusText | None:
    """The first article with this body; articles of the run `besides` are left out."""
    query = _same_text(besides is not None)
    return _first(connection, query, {"body_hash": body_hash, "besides": besides})


def text_of_url(connection: Connection, url: str) -> CorpusText | None:
    """The present text of a URL."""
    return _first(connection, _text_of_url(), {"keys": keys_of(url)})


def near_texts(
    connection: Connection, bands: Sequence[int], besides: int | None = None
) -> list[tuple[int, CorpusText]]:
    """Articles that share keys, each with the number of shared keys: most first, the oldest of equal ones first."""
    if not bands:
        return []
    # Twice as many: the caller may know that some are about to leave.
    values = {"bands": bands, "besides": besides, "most": 2 * NEAREST}
    rows = connection.execute(_near_texts(besides is not None), values)
    return [(row.shared, _read(row)) for row in rows]


def full_bands(connection: Connection, bands: Collection[int]) -> set[int]:
    """Those keys under which there are BUCKET articles already: they say nothing any more."""
    return set(connection.execute(_full_bands(), {"bands": [*bands], "most": BUCKET}).scalars())


def enter_bands(connection: Connection, article_id: int, bands: Sequence[int]) -> None:
    """Let an article of the corpus be found by these keys."""
    if not bands:
        return
    full = full_bands(connection, bands)
    # Sorted: it is the order of the table.
    rows = [{"key": key, "article_id": article_id} for key in sorted(set(bands) - full)]
    if rows:
        # SQLite gives the id of a row that was deleted last to the next one; what is left of that may be here.
        connection.execute(insert_into(connection, schema.band).on_conflict_do_nothing(), rows)


def drop_bands(connection: Connection, articles: ColumnElement[bool]) -> None:
    """Delete the LSH keys of these articles; call it before their text is deleted."""
    article, band = schema.article.c, schema.band
    # By what their texts give: an index of articles would double the largest table.
    for row in connection.execute(select(article.id, article.text).where(articles)).all():
        its = and_(band.c.key.in_(bands_of(row.text)), band.c.article_id == row.id)
        connection.execute(delete(band).where(its))


def enter_texts(connection: Connection) -> None:
    """Give keys to all articles of the corpus, none of which has any."""
    article = schema.article.c
    ids = connection.execute(select(article.id).where(article.file.is_not(None)).order_by(article.id))
    for some in batches(list(ids.scalars())):
        texts = select(article.id, article.text).where(article.id.in_(some)).order_by(article.id)
        for row in connection.execute(texts).all():
            enter_bands(connection, row.id, bands_of(row.text))


def nearest(found: Iterable[tuple[int, CorpusText]]) -> list[CorpusText]:
    """The articles to compare in full, from pairs (number of shared keys, article) in the order of their coming."""
    return [kept for _, kept in sorted(found, key=lambda each: -each[0])[:NEAREST]]


# Each is made once: to make one anew for every article took longer than the database.
@cache
def _same_text(is_of_others: bool) -> Select[Any]:
    article = schema.article.c
    found = _kept(is_of_others).where(article.body_hash == bindparam("body_hash"))
    return found.order_by(article.id).limit(1)


@cache
def _text_of_url() -> Select[Any]:
    its = _kept(False).where(schema.url.c.key.in_(bindparam("keys", expanding=True)))
    return its.order_by(schema.article.c.id.desc()).limit(1)


@cache
def _near_texts(is_of_others: bool) -> Select[Any]:
    band, article = schema.band.c, schema.article.c
    near = (
        select(band.article_id, func.count().label("shared"))
        .where(band.key.in_(bindparam("bands", expanding=True)))
        .group_by(band.article_id)
        .order_by(func.count().desc(), band.article_id)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    query = _kept(is_of_others).add_columns(near.c.shared).join(near, near.c.article_id == article.id)
    return query.order_by(near.c.shared.desc(), article.id)


@cache
def _full_bands() -> Select[Any]:
    key = schema.band.c.key
    counted = select(key).where(key.in_(bindparam("bands", expanding=True)))
    return counted.group_by(key).having(func.count() >= bindparam("most"))


def _kept(is_of_others: bool) -> Select[Any]:
    """The texts that lie in the corpus, or those that other runs than `besides` brought."""
    article, url = schema.article.c, schema.url.c
    columns = url.url, article.source, article.body_hash, article.file, article.text
    kept = (
        select(*columns, article.modified, article.published)
        .join_from(schema.article, schema.url, article.url_id == url.id)
        .where(article.file.is_not(None))
    )
    return kept.where(article.run_id != bindparam("besides")) if is_of_others else kept


def _first(connection: Connection, query: Select[Any], values: Mapping[str, object]) -> CorpusText | None:
    row = connection.execute(query, values).first()
    return _read(row) if row else None


def _read(row: Row[Any]) -> CorpusText:
    return CorpusText(
        row.url, row.source or "", row.body_hash, row.file, row.text, row.modified, row.published
    )
