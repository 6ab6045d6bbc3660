"""What a check of an archive finds."""

from dataclasses import dataclass
from enum import StrEnum

from archive.warc.record import WarcRecord


class Severity(StrEnum):
    """Whether something is wrong, or only worth knowing."""

    FAULT = "fault"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check has to say."""

    severity: Severity
    file: str
    """Name of the file concerned, in its collection."""
    sentence: str


@dataclass(slots=True)
class Checked:
    """How much was looked at; a check counts up while it goes on."""

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
    """What a finding calls a record: its type, its place and its URL."""
    kind, url = record.type or "unknown", record.get("warc-target-uri") or "no URL"
    return f"{kind} record at byte {record.offset} of {file} ({url})"


def spoken_lines(count: int) -> str:
    """`1 line`, `2 lines`."""
    return "1 line" if count == 1 else f"{count} lines"
