"""How one URL ended in a run: what the committer makes durable."""

from dataclasses import dataclass

from crawler.fates import Fate
from crawler.items import Article, Capture, Evidence, Link, UrlKind, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one URL, with everything that must become durable together with it."""

    url: str
    kind: UrlKind
    fate: Fate
    evidence: Evidence
    reason: str = ""
    capture: Capture | None = None
    """None where no exchange took place (refused by robots.txt or the address guard)."""
    article: Article | None = None
    links: tuple[Link, ...] = ()
    """URLs that this page names, known ones included."""
    again: bool = False
    """Those links are asked for although earlier runs brought them to an end."""
    validators: Validators | None = None
    """By which the next visit asks whether anything changed; None: those known stay."""
    retry_in_s: float | None = None
    """The URL has not ended: it is asked again after so many seconds."""
