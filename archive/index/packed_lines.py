"""Index lines of a file that is being written, in little memory: there are a hundred thousand of them."""

import zlib
from collections.abc import Iterator
from io import BytesIO

_FAST = 1


class PackedLines:
    """Lines in their order, compressed as they come."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(_FAST)
        self._packed = bytearray()

    def add(self, line: bytes) -> None:
        """Take one more line, which has its end."""
        self._packed += self._packer.compress(line)

    def take(self) -> Iterator[bytes]:
        """All lines; no more can be added."""
        self._packed += self._packer.flush()
        yield from BytesIO(zlib.decompress(self._packed))
