"""What a page is that is not one whole article, and what on it says so."""

from dataclasses import dataclass

from crawler.fates import Fate


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of a page by its content."""

    fate: Fate
    evidence: str
    """What on the page says so, in words."""
