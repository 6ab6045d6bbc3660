"""Small WARC files of a past day are joined into one, their gzip members unchanged."""

import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path

from archive.collection.rewriting import Rewriter
from archive.objects.whereabouts import files_in, size_of
from archive.warc.rewriting_journal import Part, Rewriting

SMALL_BYTES = 100_000_000
"""Larger files are left as they are."""

logger = logging.getLogger(__name__)


class Merger:
    """Merges the files of one collection, for its writer's thread."""

    def __init__(self, rewriter: Rewriter, prefix: str, max_file_bytes: int) -> None:
        """Take the collection's rewriter, the prefix of its file names and their largest size."""
        self._rewriter = rewriter
        self._archive = rewriter.archive
        self._ours = re.compile(rf"{re.escape(prefix)}-(\d{{8}})\d{{9}}-\d{{5}}-[0-9a-f]{{8}}\.warc\.gz")
        self._max_file_bytes = max_file_bytes

    def run(self, today: date) -> list[Rewriting]:
        """Merge the files of days before `today`, as far as the disk has room for the copies."""
        merged = []
        for group in list(self._groups(f"{today:%Y%m%d}")):
            size = sum(path.stat().st_size for path in group)
            if self._are_as_signed(group) and shutil.disk_usage(self._archive).free > 2 * size:
                merge = _plan(group)
                self._rewriter.carry_out(merge)
                logger.info("Merged %s small files of a past day into %s.", len(group), merge.name)
                merged.append(merge)
        return merged

    def _are_as_signed(self, group: Sequence[Path]) -> bool:
        for path in group:
            if not self._rewriter.is_as_signed(path):
                logger.error(
                    "%s is not what the manifest says, so it is not merged: bring it back from a copy.", path
                )
                return False
        return True

    def _groups(self, today: str) -> Iterator[list[Path]]:
        """Small files of one past day without another file between them: names keep the order of records."""
        group: list[Path] = []
        size, day = 0, ""
        for path in files_in(self._archive):
            named = self._ours.fullmatch(path.name)
            file_bytes = size_of(path)
            fits = named is not None and path.is_file() and named[1] < today and file_bytes < SMALL_BYTES
            if not fits or named is None or named[1] != day or size + file_bytes > self._max_file_bytes:
                if len(group) > 1:
                    yield group
                group, size, day = [], 0, named[1] if named else ""
            if fits:
                group.append(path)
                size += file_bytes
        if len(group) > 1:
            yield group


def _plan(group: Sequence[Path]) -> Rewriting:
    parts, offset = [], 0
    for path in group:
        parts.append(Part(path.name, offset, path.stat().st_size))
        offset += parts[-1].size
    # A digest replaces the run in the name, which keeps its order among the other names.
    digest = blake2b("\n".join(part.name for part in parts).encode(), digest_size=4).hexdigest()
    return Rewriting(f"{group[0].name.rpartition('-')[0]}-{digest}.warc.gz", tuple(parts))
