"""Ranges of bytes in files."""

import os
from collections.abc import Iterator
from io import RawIOBase
from typing import IO, Protocol

_CHUNK_BYTES = 1024 * 1024


class Readable(Protocol):
    """A file that is read from any offset."""

    def seek(self, offset: int, /) -> object: ...

    def read(self, size: int, /) -> bytes: ...


def read_range(file: Readable, start: int = 0, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a range, in pieces of at most 1 MiB; without a size up to the end of the file."""
    file.seek(start)
    while size is None or size > 0:
        piece = file.read(_CHUNK_BYTES if size is None else min(size, _CHUNK_BYTES))
        if not piece:
            return
        size = None if size is None else size - len(piece)
        yield piece


class Window(RawIOBase):
    """A range of a file as a file of its own; the file may be read elsewhere meanwhile."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._position)
        data = self._file.read(min(len(buffer), max(self._size - self._position, 0)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
