"""All that the page of one article shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.browse.site import Check, Site
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.catalogue.history import Copy, Revision, copies, history
from crawler.catalogue.reviews import ReviewDecision, decisions_on
from crawler.catalogue.stated_months import StatedMonth, months_stated_of
from crawler.catalogue.stories import Story, story_of
from crawler.catalogue.visits import Visit, visits_of
from crawler.errors import OperatorError
from crawler.search.passages import Piece, marked
from crawler.search.search_query import read_query
from crawler.texts.word_diff import Passage, diff_words


@dataclass(frozen=True, slots=True)
class Change:
    """What a later text of a page changed."""

    earlier: Revision
    later: Revision
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article with the evidence for what is said of it."""

    row: ArticleRow
    paragraphs: tuple[Sequence[Piece], ...]
    """With the words marked by which it was found."""
    copies: tuple[Copy, ...]
    story: Story | None
    changes: tuple[Change, ...]
    decisions: tuple[ReviewDecision, ...]
    months: tuple[StatedMonth, ...]
    """That people stated."""
    visits: tuple[Visit, ...]
    checks: tuple[Check, ...]
    unchecked: str
    """Why the record could not be checked."""
    archived: str
    """Where the page is shown as it looked."""


def read_article(site: Site, url: str, words: str = "") -> ArticlePage | None:
    """What there is of the article of a URL; None if no page was extracted from it."""
    rows = pages_of(site.catalogue, url)
    if not rows:
        return None
    row, query = rows[-1], read_query(words)
    checks, unchecked = _proof(site, row)
    return ArticlePage(
        row=row,
        paragraphs=tuple(marked(paragraph, query) for paragraph in row.text.split("\n\n") if paragraph),
        copies=tuple(copies(site.catalogue, row.url)),
        story=story_of(site.catalogue, row.cluster),
        changes=tuple(_changes(history(site.catalogue, row.url))),
        decisions=tuple(decisions_on(site.catalogue, row.url)),
        months=tuple(months_stated_of(site.catalogue, row.url)),
        visits=tuple(visits_of(site.catalogue, row.url)),
        checks=checks,
        unchecked=unchecked,
        archived=site.archive.page(row) if site.archive else "",
    )


def _proof(site: Site, row: ArticleRow) -> tuple[tuple[Check, ...], str]:
    try:
        return tuple(site.prove(row)), ""
    except OperatorError as error:
        return (), str(error)


def _changes(texts: Sequence[Revision]) -> Iterator[Change]:
    for earlier, later in pairwise(texts):
        yield Change(earlier, later, tuple(diff_words(earlier.text, later.text)))
