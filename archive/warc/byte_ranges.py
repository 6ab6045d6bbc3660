"""Ranges of bytes in files."""

from collections.abc import Iterator
from typing import IO

_CHUNK_BYTES = 1024 * 1024


def read_range(file: IO[bytes], start: int = 0, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a range, in pieces of at most 1 MiB; without a size up to the end of the file."""
    file.seek(start)
    while size is None or size > 0:
        piece = file.read(_CHUNK_BYTES if size is None else min(size, _CHUNK_BYTES))
        if not piece:
            return
        size = None if size is None else size - len(piece)
        yield piece
