"""The seed files of a data directory brought into an object store, where those of other workers are, too.

A file's name has the digest of its content, so that to put it there once more changes nothing. Which ones are there is
kept in a small table: what leaves the corpus, by a newer text or a takedown, leaves the store as well.
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from archive.errors import ArchiveUnreadable, NotAsWritten
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import Uploaded, put, remove

_AT_A_TIME = 8
_BATCH = 64
_MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"


def upload_corpus(corpus: Path, table: Path, root: ObjectAddress) -> Uploaded:
    """Bring the files of a corpus, whose data directory the caller holds, up to date below an address.

    `table` is the file that keeps what is there. An OSError or sqlite3.Error of this disk is raised.
    """
    with closing(sqlite3.connect(table)) as database, ThreadPoolExecutor(_AT_A_TIME) as threads:
        database.execute(
            "create table if not exists uploaded (root text, name text, primary key (root, name))"
        )
        uploading = _CorpusUploading(corpus, database, root, threads)
        for month in sorted({*_months_of(corpus), *uploading.months()}):
            uploading.bring_up_to_date(month)
        return uploading.done


class _CorpusUploading:
    """One upload, month by month."""

    def __init__(
        self, corpus: Path, database: sqlite3.Connection, root: ObjectAddress, threads: ThreadPoolExecutor
    ) -> None:
        self._corpus, self._database, self._root, self._threads = corpus, database, root, threads
        self.done = Uploaded()

    def months(self) -> Iterator[str]:
        """The months of which files are in the store."""
        query = "select distinct substr(name, 1, 7) from uploaded where root = ?"
        return (month for (month,) in self._database.execute(query, [str(self._root)]))

    def bring_up_to_date(self, month: str) -> None:
        """Put the files of a month that are new, and remove those that are gone."""
        here = {f"{month}/{file.name}" for file in (self._corpus / month).glob("[0-9]*.txt")}
        query = "select name from uploaded where root = ? and name like ?"
        there = {name for (name,) in self._database.execute(query, [str(self._root), f"{month}/%"])}
        for names in _batches(sorted(here - there)):
            self._note(zip(names, self._threads.map(self._put, names), strict=True))
        for name in sorted(there - here):
            self._remove(name)

    def _put(self, name: str) -> int | None:
        """Bytes of a file that is in the store now; None if it is not."""
        if self.done.failures:  # the next request would fare no better
            return None
        try:
            return put(self._corpus / name, self._root.below(name)).bytes
        except (ArchiveUnreadable, NotAsWritten) as error:
            self.done.failures.append(str(error))
            return None

    def _note(self, results: Iterator[tuple[str, int | None]]) -> None:
        for name, size in results:
            if size is None:
                self.done.left.append(name)
                continue
            self._database.execute("insert or ignore into uploaded values (?, ?)", [str(self._root), name])
            self.done.files += 1
            self.done.bytes += size
        self._database.commit()

    def _remove(self, name: str) -> None:
        try:
            remove(self._root.below(name))
        except ArchiveUnreadable as error:
            self.done.failures.append(str(error))
            self.done.left.append(name)
            return
        self._database.execute("delete from uploaded where root = ? and name = ?", [str(self._root), name])
        self._database.commit()
        self.done.removed += 1


def _months_of(corpus: Path) -> Iterator[str]:
    return (folder.name for folder in corpus.glob(_MONTHS))


def _batches(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + _BATCH] for start in range(0, len(names), _BATCH))
