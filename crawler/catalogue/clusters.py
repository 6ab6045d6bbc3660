"""Clusters: the pages that tell one story, under the key of the page with which it began here.

A row gets its cluster when it is inserted, from the row of the page that it repeats, tells on or replaces. No later
row changes it: a text that could belong to two clusters is in that of the text with which it has the most in common.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, select, update

from crawler.catalogue.article_row import ArticleRow
from crawler.database import schema
from crawler.database.bulk import batches
from crawler.http.url_identity import keys_of, url_key
from crawler.texts.seed_format import parse_name, seed_name


class _Tied(Protocol):
    """What of a row decides which cluster it belongs to."""

    @property
    def url(self) -> str: ...
    @property
    def duplicate_of(self) -> str | None: ...
    @property
    def kin(self) -> str | None: ...
    @property
    def sha256(self) -> str | None: ...


class _Earlier(NamedTuple):
    """What a text that is replaced was to others."""

    kinship: str | None
    kin: str | None
    cluster: bytes


def in_cluster(connection: Connection, row: ArticleRow) -> ArticleRow:
    """The row with its cluster; of a text that replaces another one also with what that one was to others."""
    earlier = _text_of_file(connection, row.revises)
    if earlier is None:
        cluster = _cluster_for(connection, row)
        return replace(row, cluster=cluster.hex() if cluster else None)
    tied = row if row.kin is not None else replace(row, kinship=earlier.kinship, kin=earlier.kin)
    return replace(tied, cluster=earlier.cluster.hex())


def forget_kin(connection: Connection, urls: Sequence[str]) -> None:
    """Let no article be kin of pages that were taken down: those that were begin clusters of their own."""
    article = schema.article.c
    forgetting = update(schema.article).where(article.kin.in_(urls)).values(kinship=None, kin=None)
    connection.execute(forgetting)
    theirs = article.cluster.in_([url_key(url) for url in urls])
    _group(
        connection, list(connection.execute(select(article.id).where(theirs).order_by(article.id)).scalars())
    )


def group_all(connection: Connection) -> None:
    """Give clusters to the rows of a catalogue that knows none."""
    _group(
        connection,
        list(connection.execute(select(schema.article.c.id).order_by(schema.article.c.id)).scalars()),
    )


def _group(connection: Connection, ids: Sequence[int]) -> None:
    """Give rows their clusters, the oldest first: later ones have theirs from them."""
    article, page = schema.article.c, schema.url.c
    columns = (article.id, article.revises, article.duplicate_of, article.kin, article.sha256, page.url)
    query = select(*columns).join_from(schema.article, schema.url, article.url_id == page.id)
    for some in batches(ids):
        for row in connection.execute(query.where(article.id.in_(some)).order_by(article.id)).all():
            earlier = _text_of_file(connection, row.revises)
            cluster = earlier.cluster if earlier else _cluster_for(connection, row)
            connection.execute(update(schema.article).where(article.id == row.id).values(cluster=cluster))


def _cluster_for(connection: Connection, row: _Tied) -> bytes | None:
    """The cluster of what a row repeats or tells on, or one that it begins; None of what never was in the corpus."""
    other = row.duplicate_of or row.kin
    if other is not None:
        return _cluster_of(connection, other)
    return url_key(row.url) if row.sha256 is not None else None


def _cluster_of(connection: Connection, url: str) -> bytes:
    """The cluster of a page; that which it would begin, if it is in none."""
    article, page = schema.article.c, schema.url.c
    query = (
        select(article.cluster)
        .join_from(schema.article, schema.url, article.url_id == page.id)
        .where(page.key.in_(keys_of(url)), article.cluster.is_not(None))
        .order_by(article.id.desc())
        .limit(1)
    )
    return bytes(connection.execute(query).scalar() or url_key(url))


def _text_of_file(connection: Connection, file: str | None) -> _Earlier | None:
    """The text that has or had a file in the corpus; None if there is no such file, or it was taken down."""
    if file is None:
        return None
    article = schema.article.c
    month, number, _ = parse_name(file)
    its = (article.month == month, article.number == number, article.cluster.is_not(None))
    query = select(article.kinship, article.kin, article.cluster, article.sha256).where(*its)
    for row in connection.execute(query):
        if seed_name(month, number or 0, row.sha256 or "") == file:
            return _Earlier(row.kinship, row.kin, bytes(row.cluster))
    return None
