"""What people decided about pages: rulings, which hold in every later run, replay and derivation."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from crawler.catalogue.store import Store, located_articles
from crawler.database import schema
from crawler.database.clock import utc_text
from crawler.fates import Fate
from crawler.http.url_identity import keys_of, url_key


class RulingKind(StrEnum):
    """Whether a page belongs into the corpus."""

    ACCEPT = "accept"
    REJECT = "reject"


class Ruling(NamedTuple):
    """One decision of a person about one page."""

    url: str
    kind: RulingKind
    who: str
    ruled: str
    """When: ISO 8601, UTC."""

    @classmethod
    def now(cls, url: str, kind: RulingKind, who: str) -> "Ruling":
        return cls(url, kind, who, utc_text(datetime.now(UTC)))


def rulings(store: Store) -> dict[bytes, Ruling]:
    """Those that hold, by the keys of their URLs."""
    review = schema.review.c
    query = select(review.key, review.url, review.ruling, review.who, review.ruled).order_by(review.id)
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
    return {row.key: Ruling(row.url, RulingKind(row.ruling), row.who, row.ruled) for row in rows}


def note_rulings(connection: Connection, given: Collection[Ruling]) -> None:
    """Enter rulings, as part of a transaction; the last one on a page holds."""
    rows = [
        {"key": url_key(each.url), "url": each.url, "ruling": str(each.kind)}
        | {"who": each.who, "ruled": each.ruled}
        for each in given
    ]
    if rows:
        connection.execute(insert(schema.review), rows)


def ruling_on(store: Store, url: str) -> Ruling | None:
    """The one that holds on a page, if there is one."""
    return next(reversed(rulings_on(store, url)), None)


def rulings_on(store: Store, url: str) -> list[Ruling]:
    """Every ruling on a page, oldest first."""
    review = schema.review.c
    query = select(review.url, review.ruling, review.who, review.ruled).where(review.key.in_(keys_of(url)))
    with store.engine.connect() as connection:
        rows = connection.execute(query.order_by(review.id)).all()
    return [Ruling(row.url, RulingKind(row.ruling), row.who, row.ruled) for row in rows]


def waiting(store: Store) -> Iterator[dict[str, Any]]:
    """The pages whose fate is `review`, as `Store.articles` gives them: the newest row of each."""
    article = schema.article.c
    newest = select(func.max(article.id)).group_by(article.url_id)
    query = located_articles().where(article.id.in_(newest), article.fate == Fate.REVIEW)
    with store.engine.connect().execution_options(yield_per=200) as connection:
        for row in connection.execute(query).mappings():
            yield dict(row)
