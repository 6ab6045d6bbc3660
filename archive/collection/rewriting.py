"""A WARC file that replaces others, decided by a journal, so that every reference always leads to its record.

The new file is written beside the old ones; then a journal decides that it replaces them. Manifest, index
and referrers get the new locations of the records, and the old files are removed last. What a killed
writer began is undone if there is no journal yet, and finished if there is.
"""

import errno
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from archive.evidence.manifest import Manifest
from archive.index import index_files
from archive.index.relocation import Relocation
from archive.objects.whereabouts import drop_pointer, open_file
from archive.warc.byte_ranges import read_range
from archive.warc.durable import rename, replace_file, sync_folder, write_file
from archive.warc.rewriting_journal import JOURNAL, Rewriting, read_journal

SUFFIX = ".rewriting"
"""Ends the name of a new file that is not finished."""


class Referrer(Protocol):
    """Keeps locations of records; the setting ARCHIVE_MOVED names its class, which is made with `from_crawler`."""

    def moved(self, rewriting: Rewriting) -> None:
        """Take the records' new locations; called again after a kill. OSError, with a file name, on failure."""
        ...

    def close(self) -> None:
        """Close files and connections."""
        ...


class Rewriter:
    """Replaces files of one collection by new ones; for its writer's thread only."""

    def __init__(self, folder: Path, referrers: Sequence[Referrer], manifest: Manifest | None = None) -> None:
        """Take the collection's folder, and everything that keeps locations of its records."""
        self.archive = folder / "archive"
        self._indexes = folder / "indexes"
        self._journal = folder / JOURNAL
        self._referrers = referrers
        self._manifest = manifest

    def is_as_signed(self, path: Path) -> bool:
        """Whether a file is as the manifest says: the line of the new file must not vouch for a changed one."""
        return self._manifest is None or self._manifest.confirms(path)

    def carry_out(self, rewriting: Rewriting, members: Mapping[int, bytes] | None = None) -> None:
        """Write the new file, with `members` (by their offset in it) instead of old records, and finish."""
        staged = self.archive / (rewriting.name + SUFFIX)
        write_file(staged, self._pieces(rewriting, members or {}))
        sync_folder(self.archive)
        replace_file(self._journal, [json.dumps(asdict(rewriting)).encode()])
        self.finish()

    def _pieces(self, rewriting: Rewriting, members: Mapping[int, bytes]) -> Iterator[bytes]:
        for part in rewriting.parts:
            if part.offset in members:
                yield members[part.offset]
                continue
            with open_file(self.archive / part.name) as old:
                yield from read_range(old, part.begin, part.size)

    def finish(self) -> None:
        """Finish the rewriting that a journal decided; undo one that has no journal yet."""
        if not self._journal.exists():
            for path in self.archive.glob(f"*{SUFFIX}"):
                path.unlink()
            return
        rewriting = read_journal(self._journal)
        target = self.archive / rewriting.name
        staged = target.with_name(target.name + SUFFIX)
        if staged.exists():
            rename(staged, target)
        if not target.exists():  # then the old files must stay
            raise FileNotFoundError(
                errno.ENOENT, f"{self._journal} says that it replaces others", str(target)
            )
        if self._manifest is not None:
            self._manifest.add_rewritten(target, rewriting.replaced, rewriting.redaction)
        index_files.change_lines(self._indexes, Relocation(rewriting).relocate)
        for referrer in self._referrers:
            referrer.moved(rewriting)
        for name in rewriting.replaced:
            (self.archive / name).unlink(missing_ok=True)
            drop_pointer(self.archive / name)
        sync_folder(self.archive)
        self._journal.unlink()
        sync_folder(self._journal.parent)
