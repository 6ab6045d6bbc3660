"""How much a decision about a page teaches or saves: the order in which pages that wait are shown.

worth = doubt + dispute + copies + novelty, each from 0 to 1: doubt is 1 at the threshold and 0 at the ends of the
scale; dispute is 1 where word lists and encoder clearly disagree; copies is 1 - 1/n for a text that n pages have; and
novelty is the mean of 1/(1 + decisions about its source) and 1/(1 + decisions in its language).
"""

from collections.abc import Iterator
from typing import NamedTuple


class Worth(NamedTuple):
    """The parts of it."""

    score: float
    """From 0 to 1, with the threshold at 0.5."""
    is_disputed: bool
    copies: int
    of_source: int
    of_language: int
    """Decisions so far."""

    @property
    def total(self) -> float:
        """From 0 to 4."""
        novelty = (1 / (1 + self.of_source) + 1 / (1 + self.of_language)) / 2
        doubt = 1 - 2 * abs(self.score - 0.5)
        return doubt + self.is_disputed + (1 - 1 / self.copies) + novelty

    def reasons(self) -> Iterator[str]:
        """What besides the scores makes it worth a decision."""
        if self.is_disputed:
            yield "two opinions disagree"
        if self.copies > 1:
            yield f"{self.copies} pages have the text"
        if not self.of_source:
            yield "first of its source"
        if not self.of_language:
            yield "first in its language"
