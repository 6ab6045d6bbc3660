"""Whether an article is about armed conflict, and related to the seed documents."""

from crawler.relevance.scorer import MODES, Scorer

__all__ = ["MODES", "Scorer"]
