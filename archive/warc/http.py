"""Heads of HTTP/1.x messages as bytes: where they end and what they say (RFC 9112), read as browsers read them.

Bare LF ends a line, folded lines are joined, a space may stand before the colon, a name may have any bytes, lines
without a colon are skipped, and a number that is none counts as absent. Nothing here changes a byte, except
`without_transfer_coding`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_HEAD_BYTES = 256 * 1024
"""Most bytes of an answer before its body, answers 1xx included (Chromium's limit too)."""

_HEAD_END = re.compile(rb"\n\r?\n")
# Browsers take a status line without a number for 200, and any version and case of the name.
_STATUS = re.compile(rb"(?i:http)(?:/[\d.]*[ \t]*(?=([^\r\n]*))|[ \t]+(?=(\d{3}(?!\d))))")
_CODE = re.compile(rb"\d{3}(?!\d)")
_BEGINNING = re.compile(rb"(?i:http)[/ \t]")
_FIELD = re.compile(rb"([^:\s][^:\r\n]*):((?:[^\n]|\n[ \t])*)\n")
_LINE = re.compile(rb"[^\n]*\n")


class NotHttp(ValueError):
    """What a server sent does not begin with a status line."""


class HeadTooLarge(ValueError):
    """The head of an answer has no end within the limit."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: name and value as sent, the value trimmed and unfolded."""

    name: bytes
    value: bytes
    start: int
    """Offset of the name in the head."""


class HeadReader:
    """Finds the head of the final answer in what comes over a connection piece by piece."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._searched = self._skipped = 0

    def feed(self, data: bytes) -> tuple[bytes, bytes] | None:
        """The head and what has come after it; None until the head is whole.

        NotHttp and HeadTooLarge as soon as it is clear that there will be none.
        """
        self._held += data
        if _HEAD_END.search(self._held, max(self._searched - 2, 0)):
            head, rest = split_answer(bytes(self._held))
            if head and len(head) + self._skipped <= MAX_HEAD_BYTES:
                return head, rest
            self._skipped += len(self._held) - len(rest)
            self._held = bytearray(rest)
        self._searched = len(self._held)
        beginning = self._held.lstrip(b"\r\n")[: len(b"HTTP/")]
        if len(beginning) == len(b"HTTP/") and not _BEGINNING.match(beginning):
            raise NotHttp("The server sent something else than an HTTP answer")
        if self._skipped + len(self._held) > MAX_HEAD_BYTES:
            raise HeadTooLarge(f"The head of the answer is larger than {MAX_HEAD_BYTES} bytes")
        return None


def split_head(message: bytes) -> tuple[bytes, bytes]:
    """Head (with the empty line that ends it) and the rest; without that line the head is empty."""
    end = _HEAD_END.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (b"", message)


def split_answer(received: bytes) -> tuple[bytes, bytes]:
    """Head and rest of the final answer, without empty lines and 1xx answers (RFC 9110, 15.2) before it.

    The head is empty if it has not ended, or is none of HTTP/1.
    """
    message = received.lstrip(b"\r\n")
    while True:
        head, rest = split_head(message)
        if not status_of(head):
            return b"", message
        if not 100 <= status_of(head) < 200:
            return head, rest
        message = rest.lstrip(b"\r\n")


def status_of(head: bytes) -> int:
    """The status code of an answer; 0 if it does not begin with a status line."""
    line = _STATUS.match(head)
    if not line:
        return 0
    words = line[1] or line[2] or b""
    code = _CODE.match(words)
    return int(code[0]) if code else 0 if words[:1].isdigit() else 200


def header_fields(head: bytes) -> Iterator[Field]:
    """The header fields of a head in their order."""
    start = head.find(b"\n") + 1
    while line := _LINE.match(head, start):
        field = _FIELD.match(head, start)
        if field:
            value = re.sub(rb"\r?\n[ \t]+", b" ", field[2]).replace(b"\0", b"").strip()
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


def content_length(head: bytes) -> int | None:
    """The length that the head announces; None if it says none, several, or what is no number (RFC 9110, 8.6)."""
    values = b",".join(header_values(head, "Content-Length")).split(b",")
    lengths = {int(value) for value in map(bytes.strip, values) if value.isdigit()}
    return lengths.pop() if len(lengths) == 1 else None


def is_chunked(head: bytes) -> bool:
    """Whether `chunked` is among the transfer codings: no other one is known on the web."""
    codings = b",".join(header_values(head, "Transfer-Encoding")).lower().split(b",")
    return b"chunked" in map(bytes.strip, codings)


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
