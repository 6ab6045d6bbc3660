"""Blocks of records, read in bounded memory."""

import zipfile
import zlib
from collections.abc import Callable

MAX_BLOCK_BYTES = 64 * 1024 * 1024
"""Larger blocks are not kept whole: no page, feed or sitemap that we accept comes near."""

CHUNK_BYTES = 1024 * 1024
_BEGINNING_BYTES = 64 * 1024


class Damaged(Exception):
    """The bytes do not go on as a record must."""


DAMAGE = (Damaged, OSError, EOFError, zlib.error, zipfile.BadZipFile)
"""What reading damaged bytes raises."""


def read_block(read: Callable[[int], bytes], length: int) -> tuple[bytes, int, bool]:
    """A block, or its beginning if it is over `MAX_BLOCK_BYTES`; the bytes that were read; whether it is whole.

    It is read to its end in any case: only then a cut is noticed.
    """
    whole = length <= MAX_BLOCK_BYTES
    kept, left = bytearray(), length
    while left > 0 and (more := read(min(left, CHUNK_BYTES))):
        left -= len(more)
        if whole or len(kept) < _BEGINNING_BYTES:
            kept += more
    return bytes(kept), length - left, whole
