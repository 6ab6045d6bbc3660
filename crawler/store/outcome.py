"""How one URL ended in a run: what the committer makes durable."""

from dataclasses import dataclass

from crawler.fates import Fate
from crawler.items import Article, Capture, Evidence, Kind, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one URL, with everything that must become durable together with it."""

    url: str
    kind: Kind
    fate: Fate
    evidence: Evidence
    reason: str = ""
    capture: Capture | None = None
    """None where no exchange took place (refused by robots.txt or the address guard)."""
    article: Article | None = None
    links: tuple[Link, ...] = ()
    """URLs that this page made known for the first time."""
