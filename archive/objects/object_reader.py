"""An object read by ranges, as if it were a file of this machine."""

import os
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, cast

from archive.errors import ObjectsUnreachable
from archive.objects.addresses import ObjectAddress
from archive.objects.store import error_of_store, explained, library, status_of_error, store_of

if TYPE_CHECKING:
    from obstore import GetOptions

FIRST_BYTES = 128 * 1024
"""Of a request after a jump; each that goes on behind it asks for twice as much."""

MOST_BYTES = 8 * 1024 * 1024
_BUFFER_BYTES = 64 * 1024


def open_object(url: str) -> BinaryIO:
    """Open the object `s3://bucket/key` for reading and seeking; a few MB of it are in memory at a time.

    `ArchiveUnreadable` if there is none, `ObjectsUnreachable` if the store does not give it, now or while it is read.
    """
    reader = _ObjectReader(ObjectAddress.parse(url))
    return cast(BinaryIO, BufferedReader(reader, _BUFFER_BYTES))


class _ObjectReader(RawIOBase):
    """Keeps one block; what is read behind it is fetched in larger and larger ones."""

    def __init__(self, address: ObjectAddress) -> None:
        self._address, self._store = address, store_of(address)
        self._position = self._begin = 0
        self._wanted = FIRST_BYTES
        self._tag: str | None = None
        self.size = 0
        self._block = self._get(0, FIRST_BYTES)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(base + offset, 0)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._position >= self.size:
            return 0
        start = self._position - self._begin
        if not 0 <= start < len(self._block):
            self._fetch()
            start = 0
        data = self._block[start : start + len(buffer)]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _fetch(self) -> None:
        goes_on = self._position == self._begin + len(self._block)
        self._wanted = min(2 * self._wanted, MOST_BYTES) if goes_on else FIRST_BYTES
        end = min(self._position + self._wanted, self.size)
        self._block = b""  # the old one is not kept beside the new one
        self._begin, self._block = self._position, self._get(self._position, end)
        if not self._block:
            raise ObjectsUnreachable(
                f"{self._address} ended at byte {self._position} of {self.size}: try again."
            )

    def _get(self, begin: int, end: int) -> bytes:
        """The bytes of a range, fewer where the object ends; its size and tag are noted at the first call."""
        options: GetOptions = {"range": (begin, end)}
        if self._tag is not None:
            options["if_match"] = self._tag  # an object that is replaced meanwhile must not be read as one
        with explained(self._address):
            try:
                found = library().get(self._store, self._address.key, options=options)
                self.size, self._tag = int(found.meta["size"]), found.meta["e_tag"]
                return bytes(found.bytes())
            except error_of_store() as error:
                if begin == 0 and status_of_error(error) == "416":  # it has no first byte
                    return b""
                raise
