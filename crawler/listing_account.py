"""What a listing accounts for: how many entries it had, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

MARK_BYTES = 6
"""Of two feeds with a thousand entries each one pair in 3 * 10**8 would share a mark by chance."""


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
    oldest: str = ""
    newest: str = ""
    """Days (`YYYY-MM-DD`) of the entries that have a date; empty if none has."""
    marks: bytes = field(default=b"", repr=False)
    """Of a feed, MARK_BYTES for each entry, by which the next visit knows it again."""
    shared: int | None = None
    """How many entries of a feed were there at the visit before; None if that is not known."""

    def after(self, earlier: bytes) -> Self:
        """The same, after a visit that left these marks."""
        return replace(self, shared=len(_each(earlier) & _each(self.marks))) if earlier else self

    @property
    def has_gap(self) -> bool:
        """Whether nothing of it was there at the visit before, so that something may have come and gone between."""
        return self.shared == 0 and bool(self.marks)

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


def _each(marks: bytes) -> set[bytes]:
    return {marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)}
