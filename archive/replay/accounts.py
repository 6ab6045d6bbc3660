"""How the records of archives end: each in one count with its reason, and the counts make the sum."""

from collections import Counter
from collections.abc import Mapping

READ = "read"
"""The answer was read as a capture."""

NO_DATE = "no date"
UNREADABLE_DATE = "unreadable date"
REPEATS_ELSEWHERE = "repeats a record that is not here"
NO_STATUS_LINE = "no status line"
EMPTY_ANSWER = "empty answer"
NO_ADDRESS = "no address"
NO_WEB_ADDRESS = "address without http or https"
ODD_STATUS = "status "
"""Before a status that no server can send."""

_BY_TYPE = ("request", "metadata", "warcinfo", "conversion", "continuation")
_LOST = (NO_DATE, UNREADABLE_DATE, REPEATS_ELSEWHERE, NO_STATUS_LINE)


class RecordAccount:
    """The records of one archive, or of several together."""

    def __init__(self) -> None:
        self.records = 0
        """As many as the reader found."""
        self.reasons: Counter[str] = Counter()
        """Records by how they ended."""
        self.skipped_bytes = 0
        """Of damaged parts, in which no record was found."""

    def note(self, reason: str) -> None:
        """Count how one record ended."""
        self.reasons[reason] += 1

    def skip(self, size: int) -> None:
        """Count damaged bytes."""
        self.skipped_bytes += size

    def add(self, other: "RecordAccount") -> None:
        """Count what another account has counted."""
        self.records += other.records
        self.reasons.update(other.reasons)
        self.skipped_bytes += other.skipped_bytes

    @property
    def reconciles(self) -> bool:
        """Whether each record ended in one count."""
        return self.records == sum(self.reasons.values())

    @property
    def lost(self) -> dict[str, int]:
        """Answers of the web that could not be read."""
        return {
            reason: count
            for reason, count in self.reasons.items()
            if reason in _LOST or reason.startswith(ODD_STATUS)
        }

    def __str__(self) -> str:
        """`12 records = 5 read + 5 request + 1 warcinfo + 1 not HTTP (dns); 90 damaged bytes skipped`."""
        damage = f"; {self.skipped_bytes} damaged bytes skipped" if self.skipped_bytes else ""
        sums = " + ".join(f"{count} {reason}" for reason, count in ordered(self.reasons))
        return f"{self.records} records = {sums or 'none'}{damage}"


def ordered(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Reasons with their counts, the most frequent first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def reason_of_type(kind: str) -> str:
    """How a record ends that is no answer, by its type."""
    return kind if kind in _BY_TYPE else f"type {_plain(kind)}"


def reason_of_scheme(url: str) -> str:
    """How an answer ends that is none of the web, by its address."""
    scheme, mark, _ = url.partition(":")
    if not url:
        return NO_ADDRESS
    is_scheme = mark and "." not in scheme and "/" not in scheme
    return f"not HTTP ({_plain(scheme.lower())})" if is_scheme else NO_WEB_ADDRESS


def _plain(word: str) -> str:
    """A word of a foreign archive, fit to be a name."""
    plain = "".join(sign for sign in word[:40] if sign.isascii() and (sign.isalnum() or sign in "+-._"))
    return plain or "unknown"
