"""Files that hold records: WARC and ARC files, on disk or in a WACZ."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from archive.errors import ArchiveUnreadable
from archive.warc.byte_ranges import Window

SUFFIXES = (".warc", ".warc.gz", ".wacz", ".arc", ".arc.gz")

Report = Callable[[str], None]
"""Takes one sentence about something that is damaged or left out."""

_LOCAL_HEADER_BYTES = 30  # before the name of a zip entry: APPNOTE.TXT, 4.3.7


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One WARC or ARC file: on disk, or a member of a WACZ."""

    path: Path
    member: str = ""

    def __str__(self) -> str:
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    def open(self) -> IO[bytes]:
        """Open the file for reading and seeking; `ArchiveUnreadable` if it cannot be opened."""
        with _explained(self.path):
            return _open_member(self.path, self.member) if self.member else self.path.open("rb")

    def sha256(self) -> str:
        """SHA-256 of the content, in hex; `ArchiveUnreadable` if it cannot be read."""
        with _explained(self.path), self.open() as data:
            return hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        with _explained(self.path):
            if not self.member:
                return self.path.stat().st_size
            with zipfile.ZipFile(self.path) as package:
                return package.getinfo(self.member).file_size


def record_files(path: Path) -> list[RecordFile]:
    """The WARC files of an archive in order: the file itself, or the members of a WACZ."""
    if path.suffix != ".wacz":
        return [RecordFile(path)]
    with _explained(path), zipfile.ZipFile(path) as package:
        members = sorted(name for name in package.namelist() if name.startswith("archive/"))
    files = [RecordFile(path, name) for name in members if name.endswith(SUFFIXES)]
    if not files:
        raise ArchiveUnreadable(
            f"{path} has no WARC in its archive/ folder: it is not a WACZ; package it again."
        )
    return files


def locate(path: Path) -> RecordFile:
    """The file that the location of a record names (`a.warc.gz`, `b.wacz!archive/c.warc.gz`)."""
    package, mark, member = str(path).partition(".wacz!")
    return RecordFile(Path(f"{package}.wacz"), member) if mark else RecordFile(path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnreadable(
            f"Cannot open {path}: {error.strerror or error}. Check the path and its rights."
        ) from error
    except KeyError as error:
        raise ArchiveUnreadable(
            f"{path} has no member {error}: the file is not the one that was read."
        ) from error
    except (zipfile.BadZipFile, RuntimeError) as error:  # RuntimeError: encrypted, or an unknown compression
        raise ArchiveUnreadable(
            f"{path} is not a readable zip file ({error}): fetch or package it again."
        ) from error


def _open_member(path: Path, name: str) -> IO[bytes]:
    with zipfile.ZipFile(path) as package:
        entry = package.getinfo(name)
        if entry.compress_type != zipfile.ZIP_STORED:
            return package.open(entry)
    # zipfile reads everything before an offset to get there; a stored member is a window of the file.
    with ExitStack() as unless_opened:
        file = unless_opened.enter_context(path.open("rb"))
        file.seek(entry.header_offset + _LOCAL_HEADER_BYTES - 4)
        start = entry.header_offset + _LOCAL_HEADER_BYTES
        start += int.from_bytes(file.read(2), "little") + int.from_bytes(file.read(2), "little")
        unless_opened.pop_all()
    return cast(IO[bytes], BufferedReader(_Member(file, start, entry.file_size)))


class _Member(Window):
    """A stored member, which has the package open for itself."""

    def close(self) -> None:
        self._file.close()
        super().close()
