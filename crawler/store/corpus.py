"""The folder of seed files: `2021-01/000_….txt`, and earlier texts in `.revisions/`."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

REVISIONS = ".revisions"


class Corpus:
    """Writes files so that a reader sees a whole one or none, whatever happens in between."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Put files (path below the corpus, bytes) there durably; OSError if the disk refuses."""
        touched = {self._write_one(self.folder / name, content) for name, content in files}
        for folder in touched:
            _sync_folder(folder)

    def retire(self, name: str) -> None:
        """Move an earlier text out of the corpus into `.revisions/`, where it stays."""
        target = self.folder / REVISIONS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # a kill after the move: nothing is left to do
            (self.folder / name).rename(target)
        _sync_folder(target.parent)

    def _write_one(self, path: Path, content: bytes) -> Path:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(self.folder)
        temporary = path.with_name(f".{path.name}.tmp")  # hidden: no reader takes it for an article
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        return path.parent


def _sync_folder(folder: Path) -> None:
    # A rename is durable only when the folder's own entry is on disk.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
