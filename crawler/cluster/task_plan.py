"""Which tasks the archives of a replay make: one for each file of records, and one for each part of a large one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import full_path
from archive.replay.record_ranges import cut
from archive.warc.files import RecordFile, record_files
from archive.warc.reader import takes_offsets
from crawler.cluster.tasks import RangeTask


class Plan:
    """The tasks of archives, found when they are asked for."""

    def __init__(self, most_bytes: int) -> None:
        """A file that is larger, and can be read from any record on, is cut into parts of so many bytes."""
        self._most_bytes = most_bytes
        self._tasks: dict[Path, list[list[RangeTask]]] = {}

    def of(self, path: Path) -> list[list[RangeTask]]:
        """The tasks of each file of records in an archive; `ArchiveUnreadable` if it is none."""
        if path not in self._tasks:
            # A worker has another working directory.
            files = record_files(full_path(path))
            self._tasks[path] = [self._of_file(file) for file in files]
        return self._tasks[path]

    def all_of(self, paths: Sequence[Path]) -> Iterator[RangeTask]:
        """The tasks of all archives in their order; who reads one that is none is told then."""
        for path in paths:
            with suppress(ArchiveUnreadable):
                for tasks in self.of(path):
                    yield from tasks

    def _of_file(self, file: RecordFile) -> list[RangeTask]:
        size = file.size
        is_cut = size > self._most_bytes and not file.member and takes_offsets(file)
        return [RangeTask(file, size, part) for part in cut(size, self._most_bytes if is_cut else size or 1)]
