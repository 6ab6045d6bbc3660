"""What the checks of an archive report."""

from dataclasses import dataclass
from enum import StrEnum

from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_credentials


class Severity(StrEnum):
    """Whether something is wrong, or only worth knowing."""

    FAULT = "fault"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact that a check reports."""

    severity: Severity
    file: str
    """The file concerned, by its name in the collection."""
    sentence: str


@dataclass(slots=True)
class Checked:
    """How much was checked; a check counts up while it runs."""

    lines: int = 0
    """Of the manifest."""
    files: int = 0
    bytes: int = 0
    records: int = 0
    indexed: int = 0
    """Lines of the index."""


def fault(file: str, sentence: str) -> Finding:
    return Finding(Severity.FAULT, file, sentence)


def note(file: str, sentence: str) -> Finding:
    return Finding(Severity.NOTE, file, sentence)


def described(record: WarcRecord, file: str) -> str:
    """A record as findings name it: type, offset and URL."""
    kind = record.type or "unknown"
    url = without_credentials(record.get("warc-target-uri")) or "no URL"
    return f"{kind} record at byte {record.offset} of {file} ({url})"


def spoken_lines(count: int) -> str:
    """`1 line`, `2 lines`."""
    return "1 line" if count == 1 else f"{count} lines"
