"""The journal of a rewriting: which new file replaces which old ones."""

import json
from dataclasses import dataclass
from pathlib import Path

from archive.warc.closed_file import Redaction, redaction_of

JOURNAL = "rewriting.json"
"""Exists in the collection's folder until a rewriting is finished."""


@dataclass(frozen=True, slots=True)
class Part:
    """A range of bytes of an old file, and where it lies in the new one."""

    name: str
    offset: int
    """Where it begins in the new file."""
    size: int
    """Its bytes in the old file."""
    begin: int = 0
    """Where it began in the old file."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record that replaces another one; the old record is a `Part` of its own."""

    offset: int
    """Of the new record, in the new file."""
    length: int
    """Bytes of its gzip member."""
    record_id: str
    payload_digest: str
    line: str | None
    """Replaces the old record's line in the index; None removes it."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A new file, and the parts of old files that it consists of."""

    name: str
    parts: tuple[Part, ...]
    """All bytes of the old files, in their order."""
    changes: tuple[Change, ...] = ()
    redaction: Redaction | None = None

    @property
    def replaced(self) -> list[str]:
        """Names of the old files."""
        return list(dict.fromkeys(part.name for part in self.parts))


def superseded(folder: Path) -> set[str]:
    """Names of files whose records are in another file already, because a rewriting was not finished."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return set()
    rewriting = read_journal(journal)
    return set(rewriting.replaced) if (folder / "archive" / rewriting.name).exists() else set()


def read_journal(journal: Path) -> Rewriting:
    """The rewriting that a journal describes."""
    fields = json.loads(journal.read_bytes())
    return Rewriting(
        fields["name"],
        tuple(Part(**part) for part in fields["parts"]),
        tuple(Change(**change) for change in fields["changes"]),
        redaction_of(fields["redaction"]),
    )
