"""The heads of records as WARC and ARC files have them, read leniently, and where one begins.

WARC 0.17 to 1.1 and whatever else calls itself so; ARC in both versions:
https://archive.org/web/researcher/ArcFileFormat.php
"""

import re
from dataclasses import dataclass
from typing import Protocol

from archive.warc.look_ahead import Content
from archive.warc.record_blocks import Damaged

LOOK_BYTES = 8 * 1024
"""As far as one must look ahead to see whether a head begins."""

_MAX_HEAD_BYTES = 1024 * 1024
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_HEAD_END = re.compile(rb"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the block of a record."""

    type: str
    headers: tuple[tuple[str, str], ...]
    """As in WarcRecord."""
    length: int | None
    """Bytes of the block; None if the head does not say."""


class Shape(Protocol):
    """One of the two formats."""

    name: str
    pattern: re.Pattern[bytes]
    """Where a record begins."""
    closing: re.Pattern[bytes]
    """What ends a block."""

    def take_head(self, content: Content) -> Head:
        """Read the head that begins here; `Damaged` if there is none."""
        ...


class WarcShape:
    """`WARC/1.1`, named fields, an empty line; two empty lines behind the block."""

    name = "WARC"
    pattern = re.compile(rb"WARC/\d+\.\d+[ \t]*\r*\n")
    closing = re.compile(rb"\r*\n\r*\n")

    def take_head(self, content: Content) -> Head:
        fields = _fields(_take_until_empty_line(content, self.pattern))
        values = dict(fields)
        if "warc-type" not in values and "content-length" not in values:
            raise Damaged
        return Head(values.get("warc-type", "").lower(), fields, _length(values.get("content-length", "")))


_ADDRESS = rb"\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+|0|-"
_BEGINNING = (
    rb"(?P<url>[a-zA-Z][a-zA-Z0-9+.-]{1,20}:[^\r\n]*?) (?:(?P<ip>" + _ADDRESS + rb") )?(?P<date>\d{8,20}|-)"
)
_SECOND = re.compile(
    _BEGINNING + rb" (?P<mime>[^\r\n]*?) (?:\d{3}|-) \S+ \S+ (?:\d+|-) \S+ (?P<length>\d{1,18})[ \t]*\r*\n"
)
_FIRST = re.compile(_BEGINNING + rb" (?:(?P<mime>[^\r\n]*?) )?(?P<length>\d{1,18})[ \t]*\r*\n")
_UNMEASURED = re.compile(_BEGINNING + rb"(?: (?P<mime>[^\r\n]*?))?(?P<length>)[ \t]*\r*\n")


class ArcShape:
    """One line: URL, IP address, date, media type, length (in version 2 five more); an empty line behind the block."""

    name = "ARC"
    pattern = re.compile(rb"(?<![^\n\x00])" + _FIRST.pattern)
    closing = re.compile(rb"\r*\n")

    def take_head(self, content: Content) -> Head:
        line = content.peek(LOOK_BYTES)
        found = _SECOND.match(line) or _FIRST.match(line) or _UNMEASURED.match(line)
        if found is None:
            raise Damaged
        content.take(found.end())
        url, date, mime = (_text(found[name] or b"").strip() for name in ("url", "date", "mime"))
        kind = _arc_type(url, content)
        media_type = mime.split(" ")[0] if kind == "resource" else "application/http;msgtype=response"
        fields = (
            ("warc-type", kind),
            ("warc-target-uri", "" if kind == "warcinfo" else url.replace(" ", "%20")),
            ("warc-date", "" if date == "-" else date),
            ("warc-ip-address", _text(found["ip"] or b"")),
            ("content-type", mime if kind == "warcinfo" else media_type),
            ("content-length", _text(found["length"])),
        )
        return Head(kind, tuple(each for each in fields if each[1]), _length(_text(found["length"])))


WARC, ARC = WarcShape(), ArcShape()


def shape_of(beginning: bytes) -> Shape | None:
    """The format of a file by its first bytes, line ends left out; None if it is neither."""
    if WARC.pattern.match(beginning):
        return WARC
    return ARC if beginning.startswith(b"filedesc:") or ARC.pattern.match(beginning) else None


def _arc_type(url: str, content: Content) -> str:
    """The type that a record of an ARC has in a WARC; answers of HTTP/0.9 are all body, and become resources."""
    if url.lower().startswith("filedesc:"):
        return "warcinfo"
    is_http = url.lower().startswith(("http:", "https:"))
    return "resource" if is_http and not content.peek(5).startswith(b"HTTP/") else "response"


def _take_until_empty_line(content: Content, pattern: re.Pattern[bytes]) -> bytes:
    size = LOOK_BYTES
    while not (end := _HEAD_END.search(ahead := content.peek(size))):
        if len(ahead) < size or size > _MAX_HEAD_BYTES:
            raise Damaged
        size *= 4
    if not pattern.match(ahead):
        raise Damaged
    content.take(end.end())
    return ahead[: end.start()]


def _fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The named fields, names in lower case, folded lines joined; lines without a colon are skipped."""
    fields: list[tuple[str, str]] = []
    for line in _text(head).split("\n")[1:]:
        if line[:1] in (" ", "\t") and fields:
            name, value = fields.pop()
            fields.append((name, f"{value} {line.strip()}".strip()))
        elif ":" in line:
            name, _, value = line.partition(":")
            fields.append((name.strip().lower(), value.strip()))
    return tuple(fields)


def _length(text: str) -> int | None:
    return int(text) if _LENGTH.fullmatch(text) else None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
