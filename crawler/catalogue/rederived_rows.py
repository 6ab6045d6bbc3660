"""Rows of pages that were derived again, entered into the live catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from archive.warc.location import RecordLocation
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import Owner, insert_article, leave_corpus, refresh_article
from crawler.catalogue.capture_rows import capture_of
from crawler.catalogue.columns import Use
from crawler.catalogue.stated_decisions import Ruling, note_rulings
from crawler.catalogue.visits import note_visit
from crawler.database.catalogue import Catalogue
from crawler.frontier.url_ends import end_found
from crawler.outcome import Outcome
from crawler.texts.similarity import bands_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RederivedPage:
    """One page as it was derived again, under the names that it has in the live corpus and archive."""

    outcome: Outcome
    """URL, fate and reason; no article."""
    row: ArticleRow
    location: RecordLocation
    content: bytes = b""
    """The new seed file, if the row names one."""
    retires: str | None = None
    """Path of the seed file that leaves the corpus."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A row that describes its page as another one does from now on."""

    article_id: int
    row: ArticleRow
    takes_fate: bool
    """The other row's fate counts too."""


def apply_rederived_pages(
    catalogue: Catalogue,
    run_id: int,
    pages: Sequence[RederivedPage],
    rulings: Sequence[Ruling] = (),
) -> None:
    """Let new rows say what became of pages, all or none of them, and enter what people say of them."""

    def apply(connection: Connection) -> None:
        note_rulings(connection, rulings)
        for page in pages:
            url_id = end_found(connection, run_id, page.outcome)
            capture_id = capture_of(connection, run_id, url_id, page.location)
            note_visit(connection, url_id, run_id, page.outcome, capture_id)
            if page.retires is not None:
                leave_corpus(connection, page.retires)
            bands = bands_of(page.row.text) if page.row.file is not None else ()
            insert_article(connection, Owner(url_id, run_id, capture_id), _live_row(page), bands)

    catalogue.write(apply)


def refresh_rows(catalogue: Catalogue, refreshes: Sequence[Refresh]) -> None:
    """Let rows describe their pages as others do, all or none of them."""

    def refresh(connection: Connection) -> None:
        for each in refreshes:
            use = Use.DESCRIBES | Use.DECIDES if each.takes_fate else Use.DESCRIBES
            refresh_article(connection, each.article_id, each.row, use)

    catalogue.write(refresh)


def _live_row(page: RederivedPage) -> ArticleRow:
    """The row with what holds in the live corpus: derived again, a page may have had another history."""
    row = replace(
        page.row,
        fate=str(page.outcome.fate),
        reason=page.outcome.reason or None,
        revises=None,
        silent_edit=None,
    )
    if row.file is None:
        return replace(row, number=None, sha256=None)
    return replace(row, revises=page.retires)
