"""What became of an article over time: its texts, oldest first, and the pages that took them over."""

from dataclasses import dataclass

from sqlalchemy import select

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import keys_of
from crawler.texts.seed_format import seed_name


@dataclass(frozen=True, slots=True)
class Revision:
    """One text that the corpus held of a page, or holds."""

    file: str
    """Where it can be read, below the corpus: `2021-01/000_….txt`, earlier texts in `.revisions/`."""
    captured: str | None
    """When the page was requested, as ISO 8601 in UTC."""
    modified: str | None
    """When it was changed, as the page says."""
    title: str | None
    text: str
    """Paragraphs, separated by blank lines."""
    silent_edit: bool | None
    """Changed without a word about it; None of the first text."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A page that is not in the corpus, because another one has its text or most of it."""

    url: str
    fate: str
    """duplicate | syndicated"""
    agency: str | None
    captured: str | None
    known: float | None
    """Share of its text that is in that article, 0 to 1."""


def history(catalogue: Catalogue, url: str) -> list[Revision]:
    """The texts that the corpus held of a page, oldest first; those that were redacted are gone."""
    return [
        Revision(
            _file_of(row),
            row.captured,
            row.modified,
            row.title,
            row.text,
            row.silent_edit,
        )
        for row in pages_of(catalogue, url)
        if row.sha256 is not None
    ]


def copies(catalogue: Catalogue, url: str) -> list[Copy]:
    """The pages whose text an article has, in the order of their coming."""
    article, capture, page = schema.article.c, schema.capture.c, schema.url.c
    spellings = select(page.url).where(page.key.in_(keys_of(url)))
    query = (
        select(page.url, article.fate, article.agency, capture.captured, article.known)
        .join_from(schema.article, schema.url, article.url_id == page.id)
        .outerjoin(schema.capture, article.capture_id == capture.id)
        .where(article.duplicate_of.in_(spellings))
        .order_by(article.id)
    )
    with catalogue.read() as connection:
        # The latest of a page that was fetched several times.
        return list({row.url: Copy(*row) for row in connection.execute(query)}.values())


def _file_of(row: ArticleRow) -> str:
    """The path of a text that the corpus holds or held."""
    assert row.month is not None
    assert row.number is not None
    assert row.sha256 is not None
    return row.file or f"{REVISIONS}/{seed_name(row.month, row.number, row.sha256)}"
