"""Bodies of HTTP/1.x answers as bytes: where they end, and what they hold without the transfer coding (RFC 9112, 6.3).

A crawl reads them piece by piece, an archive all at once: both by the same rules.
"""

import re
from dataclasses import dataclass, replace
from io import BytesIO

from archive.warc.http import content_length, is_chunked, status_of
from archive.warc.wholeness import is_whole_document

_MAX_LINE_BYTES = 64 * 1024
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_BEGINS_CHUNK_SIZE = re.compile(rb"[ \t]*[0-9a-fA-F]{0,16}[ \t]*(?:;[^\n]*)?\r?")


@dataclass(frozen=True, slots=True)
class Body:
    """The body of one message, without what follows it on the connection."""

    raw: bytes
    """As sent, transfer coding and trailers included."""
    payload: bytes
    """Without the transfer coding; a content coding stays."""
    is_whole: bool
    """False if the head announced more; a body that ends with the connection counts as whole."""
    is_chunked: bool = False
    """The head says so."""
    ends_with_connection: bool = False
    """The head does not say the length: the body ends with the connection."""
    flaw: str = ""
    """How the body differs from what its head announced, in words."""


class ToTheEnd:
    """A body that ends with the connection."""

    is_done = is_broken = False
    surplus = b""

    def feed(self, data: bytes) -> bytes:
        """The payload in the next piece of the body."""
        return data


class Counted:
    """A body of a length that is known before it comes."""

    is_broken = False

    def __init__(self, length: int, is_sure: bool = False) -> None:
        self.length = length
        self.is_sure = is_sure
        """The protocol says so, not the server."""
        self.surplus = b""
        """What came after the end."""
        self._left = length

    @property
    def is_done(self) -> bool:
        """Whether all of it has come."""
        return self._left == 0

    def feed(self, data: bytes) -> bytes:
        """The payload in the next piece of the body."""
        payload, more = data[: self._left], data[self._left :]
        self._left -= len(payload)
        self.surplus += more
        return payload


class Chunked:
    """A body in chunks (RFC 9112, 7.1); line ends after chunks may be missing, and all that follows the last one."""

    def __init__(self, otherwise: ToTheEnd | Counted) -> None:
        self.is_plain = False
        """It does not begin with a chunk: it is read as `otherwise`, as if nobody had said that it does."""
        self.otherwise = otherwise
        self.is_whole = False
        """The last chunk has come."""
        self.is_broken = False
        """Something stands where the size of a chunk should: nothing after it can be read."""
        self.surplus = b""
        self._has_ended = False
        self._is_first = True
        self._held = b""
        self._left = 0

    @property
    def is_done(self) -> bool:
        """Whether trailers and all have come."""
        return self._has_ended

    def feed(self, data: bytes) -> bytes:
        """The payload in the next piece of the body."""
        if self.is_plain:
            return self.otherwise.feed(data)
        payload, data, start = BytesIO(), self._held + data, 0  # not a list: chunks may have one byte each
        pieces = memoryview(data)
        while start < len(data) and not (self._has_ended or self.is_broken):
            if self._left:
                count = payload.write(pieces[start : start + self._left])
                start += count
                self._left -= count
                continue
            end = data.find(b"\n", start) + 1
            line = data[start : end or None]
            if self._is_first and not (_CHUNK_SIZE if end else _BEGINS_CHUNK_SIZE).fullmatch(line):
                self.is_plain = True
                return self.otherwise.feed(data)
            if not end:
                self.is_broken = len(line) > _MAX_LINE_BYTES
                break
            self._read_line(line)
            start = end
        self._held = data[start:]
        if self._has_ended:
            self.surplus, self._held = self.surplus + self._held, b""
        return payload.getvalue()

    def _read_line(self, line: bytes) -> None:
        is_empty = not line.strip(b"\r\n")
        if self.is_whole:
            self._has_ended = is_empty
        elif size := _CHUNK_SIZE.fullmatch(line):
            self._left, self._is_first = int(size[1], 16), False
            self.is_whole = self._left == 0
        elif not is_empty:
            self.is_broken = True


Framing = ToTheEnd | Counted | Chunked


def framing_of(method: str, head: bytes) -> Framing:
    """How the body of an answer to `method` is read."""
    if method == "HEAD" or status_of(head) in (204, 304):
        return Counted(0, is_sure=True)
    length = content_length(head)
    plain = ToTheEnd() if length is None else Counted(length)
    return Chunked(plain) if is_chunked(head) else plain


def announces_too_little(framing: Framing, head: bytes, payload: bytes) -> bool:
    """Whether more has come than the head announced, and what it announced is no whole document."""
    if not isinstance(framing, Counted) or framing.is_sure or not framing.surplus:
        return False
    return not framing.surplus.lstrip().startswith(b"HTTP/") and not is_whole_document(head, payload)


def in_force(framing: Framing) -> Framing:
    """The framing by which a body that has begun is read."""
    return framing.otherwise if isinstance(framing, Chunked) and framing.is_plain else framing


def dechunk(data: bytes) -> tuple[bytes, int, bool]:
    """The payload of a chunked body, the bytes used (with trailers), and whether its last chunk was reached."""
    chunks = Chunked(ToTheEnd())
    payload = chunks.feed(data)
    return payload, len(data) - len(chunks.surplus), chunks.is_whole


def body_of(method: str, head: bytes, rest: bytes) -> Body:
    """The body of the answer to `method` whose head was followed by `rest`."""
    announced = framing_of(method, head)
    payload = announced.feed(rest)
    framing = in_force(announced)
    if not isinstance(framing, Chunked):
        body = _plain_body(framing, head, payload, rest)
        return replace(body, is_chunked=isinstance(announced, Chunked))
    flaw = (
        "" if framing.is_whole else "a chunk is broken" if framing.is_broken else "the last chunk is missing"
    )
    raw = rest[: len(rest) - len(framing.surplus)]
    return Body(raw, payload, framing.is_whole, is_chunked=True, flaw=flaw)


def _plain_body(framing: ToTheEnd | Counted, head: bytes, payload: bytes, rest: bytes) -> Body:
    if isinstance(framing, ToTheEnd):
        return Body(rest, rest, is_whole=True, ends_with_connection=True)
    if announces_too_little(framing, head, payload) and is_whole_document(head, rest):
        return Body(rest, rest, is_whole=True, flaw=_miscounted(framing.length, rest))
    flaw = "" if framing.is_done else _miscounted(framing.length, payload)
    return Body(payload, payload, framing.is_done, flaw=flaw)


def _miscounted(length: int, came: bytes) -> str:
    return f"Content-Length announced {length} bytes, {len(came)} came"
