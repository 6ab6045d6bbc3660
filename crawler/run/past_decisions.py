"""What people decided about pages before a run began: takedowns, decisions of `scrapy review`, months."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from crawler.catalogue.redactions import redacted_keys
from crawler.catalogue.reviews import ReviewDecision, decisions
from crawler.catalogue.stated_months import StatedMonth, stated_months
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import url_key
from crawler.items import FETCHED_ONCE, Link


@dataclass(frozen=True, slots=True)
class PastDecisions:
    """Read once, because a run may ask about each of its pages."""

    redacted: Collection[bytes] = frozenset()
    reviewed: Mapping[bytes, ReviewDecision] = field(default_factory=dict)
    months: Mapping[bytes, StatedMonth] = field(default_factory=dict)

    @classmethod
    def read(cls, catalogue: Catalogue) -> Self:
        return cls(redacted_keys(catalogue), decisions(catalogue), stated_months(catalogue))

    def is_redacted(self, link: Link) -> bool:
        """Whether a link leads to what was taken down; a list of articles has other content each day."""
        return link.kind in FETCHED_ONCE and self.is_taken_down(link.url)

    def is_taken_down(self, url: str) -> bool:
        """Whether a page was taken down, by any spelling of its URL."""
        return bool(self.redacted) and url_key(url) in self.redacted

    def decision_on(self, url: str) -> ReviewDecision | None:
        """What a person decided about a page, if one did."""
        return self.reviewed.get(url_key(url)) if self.reviewed else None

    def month_of(self, url: str) -> StatedMonth | None:
        """The month in which a person says that a page was published, if one does."""
        return self.months.get(url_key(url)) if self.months else None
