"""The folder of seed files: `2021-01/000_….txt`, and earlier texts in `.revisions/`."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

from archive.warc.durable import make_folder, sync_folder, write_file
from crawler.data_dir import REVISIONS
from crawler.texts.seed_format import name_end, seed_name

_MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"


class Corpus:
    """Writes files so that a reader finds a whole file or none, even after a kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Put files (path below the corpus, bytes) there durably; OSError if the disk refuses."""
        touched = {self._write_one(self.folder / name, content) for name, content in files}
        for folder in touched:
            sync_folder(folder)

    def retire(self, name: str) -> None:
        """Move an earlier text out of the corpus into `.revisions/`, where it stays."""
        target = self.folder / REVISIONS / name
        make_folder(target.parent)
        with suppress(FileNotFoundError):  # a kill after the move: nothing is left to do
            (self.folder / name).rename(target)
        sync_folder(target.parent)

    def remove(self, numbers: Collection[tuple[str, int]], sha256: Collection[str]) -> int:
        """Remove the files of some months and numbers for good, from `.revisions/` too; how many there were.

        From `.revisions/` files with some digests (hex) go as well: a killed run leaves them under other numbers.
        """
        revisions = self.folder / REVISIONS
        names = [seed_name(month, number, "*") for month, number in numbers]  # as patterns
        found = {path for folder in (self.folder, revisions) for name in names for path in folder.glob(name)}
        ends = {name_end(digest) for digest in sha256}
        earlier = revisions.glob(f"{_MONTHS}/*.txt")
        found |= {path for path in earlier if path.name[path.name.rfind("_") :] in ends}
        for path in sorted(found):
            path.unlink()
            sync_folder(path.parent)
        return len(found)

    def paths(self) -> list[Path]:
        """Every seed file, those in `.revisions` too."""
        folders = (self.folder, self.folder / REVISIONS)
        return [file for folder in folders for file in folder.glob(f"{_MONTHS}/[0-9]*.txt")]

    def names(self) -> set[str]:
        """Their names, as `2021-01/000_….txt`."""
        return {f"{file.parent.name}/{file.name}" for file in self.paths()}

    def strays(self, known: Callable[[str], Collection[str]]) -> list[str]:
        """The files that `known(month)` does not name."""
        found: list[str] = []
        for folder in self.folder.glob(_MONTHS):
            names = {f"{folder.name}/{file.name}" for file in folder.glob("[0-9]*.txt")}
            found += names.difference(known(folder.name))
        return sorted(found)

    def discard(self, name: str) -> None:
        """Remove a file for good."""
        (self.folder / name).unlink(missing_ok=True)
        sync_folder((self.folder / name).parent)

    def remove_unfinished(self) -> None:
        """Remove what a kill left half written."""
        for unfinished in self.folder.glob(f"{_MONTHS}/.*.tmp"):
            unfinished.unlink(missing_ok=True)

    def _write_one(self, path: Path, content: bytes) -> Path:
        make_folder(path.parent)
        temporary = path.with_name(f".{path.name}.tmp")  # hidden: no reader takes it for an article
        write_file(temporary, [content])
        temporary.rename(path)
        return path.parent
