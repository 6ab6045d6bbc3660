"""The pages of articles on several pages, as the catalogue knows them."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from archive.warc.location import RecordLocation
from crawler.catalogue.article_parts import PartText
from crawler.catalogue.article_row import ArticleRow, StoredRecord
from crawler.catalogue.articles import pages_of
from crawler.catalogue.places import EVERYWHERE, is_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import keys_of, url_key
from crawler.items import Article, DateSource, Evidence, Origin, Part

SPEAKS = frozenset({None, Fate.LIVE_BLOG, Fate.TOO_SHORT, Fate.INDEX_PAGE, Fate.NOT_HTML})
"""Verdicts of pages that show what they are: of others nobody knows whether they are a part of an article."""

WAITING = frozenset({Fate.INCOMPLETE, Fate.PART})
"""Fates of pages that may wait for others of their article."""

_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A record that an earlier outcome named."""

    location: RecordLocation
    serial: int = -1

    @property
    def captured(self) -> datetime:
        return self.location.captured

    def durable(self) -> RecordLocation:
        return self.location


def stored_page(catalogue: Catalogue, url: str, place: str = EVERYWHERE) -> PartText | None:
    """The page of a URL as it was extracted last from the records of a place; None if none is known.

    Its holder is its row.
    """
    rows = [row for row in pages_of(catalogue, url) if row.record is not None and is_of(row, place)]
    spoken = [row for row in rows if row.verdict in SPEAKS and row.fate != Fate.RIGHTS_DROPPED]
    return page_of_row(spoken[-1]) if spoken else None


def target_of(catalogue: Catalogue, url: str) -> str | None:
    """Where a URL led that redirected when it was fetched last."""
    page, target = schema.url, schema.url.alias()
    query = (
        select(target.c.url)
        .join_from(page, target, page.c.target_key == target.c.key)
        .where(page.c.key.in_(keys_of(url)), page.c.fate == Fate.REDIRECTED)
    )
    with catalogue.read() as connection:
        return connection.execute(query).scalar()


def page_of_row(row: ArticleRow) -> PartText:
    """The page of a row, without the text that other pages gave it."""
    paragraphs = tuple(row.text.split("\n\n")) if row.text else ()
    own = len(paragraphs) - sum(part.paragraphs for part in row.parts)
    return PartText(
        row.url,
        row.title or "",
        paragraphs[:own],
        row.previous_part,
        row.next_part,
        row.record_id or "",
        row.declared,
        row.rights,
        row,
    )


def article_of_row(row: ArticleRow) -> Article:
    """An article as the pipelines take it, from the row of its page; its pictures are not known any more."""
    assert row.record is not None, "what was extracted has a record"
    known = {each.name for each in fields(Article)} & {each.name for each in fields(ArticleRow)} - _DECIDED
    values = {name: getattr(row, name) for name in known}
    return Article(
        **values
        | {
            "paragraphs": page_of_row(row).paragraphs,
            "parts": (),
            "evidence": Evidence(source=row.source or "", via=row.via or ""),
            "origin": Origin(row.origin),
            "verdict": Fate(row.verdict) if row.verdict else None,
            "date_source": DateSource(row.date_source) if row.date_source else None,
            "capture": StoredCapture(row.record.location),
        }
    )


_DECIDED = frozenset(
    {
        *("body_hash", "duplicate_of", "known", "covered", "kinship", "kin", "file", "number", "revises"),
        "silent_edit",
    }
)
"""What the pipelines decide about an article."""


def record_of_part(catalogue: Catalogue, part: Part) -> StoredRecord | None:
    """Where the record of a further page lies; None if the catalogue does not know it any more."""
    rows = pages_of(catalogue, part.url)
    return next((row.record for row in reversed(rows) if row.record_id == part.record_id), None)


def incomplete_pages(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Pages of which the next one may be missing, each with the URL that it names."""
    article, url = schema.article.c, schema.url.c
    query = (
        select(url.url, article.next_part)
        .join_from(schema.article, schema.url, article.url_id == url.id)
        .where(article.next_part.is_not(None), article.fate.in_(sorted(WAITING)))
        .distinct()
    )
    with catalogue.read() as connection:
        return [(row.url, row.next_part) for row in connection.execute(query)]


def all_pages(catalogue: Catalogue, url: str) -> list[str]:
    """The URLs of all pages of the article to which a page belongs, the first one last; itself alone if it has none."""
    found: dict[bytes, str] = {url_key(url): url}
    waiting = [url]
    while waiting and len(found) < _MOST_PAGES:
        for other in _neighbours(catalogue, waiting.pop()):
            if url_key(other) not in found:
                found[url_key(other)] = other
                waiting.append(other)
    return sorted(found.values(), key=lambda each: _is_first(catalogue, each))


def _is_first(catalogue: Catalogue, url: str) -> bool:
    return any(row.parts or row.fate == Fate.INCOMPLETE for row in pages_of(catalogue, url))


def _neighbours(catalogue: Catalogue, url: str) -> Collection[str]:
    """The pages that belong to an article with a page, by what the rows of both say."""
    rows = pages_of(catalogue, url)
    named = {part.url for row in rows for part in row.parts}
    for row in rows:
        if row.fate in WAITING or row.parts:
            named |= {each for each in (row.previous_part, row.next_part) if each}
    return named | _composed_of(catalogue, url)


def _composed_of(catalogue: Catalogue, url: str) -> set[str]:
    """The first pages of articles that have text of a page."""
    article, page = schema.article.c, schema.url.c
    query = (
        select(page.url, article.parts)
        .join_from(schema.article, schema.url, article.url_id == page.id)
        .where(article.parts != "[]")
    )
    with catalogue.read() as connection:
        return {row.url for row in connection.execute(query) if f'["{url}",' in row.parts}
