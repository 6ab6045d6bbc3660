"""What a listing accounts for: how many entries it had, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ListingAccount:
    """The sums of a visit to a feed, sitemap or section page: its entries are its links and those that were dropped."""

    form: str
    """What the document turned out to be: `RSS feed`, `sitemap index`, …"""
    links: int
    """Different addresses that are followed."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Number of entries that are not followed, by the reason."""
    unread: tuple[str, ...] = ()
    """Why something of the document was not read: clauses about `it`; empty if all of it was."""

    @property
    def entries(self) -> int:
        """How many entries the listing has, as far as it was read."""
        return self.links + sum(self.dropped.values())

    def sentence(self, new: int | None = None) -> str:
        """The account in words; `new` is the number of links that the run has queued, where any are followed."""
        followed = f"{self.links} followed" if new is None else f"{new} new, {self.links - new} known"
        why = ", ".join(f"{count} {reason}" for reason, count in self.dropped.items())
        dropped = f", {sum(self.dropped.values())} dropped ({why})" if why else ""
        unread = f"; not read whole: {'; '.join(self.unread)}" if self.unread else ""
        entries = "1 entry" if self.entries == 1 else f"{self.entries or 'no'} entries"
        return f"{self.form}, {entries}{f': {followed}{dropped}' if self.entries else ''}{unread}"
