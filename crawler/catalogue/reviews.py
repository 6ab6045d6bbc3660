"""What people decided about pages; it holds in every later run, replay and derivation."""

from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.http.url_identity import keys_of, url_key


class ReviewChoice(StrEnum):
    """Whether a page belongs into the corpus."""

    ACCEPT = "accept"
    REJECT = "reject"


class ReviewDecision(NamedTuple):
    """One decision of a person about one page."""

    url: str
    choice: ReviewChoice
    who: str
    decided: str
    """When: ISO 8601, UTC."""
    stated: str = ""
    """Record id of the statement in the archive; empty if it has none yet."""
    note: str = ""

    @classmethod
    def now(cls, url: str, choice: ReviewChoice, who: str, note: str = "") -> "ReviewDecision":
        return cls(url, choice, who, utc_text(datetime.now(UTC)), note=note)


def decisions(catalogue: Catalogue) -> dict[bytes, ReviewDecision]:
    """Those that hold, by the keys of their URLs."""
    review = schema.review.c
    query = select(review.key, *_COLUMNS).order_by(review.id)
    with catalogue.read() as connection:
        return {bytes(key): _decision(*columns) for key, *columns in connection.execute(query)}


def decisions_on(catalogue: Catalogue, url: str) -> list[ReviewDecision]:
    """Every decision on a page, oldest first; the last one holds."""
    review = schema.review.c
    query = select(*_COLUMNS).where(review.key.in_(keys_of(url))).order_by(review.id)
    with catalogue.read() as connection:
        return [_decision(*columns) for columns in connection.execute(query)]


def note_decisions(connection: Connection, given: Collection[ReviewDecision]) -> None:
    """Enter decisions, as part of a transaction; the last one on a page holds."""
    rows = [
        {
            "key": url_key(each.url),
            "url": each.url,
            "ruling": str(each.choice),
            "who": each.who,
            "ruled": each.decided,
            "stated": each.stated or None,
            "note": each.note or None,
        }
        for each in given
    ]
    if rows:
        connection.execute(insert(schema.review), rows)


_COLUMNS = [schema.review.c[name] for name in ("url", "ruling", "who", "ruled", "stated", "note")]


def _decision(
    url: str, choice: str, who: str, decided: str, stated: str | None, note: str | None
) -> ReviewDecision:
    return ReviewDecision(url, ReviewChoice(choice), who, decided, stated or "", note or "")
