"""Files that hold records: WARC and ARC files, on disk or in a WACZ."""

import errno
import hashlib
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, cast

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import is_there, open_file, size_of, text_of
from archive.warc.byte_ranges import Window

SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4", ".wacz", ".arc", ".arc.gz")
"""With which names of archives end; what is in a file is recognised by its content."""

Report = Callable[[str], None]
"""Takes one sentence about something that is damaged or left out."""

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""With which zip files begin."""

_LOCAL_HEADER_BYTES = 30  # before the name of a zip entry: APPNOTE.TXT, 4.3.7
_MAX_DEPTH = 4
_NESTED = re.compile(r"(?<=\.wacz)!", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One WARC or ARC file: on disk, or a member of a WACZ, which may be a member of another one."""

    path: Path
    member: str = ""
    """Its name in the package; of a package in a package `inner.wacz!archive/a.warc.gz`."""

    def __str__(self) -> str:
        return f"{text_of(self.path)}!{self.member}" if self.member else text_of(self.path)

    def open(self) -> IO[bytes]:
        """Open the file for reading and seeking; `ArchiveUnreadable` if it cannot be opened."""
        with _explained(self.path):
            return _open_member(self.path, self.member)

    def sha256(self) -> str:
        """SHA-256 of the content, in hex; `ArchiveUnreadable` if it cannot be read."""
        with _explained(self.path), self.open() as data:
            return hashlib.file_digest(data, "sha256").hexdigest()  # type: ignore[arg-type]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        name = _NESTED.split(self.member)[-1]
        with _explained(self.path):
            if not self.member:
                return size_of(self.path)
            around = self.member[: len(self.member) - len(name)].removesuffix("!")
            with _open_member(self.path, around) as file, zipfile.ZipFile(file) as package:
                return package.getinfo(name).file_size


def record_files(path: Path) -> list[RecordFile]:
    """The WARC files of an archive in order: the file itself, or the members of a WACZ and of packages in it."""
    with _explained(path), open_file(path) as file:
        is_package = path.suffix == ".wacz" or file.read(4) in ZIP
    if not is_package:
        return [RecordFile(path)]
    with _explained(path):
        files = [RecordFile(path, name) for name in _record_members(path, "")]
    if not files:
        raise ArchiveUnreadable(
            f"{text_of(path)} has no WARC in its archive/ folder: it is not a WACZ; package it again."
        )
    return files


def _record_members(path: Path, around: str, depth: int = 1) -> list[str]:
    """The names of the WARC files in a package, which may itself be the member `around` of one."""
    with _open_member(path, around) as file, zipfile.ZipFile(file) as package:
        names = sorted(package.namelist())
    prefix = f"{around}!" if around else ""
    inside = [name for name in names if name.lower().endswith(SUFFIXES)]
    records = [name for name in inside if not name.lower().endswith(".wacz")]
    found = [prefix + name for name in records if name.startswith("archive/")] or [
        prefix + n for n in records
    ]
    for name in inside if depth < _MAX_DEPTH else ():
        if name not in records:
            found += _record_members(path, prefix + name, depth + 1)
    return found


def locate(path: Path) -> RecordFile:
    """The file that the location of a record names (`a.warc.gz`, `b.wacz!archive/c.warc.gz`)."""
    text = str(path)
    if "!" not in text or is_there(path):
        return RecordFile(path)
    for mark in re.finditer("!", text):
        if is_there(Path(text[: mark.start()])):
            return RecordFile(Path(text[: mark.start()]), text[mark.end() :])
    package, mark_found, member = text.partition(".wacz!")
    return RecordFile(Path(f"{package}.wacz"), member) if mark_found else RecordFile(path)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnreadable(
            f"Cannot open {text_of(path)}: {error.strerror or error}. Check the path and its rights."
        ) from error
    except KeyError as error:
        raise ArchiveUnreadable(
            f"{text_of(path)} has no member {error}: the file is not the one that was read."
        ) from error
    except (zipfile.BadZipFile, RuntimeError) as error:  # RuntimeError: encrypted, or an unknown compression
        raise ArchiveUnreadable(
            f"{text_of(path)} is not a readable zip file ({error}): fetch or package it again."
        ) from error


def _open_member(path: Path, member: str) -> IO[bytes]:
    """A member of a package, which may be in packages itself; the file if none is named."""
    file: IO[bytes] = open_file(path)
    try:
        for name in _NESTED.split(member) if member else ():
            file = _open_entry(file, name)
    except BaseException:
        file.close()
        raise
    return file


def _open_entry(file: IO[bytes], name: str) -> IO[bytes]:
    with zipfile.ZipFile(file) as package:
        entry = package.getinfo(name)
        if entry.compress_type != zipfile.ZIP_STORED:
            return cast(IO[bytes], BufferedReader(_Inflated(file, package.open(entry))))
    # zipfile reads everything before an offset to get there; a stored member is a window of the file.
    file.seek(entry.header_offset + _LOCAL_HEADER_BYTES - 4)
    start = entry.header_offset + _LOCAL_HEADER_BYTES
    start += int.from_bytes(file.read(2), "little") + int.from_bytes(file.read(2), "little")
    return cast(IO[bytes], BufferedReader(_Stored(file, start, entry.file_size)))


class _Stored(Window):
    """A stored member, which has the package for itself."""

    def close(self) -> None:
        self._file.close()
        super().close()


class _Inflated(RawIOBase):
    """A compressed member, which has the package for itself."""

    def __init__(self, package: IO[bytes], member: IO[bytes]) -> None:
        self._package, self._member = package, member
        # Of a damaged member what is whole is wanted: records have checksums of their own, zipfile gives nothing.
        member._expected_crc = None  # type: ignore[attr-defined]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._member.seek(offset, whence)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise OSError(errno.EIO, f"the compressed member is damaged ({error})") from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._member.close()
        self._package.close()
        super().close()
