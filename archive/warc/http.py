"""HTTP/1.x messages as bytes: where the head ends, what it says, how long the body is (RFC 9112).

Reading is lenient where browsers and Twisted are: bare LF ends a line, folded headers are joined, lines
without a colon are skipped. Nothing here changes a byte, except `without_transfer_coding`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
_FIELD = re.compile(rb"([^:\r\n]+):((?:[^\n]|\n[ \t])*)\n")
_LINE = re.compile(rb"[^\n]*\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: name and value as sent, the value trimmed and unfolded."""

    name: bytes
    value: bytes
    start: int
    """Offset of the name in the head."""


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
    ends_with_connection: bool = False
    """The head does not say the length: the body ends with the connection."""


def split_head(message: bytes) -> tuple[bytes, bytes]:
    """Head (with the empty line that ends it) and the rest; without that line the head is empty."""
    end = _HEAD_END.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (b"", message)


def skip_informational(message: bytes) -> bytes:
    """The message without the 1xx answers before it (RFC 9110, 15.2)."""
    while 100 <= status_of(message) < 200:
        head, rest = split_head(message)
        if not head:
            return b""
        message = rest
    return message


def status_of(head: bytes) -> int:
    """The status code of an answer; 0 if it does not begin with a status line."""
    found = _STATUS.match(head)
    return int(found[1]) if found else 0


def header_fields(head: bytes) -> Iterator[Field]:
    """The header fields of a head in their order."""
    start = head.find(b"\n") + 1
    while line := _LINE.match(head, start):
        field = _FIELD.match(head, start)
        if field:
            value = re.sub(rb"\r?\n[ \t]+", b" ", field[2]).strip()
            yield Field(field[1].strip(), value, start)
        start = (field or line).end()


def header_values(head: bytes, name: str) -> list[bytes]:
    """All values of a header, by case-insensitive name."""
    wanted = name.lower().encode("ascii")
    return [field.value for field in header_fields(head) if field.name.lower() == wanted]


def header(head: bytes, name: str) -> str | None:
    """The last value of a header, decoded as Latin-1; None if there is none."""
    values = header_values(head, name)
    return values[-1].decode("latin-1") if values else None


def dechunk(data: bytes) -> tuple[bytes, int, bool]:
    """The payload of a chunked body, the bytes used (with trailers), and whether the end was reached."""
    payload, start = bytearray(), 0
    while size := _CHUNK_SIZE.match(data, start):
        length = int(size[1], 16)
        if length == 0:
            return _end_of_trailers(data, size.end(), bytes(payload))
        start = size.end() + length
        payload += data[size.end() : start]
        line_end = re.compile(rb"\r?\n").match(data, start)
        if not line_end:
            break
        start = line_end.end()
    return bytes(payload), len(data), False


def _end_of_trailers(data: bytes, start: int, payload: bytes) -> tuple[bytes, int, bool]:
    while line := _LINE.match(data, start):
        start = line.end()
        if not line[0].strip(b"\r\n"):
            return payload, start, True
    return payload, len(data), False


def body_of(method: str, head: bytes, rest: bytes) -> Body:
    """The body of the answer to `method` whose head was followed by `rest` (RFC 9112, 6.3)."""
    if method == "HEAD" or status_of(head) in (204, 304):
        return Body(b"", b"", is_whole=True)
    if is_chunked(head):
        payload, used, is_whole = dechunk(rest)
        return Body(rest[:used], payload, is_whole, is_chunked=True)
    lengths = {value for value in header_values(head, "Content-Length") if value.isdigit()}
    if len(lengths) != 1:
        return Body(rest, rest, is_whole=True, ends_with_connection=True)
    length = int(lengths.pop())
    return Body(rest[:length], rest[:length], is_whole=len(rest) >= length)


def is_chunked(head: bytes) -> bool:
    """Whether the last transfer coding is `chunked`."""
    codings = b",".join(header_values(head, "Transfer-Encoding")).lower().split(b",")
    return codings[-1].strip() == b"chunked"


def without_transfer_coding(head: bytes, payload: bytes) -> bytes:
    """The head of a chunked answer, changed to fit the payload without chunks.

    This is the only way to store such an answer that every reader accepts: the old names get the
    prefix `X-Archive-Orig-`, a Content-Length is added; all other bytes stay.
    """
    for field in reversed(list(header_fields(head))):
        if field.name.lower() in (b"transfer-encoding", b"content-length"):
            head = head[: field.start] + b"X-Archive-Orig-" + head[field.start :]
    line_end = b"\r\n" if head.endswith(b"\r\n") else b"\n"
    return head.removesuffix(line_end) + b"Content-Length: %d" % len(payload) + line_end + line_end
