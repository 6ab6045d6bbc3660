"""What the manifest says of a finished WARC file."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.warc.files import RecordFile
from archive.warc.reader import read_records

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Redaction:
    """A takedown, as the manifest lists it for each file that was rewritten for it."""

    url: str
    date: str
    """When it took place: UTC, as a WARC-Date."""
    reason: str
    records: tuple[str, ...] = ()
    """Ids of the records that were removed from this file."""
    repaired: tuple[str, ...] = ()
    """Ids of revisit records in this file that no longer refer to a removed record."""


def redaction_of(fields: dict[str, Any] | None) -> Redaction | None:
    """The redaction that JSON describes; KeyError or TypeError if it is none."""
    if fields is None:
        return None
    url, date, reason = (str(fields[name]) for name in ("url", "date", "reason"))
    return Redaction(url, date, reason, *(tuple(map(str, fields[name])) for name in ("records", "repaired")))


class Dates:
    """The earliest and the latest of some WARC-Dates; empty while there is none."""

    def __init__(self) -> None:
        self.first = self.last = ""

    def add(self, date: str) -> None:
        """Add a date; anything else is ignored."""
        if _DATE.fullmatch(date):
            self.first = min(self.first or date, date)
            self.last = max(self.last, date)


@dataclass(frozen=True, slots=True)
class ClosedWarc:
    """A finished file."""

    file: str
    """Its name in the folder `archive`."""
    bytes: int
    sha256: str
    records: int
    first: str
    """WARC-Date of its earliest record, without the warcinfo; empty if there is none."""
    last: str
    replaces: tuple[str, ...] = ()
    """Files whose records this one holds, and that were removed."""
    redaction: Redaction | None = None
    """The takedown for which the file was rewritten."""

    @classmethod
    def read(cls, path: Path, name: str) -> "ClosedWarc":
        """Describe a file on disk under its final name."""
        file, dates, records = RecordFile(path), Dates(), 0
        for record in read_records(file, lambda _: None):
            records += 1
            if record.type != "warcinfo":
                dates.add(record.get("warc-date"))
        return cls(name, file.size, file.sha256(), records, dates.first, dates.last)
