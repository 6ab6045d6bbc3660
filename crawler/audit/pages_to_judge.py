"""A page as a person sees it who judges it: read again from the archive, without what the program made of it."""

from collections.abc import Callable
from typing import NamedTuple

from crawler.audit.stored_pages import CannotDerive, StoredPages
from crawler.catalogue.articles import pages_of
from crawler.catalogue.samples import SampledPage
from crawler.database.catalogue import Catalogue
from crawler.extraction import extract
from crawler.items import Article, RawPage


class Instead(NamedTuple):
    """The text that the corpus has instead of a copy."""

    url: str
    title: str
    paragraphs: tuple[str, ...]


class PageToJudge(NamedTuple):
    """What is shown of a page."""

    page: SampledPage
    title: str
    date: str
    paragraphs: tuple[str, ...]
    is_whole: bool
    """They are all that the page shows, since no article was found on it."""
    is_copy: bool
    """It was left out because its text is a page's that is said to be in the corpus."""
    instead: Instead | None
    """That text; None if the corpus does not have it."""


class PagesToJudge:
    """Reads pages of a sample."""

    def __init__(self, catalogue: Catalogue, pages_in: Callable[[str], StoredPages]) -> None:
        """`pages_in` reads from the archive of a place."""
        self._catalogue, self._pages_in = catalogue, pages_in

    def read(self, page: SampledPage) -> PageToJudge:
        """One page; CannotDerive if its record is gone or cannot be read."""
        rows = [row for row in pages_of(self._catalogue, page.url) if row.record_id == page.record_id]
        if not rows or (record := rows[-1].record) is None:
            raise CannotDerive(f"{page.url} cannot be judged: the catalogue knows its record no more.")
        row = rows[-1]
        article, shown = self._pages_in(row.place or "").read(page.url, record, read_for_a_person)
        return PageToJudge(
            page,
            article.title or "",
            article.published or article.month or "",
            tuple(article.paragraphs) or shown,
            not article.paragraphs,
            row.duplicate_of is not None,
            self._kept(row.duplicate_of),
        )

    def _kept(self, url: str | None) -> Instead | None:
        for row in pages_of(self._catalogue, url) if url else ():
            if row.file is not None:
                return Instead(row.url, row.title or "", tuple(row.text.split("\n\n")))
        return None


def read_for_a_person(raw: RawPage) -> tuple[Article, tuple[str, ...]]:
    """The article of a page, and if it has no text all that the page shows."""
    article = extract(raw)
    return article, () if article.paragraphs else _shown(raw)


def _shown(raw: RawPage) -> tuple[str, ...]:
    # Imported in a worker, as in `crawler.extraction.extract`.
    from crawler.extraction.document import NotHtml
    from crawler.extraction.page import read_page

    try:
        page = read_page(raw)
    except NotHtml:
        return ()
    return tuple(block.text for block in page.blocks) if page else ()
