"""The data directory: where everything lies in it, and the lock that lets one run at a time write there."""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from scrapy.settings import BaseSettings

from archive.layout import Layout, collection_below, collection_folder
from archive.warc.durable import make_folder, naming, replace_file
from crawler.errors import OperatorError
from crawler.exit_codes import BUSY, STORAGE

REVISIONS = ".revisions"
"""Folder of the corpus with the texts that newer ones replaced."""

_PLACE = re.compile(r"[0-9a-f]{16}", re.ASCII)

_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


class DataDirBusy(OperatorError):
    """Another run holds the data directory; the message names its process."""


class DataDirUnwritable(OperatorError):
    """The data directory cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"Cannot write {error.filename}: {error.strerror}. Give another folder with -s DATA_DIR=FOLDER.",
            STORAGE,
        )
        self.is_read_only = error.errno in _READ_ONLY


@dataclass(frozen=True, slots=True)
class DataDir:
    """The paths of one data directory; its archive may lie elsewhere (ARCHIVE_DIR)."""

    path: Path
    collection: Path
    """The folder of the pywb collection."""

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """The data directory that DATA_DIR and ARCHIVE_DIR name."""
        return cls(Path(settings["DATA_DIR"]), collection_folder(settings))

    @classmethod
    def at(cls, path: Path) -> Self:
        """A data directory with the archive inside."""
        return cls(path, collection_below(path))

    def __str__(self) -> str:
        return str(self.path)

    @property
    def corpus(self) -> Path:
        """The seed files, in a folder for each month."""
        return self.path / "corpus"

    @property
    def archive(self) -> Path:
        """The WARC files."""
        return Layout(self.collection).archive

    @property
    def indexes(self) -> Path:
        """The CDXJ files."""
        return Layout(self.collection).indexes

    @property
    def catalogue(self) -> Path:
        """The SQLite database; absent where STORE_URL names another one."""
        return self.path / "catalogue.sqlite"

    @property
    def search_index(self) -> Path:
        """What `scrapy search` and `scrapy browse` look into; made from the catalogue, and made again if it is gone."""
        return self.path / "search.sqlite"

    @property
    def uploaded_texts(self) -> Path:
        """What of the corpus lies where CORPUS_URL says."""
        return self.path / "corpus-uploads.sqlite"

    @property
    def reports(self) -> Path:
        """The reports of runs."""
        return self.path / "reports"

    @property
    def tuning(self) -> Path:
        """What people's decisions moved the thresholds by, unless RELEVANCE_TUNING names another file."""
        return self.path / "tuning.toml"

    @property
    def watched(self) -> Path:
        """The searches that people saved."""
        return self.path / "watch.json"

    @property
    def pieces(self) -> Path:
        """What was kept so far of files that are read piece by piece."""
        return self.path / "backfill"

    @property
    def task_results(self) -> Path:
        """What the workers of a cluster gave that is not in the catalogue yet, and which archives are done."""
        return self.path / "cluster"

    @property
    def place(self) -> str:
        """The id of this directory, which it keeps wherever it is moved; empty if no run has given it one."""
        try:
            found = self._place_file.read_text("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        return found if _PLACE.fullmatch(found) else ""

    def keep_place(self, place: str) -> None:
        """Give this directory its id, for good; OSError if the disk refuses."""
        make_folder(self.path)
        replace_file(self._place_file, [f"{place}\n".encode("ascii")])

    @property
    def _place_file(self) -> Path:
        return self.path / "place.id"

    @property
    def run_lock(self) -> Path:
        """The file that is locked while a run writes."""
        return self.path / "run.lock"

    def make(self) -> None:
        """Create the folders for good; DataDirUnwritable if the disk refuses."""
        try:
            for folder in (self.corpus, self.collection):
                make_folder(folder)
        except OSError as error:
            raise DataDirUnwritable(error) from None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs out until the block ends; DataDirBusy or DataDirUnwritable if that is impossible.

        The kernel releases the lock however the process ends, so no stale lock has to be cleaned up.
        """
        with ExitStack() as stack:
            try:
                with naming(self.run_lock):
                    self._lock(stack.enter_context(self.run_lock.open("a+", encoding="ascii")))
            except OSError as error:
                raise DataDirUnwritable(error) from None
            yield

    def _lock(self, file: IO[str]) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise DataDirBusy(
                f"Another run (process {holder}) holds {self}: wait for it, or give another DATA_DIR.", BUSY
            ) from None
        file.truncate(0)
        # Unbuffered: close() would repeat what the disk refused.
        os.write(file.fileno(), f"{os.getpid()}\n".encode())


def tuning_file(settings: BaseSettings) -> Path:
    """The file of the tuning that is in force, if it exists."""
    return Path(settings["RELEVANCE_TUNING"] or DataDir.of(settings).tuning)
