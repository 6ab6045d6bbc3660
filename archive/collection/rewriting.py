"""A WARC file that takes the place of others: staged beside them, decided by a journal, and found by everybody.

The new file is written beside the old ones; then a journal decides that it takes their place, whatever
happens. Manifest, index and whoever else refers to the records are told their new places, and the old
files go last: at any moment every reference leads to its record. What a killed writer began is undone
before the journal, finished after it.
"""

import errno
import json
import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from archive.index import index_files
from archive.warc.durable import naming, rename, replace_file, sync_folder

JOURNAL = "rewriting.json"
"""Stands in the collection's folder while a rewriting is to be finished."""

SUFFIX = ".rewriting"
"""Stands at the end of the name of a file that is only begun."""
_FILENAME = re.compile(rb'"filename": "([^"]*)"')
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an old file, and where it lies in the new one."""

    name: str
    offset: int
    """Where it begins in the new file."""
    size: int
    """Octets in the old file."""
    begin: int = 0
    """Where it began in the old file."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record that another one takes the place of; its octets are a part of their own."""

    offset: int
    """Of the new record, in the new file."""
    length: int
    """Octets of its gzip member."""
    record_id: str
    payload_digest: str
    line: str | None
    """Takes the place of the old record's line in the index; None: there is none any more."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What the manifest says of a takedown: one line for each file that was rewritten for it."""

    url: str
    date: str
    """When it took place: UTC, as a WARC-Date."""
    reason: str
    records: tuple[str, ...] = ()
    """Ids of the records that are gone from this file."""
    repaired: tuple[str, ...] = ()
    """Ids of revisit records in this file that referred to one that goes, and that no longer do."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A new file, and what it is put together of."""

    name: str
    parts: tuple[Part, ...]
    """All octets of the old files, in their order."""
    changes: tuple[Change, ...] = ()
    redaction: Redaction | None = None

    @property
    def replaced(self) -> list[str]:
        """Names of the old files."""
        return list(dict.fromkeys(part.name for part in self.parts))


class Referrer(Protocol):
    """Keeps places of records; the setting ARCHIVE_MOVED names its class, which is made with `from_crawler`."""

    def moved(self, rewriting: Rewriting) -> None:
        """Learn the records' new places; told again after a kill. OSError, with a name, if that cannot be."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Ledger(Protocol):
    """The manifest of the collection, as far as a rewriting concerns it."""

    def confirms(self, path: Path) -> bool:
        """Whether a file is what its line says."""
        ...

    def add_rewritten(self, path: Path, replaced: Sequence[str], redaction: Redaction | None) -> None:
        """Append the line of a new file that takes the place of others; a second time it changes nothing."""
        ...


class Rewriter:
    """Puts new files in the place of old ones in one collection, for its writer's thread."""

    def __init__(self, folder: Path, referrers: Sequence[Referrer], ledger: Ledger | None = None) -> None:
        """Take the collection's folder, and all that keep places of records."""
        self.archive = folder / "archive"
        self._indexes = folder / "indexes"
        self._journal = folder / JOURNAL
        self._referrers = referrers
        self._ledger = ledger

    def is_as_signed(self, path: Path) -> bool:
        """Whether a file is that of the manifest, whose line for the new one must not vouch for a changed one."""
        return self._ledger is None or self._ledger.confirms(path)

    def carry_out(self, rewriting: Rewriting, members: Mapping[int, bytes] | None = None) -> None:
        """Write the new file, with `members` (by their place in it) instead of old records, and finish."""
        staged = self.archive / (rewriting.name + SUFFIX)
        with naming(staged), staged.open("wb") as file:
            for part in rewriting.parts:
                file.writelines(_octets(self.archive / part.name, part, members or {}))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.archive)
        replace_file(self._journal, [json.dumps(asdict(rewriting)).encode()])
        self.finish()

    def finish(self) -> None:
        """Carry out the rewriting that the journal decided, if there is one; undo what was only begun."""
        if not self._journal.exists():
            for path in self.archive.glob(f"*{SUFFIX}"):
                path.unlink()
            return
        rewriting = _read_journal(self._journal)
        target = self.archive / rewriting.name
        staged = target.with_name(target.name + SUFFIX)
        if staged.exists():
            rename(staged, target)
        if not target.exists():  # then the old files must stay
            raise FileNotFoundError(errno.ENOENT, f"{self._journal} says that it holds others", str(target))
        if self._ledger is not None:
            self._ledger.add_rewritten(target, rewriting.replaced, rewriting.redaction)
        index_files.change_lines(self._indexes, _Relocation(rewriting).relocate)
        for referrer in self._referrers:
            referrer.moved(rewriting)
        for name in rewriting.replaced:
            (self.archive / name).unlink(missing_ok=True)
        sync_folder(self.archive)
        self._journal.unlink()
        sync_folder(self._journal.parent)


def superseded(folder: Path) -> set[str]:
    """Names of those files of a collection that another one holds already: a rewriting was not finished."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return set()
    rewriting = _read_journal(journal)
    return set(rewriting.replaced) if (folder / "archive" / rewriting.name).exists() else set()


def redaction_of(fields: dict[str, Any] | None) -> Redaction | None:
    """A redaction as JSON has it; KeyError or TypeError if it is none."""
    if fields is None:
        return None
    url, date, reason = (str(fields[name]) for name in ("url", "date", "reason"))
    return Redaction(url, date, reason, *(tuple(map(str, fields[name])) for name in ("records", "repaired")))


def _read_journal(journal: Path) -> Rewriting:
    fields = json.loads(journal.read_bytes())
    return Rewriting(
        fields["name"],
        tuple(Part(**part) for part in fields["parts"]),
        tuple(Change(**change) for change in fields["changes"]),
        redaction_of(fields["redaction"]),
    )


def _octets(old: Path, part: Part, members: Mapping[int, bytes]) -> Iterable[bytes]:
    """What stands in the new file for a stretch of an old one."""
    return [members[part.offset]] if part.offset in members else _pieces(old, part)


def _pieces(path: Path, part: Part) -> Iterator[bytes]:
    left = part.size
    with path.open("rb") as file:
        file.seek(part.begin)
        while left and (piece := file.read(min(left, _CHUNK_BYTES))):
            left -= len(piece)
            yield piece


class _Relocation:
    """Gives CDXJ lines the new places of their records."""

    def __init__(self, rewriting: Rewriting) -> None:
        self._name = rewriting.name
        self._parts: dict[str, list[Part]] = {}
        for part in rewriting.parts:
            self._parts.setdefault(part.name, []).append(part)
        self._changes = {change.offset: change for change in rewriting.changes}

    def relocate(self, line: bytes) -> bytes | None:
        """The line with the new place, or of the record that is there now; a line of another file as it is."""
        named = _FILENAME.search(line)
        parts = self._parts.get(named[1].decode()) if named else None
        if parts is None:
            return line
        key, timestamp, fields = line.split(b" ", 2)
        entry = json.loads(fields)
        offset = self._moved(parts, int(entry["offset"]))
        if change := self._changes.get(offset):
            return change.line.encode() if change.line is not None else None
        entry |= {"offset": str(offset), "filename": self._name}
        return b"%b %b %b\n" % (key, timestamp, json.dumps(entry).encode())

    def _moved(self, parts: Sequence[Part], offset: int) -> int:
        part = parts[bisect_right(parts, offset, key=lambda part: part.begin) - 1]
        return offset - part.begin + part.offset
