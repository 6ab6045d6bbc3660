"""Blocks of records, read in bounded memory."""

import re
import zipfile
import zlib
from collections.abc import Callable

from warcio.exceptions import ArchiveLoadFailed

MAX_BLOCK_BYTES = 64 * 1024 * 1024
"""Larger blocks are not kept whole: no page, feed or sitemap that we accept comes near."""

CHUNK_BYTES = 1024 * 1024
_BEGINNING_BYTES = 64 * 1024
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)


class Damaged(Exception):
    """The bytes do not go on as a record must."""


DAMAGE = (Damaged, OSError, EOFError, zlib.error, zipfile.BadZipFile, ArchiveLoadFailed)
"""What reading damaged bytes raises."""


def block_length(content_length: str) -> int:
    """The length that a record announces for its block; `Damaged` if it is no number."""
    if not _LENGTH.fullmatch(content_length):
        raise Damaged
    return int(content_length)


def read_block(read: Callable[[int], bytes], length: int) -> tuple[bytes, bool]:
    """A block, or its beginning if it is over `MAX_BLOCK_BYTES`, and whether it is whole; `Damaged` if it is cut off.

    It is read to its end in any case: only then a cut is noticed.
    """
    whole = length <= MAX_BLOCK_BYTES
    block = read(length if whole else _BEGINNING_BYTES)
    left = length - len(block)
    while left > 0 and (more := read(min(left, CHUNK_BYTES))):
        left -= len(more)
        block += more if whole else b""
    if left:
        raise Damaged
    return block, whole
