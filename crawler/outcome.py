"""How one URL ended in a run: what the committer makes durable."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from crawler.fates import Fate
from crawler.items import Article, Capture, Evidence, Link, UrlKind, Validators
from crawler.listing_account import ListingAccount


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
    links: Collection[Link] = ()
    """URLs that this page names, known ones included."""
    listing: ListingAccount | None = None
    """Of a feed, sitemap or section page that was read: what became of its entries."""
    target: Link | None = None
    """Where a redirect leads."""
    besides: Collection[Link] = ()
    """Listings of the same source that the run reads too, because this one does not tell all."""
    again: bool = False
    """Fetch those links although earlier runs brought them to an end."""
    is_look: bool = False
    """A listing that was only looked at: nothing is followed, and the next run fetches it as if nobody had."""
    validators: Validators | None = None
    """What the next visit sends to learn whether anything changed; None keeps those that are known."""
    retry_in_s: float | None = None
    """The URL has not ended: the run fetches it again after so many seconds."""
    goes_on: Link | None = None
    """The URL has not ended: the next request for it is made by this link."""

    @property
    def is_end(self) -> bool:
        """Whether the URL has ended, as far as this run is concerned."""
        return self.retry_in_s is None and self.goes_on is None

    @classmethod
    def of(cls, link: Link, fate: Fate, reason: str = "", capture: Capture | None = None) -> Self:
        """The end of a URL that was fetched because of this link."""
        return cls(
            url=link.url, kind=link.kind, fate=fate, evidence=link.evidence, reason=reason, capture=capture
        )
