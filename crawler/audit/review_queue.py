"""The pages that wait for a decision, what is worth most first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.audit.worth import Worth
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles_in_review
from crawler.catalogue.review_counts import ReviewCounts
from crawler.database.catalogue import Catalogue
from crawler.relevance.scorer import MEANING


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits, and what a decision about it teaches or saves."""

    row: ArticleRow
    worth: Worth


def waiting(catalogue: Catalogue, scale: Callable[[float, float], float]) -> list[Waiting]:
    """Every page that waits; `scale` makes one score of conflict and relation, as `Scorer.scale` does."""
    counts = ReviewCounts.of(catalogue)
    found = [Waiting(row, _worth(row, counts, scale)) for row in articles_in_review(catalogue)]
    return sorted(found, key=lambda each: -each.worth.total)


def chosen(pages: Sequence[Waiting], source: str = "", language: str = "", order: str = "") -> list[Waiting]:
    """Those of a source and a language; `order`: `newest` or `score` first, otherwise as they are."""
    found = [
        each
        for each in pages
        if source in ("", each.row.source or "") and language in ("", each.row.language or "")
    ]
    if order == "newest":
        found.sort(key=lambda each: each.row.published or each.row.month or "", reverse=True)
    if order == "score":
        found.sort(key=lambda each: -each.worth.score)
    return found


def _worth(row: ArticleRow, counts: ReviewCounts, scale: Callable[[float, float], float]) -> Worth:
    score = scale(row.conflict or 0.0, row.related or 0.0)
    is_disputed = score >= 0.5 and any(each.name == MEANING for each in row.reasons or ())
    return Worth(score, is_disputed, counts.copies(row), *counts.decided(row))
