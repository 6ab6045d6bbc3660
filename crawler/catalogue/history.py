"""What became of an article over time: its texts, oldest first, and the pages that took them over."""

from dataclasses import dataclass

from sqlalchemy import select

from crawler.catalogue.pages import pages_of
from crawler.catalogue.store import Store
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.http.url_identity import keys_of
from crawler.texts.seed_format import seed_name


@dataclass(frozen=True, slots=True)
class Revision:
    """One text that the corpus held of a page, or holds."""

    file: str
    """Where it can be read, below the corpus: `2021-01/000_….txt`, earlier texts in `.revisions/`."""
    captured: str | None
    """When the page was asked for, as ISO 8601 in UTC."""
    modified: str | None
    """When it was changed, as the page says."""
    title: str | None
    text: str
    """Paragraphs, parted by blank lines."""
    silent_edit: bool | None
    """Changed without a word about it; None of the first text."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A page that is not in the corpus, for another one has its text or most of it."""

    url: str
    fate: str
    """duplicate | syndicated"""
    agency: str | None
    captured: str | None
    known: float | None
    """Share of its text that is in that article, 0 to 1."""


def history(store: Store, url: str) -> list[Revision]:
    """The texts that the corpus held of a page, oldest first; those that were redacted are gone."""
    return [
        Revision(
            row["file"] or f"{REVISIONS}/{seed_name(row['month'], row['number'], row['sha256'])}",
            *(row[name] for name in ("captured", "modified", "title", "text", "silent_edit")),
        )
        for row in pages_of(store, url)
        if row["sha256"] is not None
    ]


def copies(store: Store, url: str) -> list[Copy]:
    """The pages for which an article stands, in the order of their coming."""
    article, capture, page = schema.article.c, schema.capture.c, schema.url.c
    spellings = select(page.url).where(page.key.in_(keys_of(url)))
    query = (
        select(page.url, article.fate, article.agency, capture.captured, article.known)
        .join_from(schema.article, schema.url, article.url_id == page.id)
        .outerjoin(schema.capture, article.capture_id == capture.id)
        .where(article.duplicate_of.in_(spellings))
        .order_by(article.id)
    )
    with store.engine.connect() as connection:
        # Of pages that were asked several times the latest.
        return list({row.url: Copy(*row) for row in connection.execute(query)}.values())
