"""Small WARC files of past days become one: gzip members put together untouched, found where they now lie.

The new file is written beside the old ones; then a journal decides that the merge takes place, whatever
happens. Index and whoever else refers to the records are told their new places, and the old files go last:
at any moment every reference leads to its record. What a killed writer began is undone before the journal,
finished after it.
"""

import errno
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from archive import tiers
from archive.durable import naming, rename, replace_file, sync_folder

SMALL_BYTES = 100_000_000
"""Larger files are left as they are."""

JOURNAL = "merge.json"
"""Stands in the collection's folder while a merge is to be finished."""

_SUFFIX = ".merging"
_FILENAME = re.compile(rb'"filename": "([^"]*)"')
_CHUNK_BYTES = 1024 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A file that went into another."""

    name: str
    offset: int
    """Where it begins there: by so much the places of its records have moved."""
    size: int


@dataclass(frozen=True, slots=True)
class Merge:
    """A new file, and what it is put together of."""

    name: str
    parts: tuple[Part, ...]


class Referrer(Protocol):
    """Keeps places of records; the setting ARCHIVE_MOVED names its class, which is made with `from_crawler`."""

    def moved(self, merge: Merge) -> None:
        """Learn the records' new places; told again after a kill. OSError, with a name, if that cannot be."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Ledger(Protocol):
    """The manifest of the collection, as far as a merge concerns it."""

    def confirms(self, path: Path) -> bool:
        """Whether a file is what its line says."""
        ...

    def add_merged(self, path: Path, parts: Sequence[str]) -> None:
        """Append the line of a new file that takes the place of others; a second time it changes nothing."""
        ...


class Merger:
    """Merges the files of one collection, for its writer's thread."""

    def __init__(
        self,
        folder: Path,
        prefix: str,
        max_file_bytes: int,
        referrers: Sequence[Referrer],
        ledger: Ledger | None = None,
    ) -> None:
        """Take the collection's folder, the beginning of its file names, and all that keep places of records."""
        self._archive = folder / "archive"
        self._indexes = folder / "indexes"
        self._journal = folder / JOURNAL
        self._ours = re.compile(rf"{re.escape(prefix)}-(\d{{8}})\d{{9}}-\d{{5}}-[0-9a-f]{{8}}\.warc\.gz")
        self._max_file_bytes = max_file_bytes
        self._referrers = referrers
        self._ledger = ledger

    def run(self, today: date) -> list[Merge]:
        """Merge what days before `today` left, as far as the disk has room for the copies."""
        merged = []
        for group in list(self._groups(f"{today:%Y%m%d}")):
            size = sum(path.stat().st_size for path in group)
            if self._are_as_signed(group) and shutil.disk_usage(self._archive).free > 2 * size:
                merge = _plan(group)
                self._prepare(merge)
                self.finish()
                logger.info("Put %s small files of a past day together as %s.", len(group), merge.name)
                merged.append(merge)
        return merged

    def finish(self) -> None:
        """Carry out the merge that the journal decided, if there is one; undo what was only begun."""
        if not self._journal.exists():
            for path in self._archive.glob(f"*{_SUFFIX}"):
                path.unlink()
            return
        merge = _read_journal(self._journal)
        target = self._archive / merge.name
        staged = target.with_name(target.name + _SUFFIX)
        if staged.exists():
            rename(staged, target)
        if not target.exists():  # then the old files must stay
            raise FileNotFoundError(errno.ENOENT, f"{self._journal} says that it holds others", str(target))
        if self._ledger is not None:
            self._ledger.add_merged(target, [part.name for part in merge.parts])
        tiers.change_lines(self._indexes, _Relocation(merge).relocate)
        for referrer in self._referrers:
            referrer.moved(merge)
        for part in merge.parts:
            (self._archive / part.name).unlink(missing_ok=True)
        sync_folder(self._archive)
        self._journal.unlink()
        sync_folder(self._journal.parent)

    def _are_as_signed(self, group: Sequence[Path]) -> bool:
        """Whether files are those of the manifest: its line for the new one must not vouch for changed ones."""
        for path in group:
            if self._ledger is not None and not self._ledger.confirms(path):
                logger.error(
                    "%s is not what the manifest says, so it stays as it is: run scrapy verify.", path
                )
                return False
        return True

    def _prepare(self, merge: Merge) -> None:
        """Write the new file under another name, then decide that it takes the place of the old ones."""
        staged = self._archive / (merge.name + _SUFFIX)
        with naming(staged), staged.open("wb") as file:
            for part in merge.parts:
                with (self._archive / part.name).open("rb") as old:
                    shutil.copyfileobj(old, file, _CHUNK_BYTES)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self._archive)
        replace_file(self._journal, [json.dumps(asdict(merge)).encode()])

    def _groups(self, today: str) -> Iterator[list[Path]]:
        """Small files of one past day with no other file between them, for names keep the order of records."""
        group: list[Path] = []
        size, day = 0, ""
        for path in sorted(self._archive.glob("*.warc.gz")):
            named = self._ours.fullmatch(path.name)
            octets = path.stat().st_size
            fits = named is not None and named[1] < today and octets < SMALL_BYTES
            if not fits or named is None or named[1] != day or size + octets > self._max_file_bytes:
                if len(group) > 1:
                    yield group
                group, size, day = [], 0, named[1] if named else ""
            if fits:
                group.append(path)
                size += octets
        if len(group) > 1:
            yield group


def superseded(folder: Path) -> set[str]:
    """Names of those files of a collection that another one holds already: a merge was not finished."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return set()
    merge = _read_journal(journal)
    return {part.name for part in merge.parts} if (folder / "archive" / merge.name).exists() else set()


def _plan(group: Sequence[Path]) -> Merge:
    parts, offset = [], 0
    for path in group:
        parts.append(Part(path.name, offset, path.stat().st_size))
        offset += parts[-1].size
    # In place of the run stands what tells this file from all others; the rest keeps its place among them.
    digest = blake2b("\n".join(part.name for part in parts).encode(), digest_size=4).hexdigest()
    return Merge(f"{group[0].name.rpartition('-')[0]}-{digest}.warc.gz", tuple(parts))


def _read_journal(journal: Path) -> Merge:
    fields = json.loads(journal.read_bytes())
    return Merge(fields["name"], tuple(Part(**part) for part in fields["parts"]))


class _Relocation:
    """Gives CDXJ lines the new places of their records."""

    def __init__(self, merge: Merge) -> None:
        self._name = merge.name
        self._offsets = {part.name: part.offset for part in merge.parts}

    def relocate(self, line: bytes) -> bytes:
        """The line with the new place; a line of another file as it is."""
        named = _FILENAME.search(line)
        moved = self._offsets.get(named[1].decode()) if named else None
        if moved is None:
            return line
        key, timestamp, fields = line.split(b" ", 2)
        entry = json.loads(fields)
        entry |= {"offset": str(int(entry["offset"]) + moved), "filename": self._name}
        return b"%b %b %b\n" % (key, timestamp, json.dumps(entry).encode())
