"""What people decided about pages before a run began: takedowns, and decisions of `scrapy review`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from crawler.catalogue.redactions import redacted_keys
from crawler.catalogue.reviews import ReviewDecision, decisions
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import url_key
from crawler.items import FETCHED_ONCE, Link


@dataclass(frozen=True, slots=True)
class PastDecisions:
    """Read once, because a run may ask about each of its pages."""

    redacted: Collection[bytes] = frozenset()
    reviewed: Mapping[bytes, ReviewDecision] = field(default_factory=dict)

    @classmethod
    def read(cls, catalogue: Catalogue) -> Self:
        return cls(redacted_keys(catalogue), decisions(catalogue))

    def is_redacted(self, link: Link) -> bool:
        """Whether a link leads to what was taken down; a list of articles has other content each day."""
        return link.kind in FETCHED_ONCE and self.is_taken_down(link.url)

    def is_taken_down(self, url: str) -> bool:
        """Whether a page was taken down, by any spelling of its URL."""
        return bool(self.redacted) and url_key(url) in self.redacted

    def decision_on(self, url: str) -> ReviewDecision | None:
        """What a person decided about a page, if one did."""
        return self.reviewed.get(url_key(url)) if self.reviewed else None
