"""One WARC file on disk while it grows, and what a killed writer left of one."""

import fcntl
import hashlib
import os
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Self

from isal import isal_zlib

from archive.warc.closed_file import ClosedWarc, Dates
from archive.warc.durable import make_folder, naming, rename, sync_folder

OPEN_SUFFIX = ".open"
"""Ends the name of a file that is not finished."""

LEVEL = 3  # a seventh of the time that zlib's level 9 takes, at 12 % more bytes
_PIECE_BYTES = 256 * 1024
_BLOCK_BYTES = 16 * 1024  # decompressed at most 16 MiB


class WarcFile:
    """A `.warc.gz.open` to append to, one gzip member per record; OSErrors name the file."""

    def __init__(self, folder: Path, name: str) -> None:
        make_folder(folder)
        self.name = name
        self.path = folder / (name + OPEN_SUFFIX)
        self.size = self.records = 0
        self._sha256 = hashlib.sha256()
        self._dates = Dates()
        self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        # Shows a recovering process that this is no left-over. Not flock: forked workers would go on holding it.
        fcntl.lockf(self._handle, fcntl.LOCK_EX)
        sync_folder(folder)

    def append(self, record: bytes, date: str = "") -> tuple[int, int]:
        """Write one record; its `date` counts in the manifest. Returns offset and length of its gzip member."""
        return self.append_from(lambda stream: stream.write(record), date)

    def append_from(self, write: Callable[["Member"], object], date: str = "") -> tuple[int, int]:
        """As `append`, for a record that is written in pieces: only these are held in memory."""
        offset = self.size
        self._begin_record(date)
        member = Member(self._write)
        write(member)
        member.close()
        return offset, self.size - offset

    def append_member(self, pieces: Iterable[bytes], date: str = "") -> tuple[int, int]:
        """Write a gzip member as it is; returns its offset and length."""
        offset = self.size
        self._begin_record(date)
        for piece in pieces:
            self._write(piece)
        return offset, self.size - offset

    def _begin_record(self, date: str) -> None:
        self.records += 1
        self._dates.add(date)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        with naming(self.path):
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        self.size += len(data)
        self._sha256.update(data)

    def describe(self) -> ClosedWarc:
        """What the manifest will say of the file if nothing is added."""
        sha256, dates = self._sha256.hexdigest(), self._dates
        return ClosedWarc(self.name, self.size, sha256, self.records, dates.first, dates.last)

    def sync(self) -> None:
        """Return when everything appended is on disk."""
        with naming(self.path):
            os.fsync(self._handle)

    def close(self) -> None:
        """Give the synced file its final name."""
        rename(self.path, self.path.with_name(self.name))
        os.close(self._handle)

    def abandon(self) -> None:
        """Leave the file as it is; the next start recovers it."""
        os.close(self._handle)

    def discard(self) -> None:
        """Remove the file."""
        self.path.unlink()
        os.close(self._handle)


class LeftOver:
    """A `.warc.gz.open` whose writer is gone, locked for recovery."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.name = path.name.removesuffix(OPEN_SUFFIX)
        self._handle = handle

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Lock the file; None while a living writer has it."""
        handle = os.open(path, os.O_RDWR)
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # either, says POSIX
            os.close(handle)
            return None
        return cls(path, handle)

    def cut(self) -> int:
        """Cut off what follows the last whole gzip member; returns the bytes that are left."""
        # Through the same descriptor: to close any other one of this file would end our lock on it (POSIX).
        with os.fdopen(self._handle, "rb", closefd=False) as file:
            size = whole_members_size(file)
        os.ftruncate(self._handle, size)
        os.fsync(self._handle)
        return size

    def discard(self) -> None:
        """Remove the file."""
        self.path.unlink()
        os.close(self._handle)

    def close(self) -> None:
        """Give the file its final name, or remove it if nothing is left of it."""
        if os.fstat(self._handle).st_size:
            rename(self.path, self.path.with_name(self.name))
        else:
            self.path.unlink()
        os.close(self._handle)


class Member:
    """A gzip member in the making: equal for equal bytes, whatever pieces they come in."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._compressor = isal_zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | 16)

    def write(self, data: bytes) -> None:
        pieces = memoryview(data)
        for start in range(0, len(data), _PIECE_BYTES):
            self._write(self._compressor.compress(pieces[start : start + _PIECE_BYTES]))

    def flush(self) -> None:
        """Nothing: warcio flushes after each record, and a member ends with it anyway."""

    def close(self) -> None:
        self._write(self._compressor.flush())


def compress(record: bytes) -> bytes:
    """The gzip member of a record."""
    made = bytearray()
    member = Member(made.extend)
    member.write(record)
    member.close()
    return bytes(made)


def whole_members_size(file: IO[bytes]) -> int:
    """Bytes of a gzip file up to the end of its last whole member."""
    whole = position = 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while block := file.read(_BLOCK_BYTES):
        while block:
            try:
                member.decompress(block)
            except zlib.error:
                return whole
            position += len(block) - len(member.unused_data)
            block = member.unused_data
            if member.eof:
                whole = position
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole
