"""Bytes read forward with a look ahead."""

from collections.abc import Callable, Iterator

from archive.warc.compressed_members import Members
from archive.warc.record_blocks import CHUNK_BYTES, DAMAGE

_STEP_BYTES = 8 * 1024


class Content:
    """What a function reads piece by piece."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        """Take a function that gives up to so many bytes, and none at the end."""
        self._read = read
        self._ahead = b""
        self._at_end = False
        self._error: Exception | None = None
        self.taken = 0
        """How many bytes were taken."""

    def peek(self, size: int) -> bytes:
        """The next bytes: at least `size` of them, fewer only before the end."""
        while len(self._ahead) < size and not self._at_end:
            self._ahead += self._piece(max(size - len(self._ahead), _STEP_BYTES))
        return self._ahead

    def is_at_end(self) -> bool:
        """Whether nothing is left; damage that comes next is raised."""
        if not self.peek(1) and self._error is not None:
            raise self._error
        return not self._ahead

    def take(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end, where damage is raised."""
        data = self._ahead or self._piece(min(size, CHUNK_BYTES))
        if not data and self._error is not None:
            raise self._error
        data, self._ahead = (data, b"") if len(data) <= size else (data[:size], data[size:])
        self.taken += len(data)
        return data

    def _piece(self, size: int) -> bytes:
        """The next piece; damage counts as the end until all before it was taken."""
        if self._at_end:
            return b""
        try:
            piece = self._read(size)
        except DAMAGE as error:
            self._error = error
            piece = b""
        self._at_end = not piece
        return piece

    def take_newlines(self) -> bytes:
        """The line ends, blanks included, that come next."""
        newlines = b""
        while blank := _blank_beginning(self.peek(1)):
            newlines += self.take(blank)
        return newlines


class Unpacked:
    """All that the members of a file hold, as one file; to go back costs reading from the beginning."""

    def __init__(self, members: Members, size: int) -> None:
        """Take the members of a file, and the size of the file."""
        self._members, self._size = members, size
        self._content = self._from_beginning()

    def seek(self, offset: int) -> None:
        """Go to an offset, or to the end if there is less."""
        if self._content.taken > offset:
            self._content = self._from_beginning()
        while self._content.taken < offset and self._content.take(offset - self._content.taken):
            pass

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end; what is before damage comes before it is raised."""
        return self._content.take(size)

    def _from_beginning(self) -> Content:
        pieces = self._pieces()
        return Content(lambda _: next(pieces, b""))

    def _pieces(self) -> Iterator[bytes]:
        offset = self._members.begin(0)
        while offset < self._size:
            member = self._members.at(offset)
            while data := member.read(CHUNK_BYTES):
                yield data
            offset = self._members.begin(member.end)


def _blank_beginning(data: bytes) -> int:
    return len(data) - len(data.lstrip(b"\r\n \t"))
