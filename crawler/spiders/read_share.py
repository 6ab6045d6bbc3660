"""How much of a set of archives a replay has read, so that a person sees how long it will take."""

from collections.abc import Sequence
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import size_of


class ReadShare:
    """Archives that are read one after the other, measured by their bytes."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._sizes = [_bytes_of(path) for path in paths]
        self._total = sum(self._sizes) or 1
        self._file = -1
        self._before = 0

    def next_file(self) -> float:
        """Begin with the next archive; the share of all bytes that lie before it."""
        if self._file >= 0:
            self._before += self._sizes[self._file]
        self._file += 1
        return self._before / self._total

    def at(self, offset: int) -> float:
        """The share that is read when an archive is read to that byte; in a package the byte is one of a member."""
        return (self._before + min(offset, self._sizes[self._file])) / self._total


def _bytes_of(path: Path) -> int:
    """The size of an archive; 0 if it cannot be read, which is said when its turn comes."""
    try:
        return size_of(path)
    except (OSError, ArchiveUnreadable):
        return 0
