"""From the octets that a server sent to the bytes and the text of the document, within limits."""

import zlib
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

MAX_BYTES = 16 * 1024 * 1024
"""Largest decoded document: ten times the heaviest real news pages."""

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol (sitemaps.org, "Sitemap index files")."""

MAX_GZIP_MEMBERS = 1024
"""Largest number of gzip members in one body: parallel compressors write one for each 64 KiB."""

_GUESS_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"


class ContentError(ValueError):
    """The body cannot be decoded; the message says why."""


class TooLarge(ContentError):
    """The decoded body is larger than allowed."""


def decode_content(body: bytes, coding: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Undo the content codings of a body (RFC 9110, 8.4), at most `max_bytes` of it.

    A body that is not in the coding it claims is taken as it is: servers that label plain
    text as gzip exist, browsers show such pages. A cut gzip stream gives what is whole.
    """
    codings = [name.strip().lower() for name in coding.split(",") if name.strip()]
    for name in reversed(codings):
        if name in ("identity", "none", "utf-8"):
            continue
        if name not in ("gzip", "x-gzip", "deflate"):
            raise ContentError(f"content coding {name!r} is not supported")
        body = _inflate(body, name, max_bytes)
    if len(body) > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes")
    return body


def gunzip(body: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """Decompress a body that is itself a gzip file (`sitemap.xml.gz`), else return it."""
    return _inflate(body, "gzip", max_bytes) if body.startswith(_GZIP_MAGIC) else body


def decode_text(body: bytes, content_type: str | None) -> str:
    """The text of a page or feed: byte order mark, UTF-8 if it is UTF-8, then what header, text and a guess say.

    No other encoding in use on the web passes for UTF-8 by accident, while wrong labels are common.
    """
    encoding, bom = read_bom(body)
    if encoding and bom:
        return to_unicode(body[len(bom) :], encoding)
    declared = list(_declared_encodings(body, content_type))
    for encoding in ("utf-8", *declared):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return to_unicode(body, declared[0] if declared else _guess_encoding(body))


def _declared_encodings(body: bytes, content_type: str | None) -> Iterator[str]:
    for encoding in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        # A label that can be read as ASCII is not in UTF-16, whatever it says (HTML, 13.2.3.2).
        if encoding and not encoding.startswith(("utf-16", "utf-32")):
            yield encoding


def _guess_encoding(body: bytes) -> str:
    best = from_bytes(body[:_GUESS_BYTES]).best()
    return best.encoding if best else "cp1252"


def _inflate(body: bytes, name: str, max_bytes: int) -> bytes:
    for wbits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS) if name == "deflate" else (zlib.MAX_WBITS | 16,):
        try:
            return b"".join(_members(body, wbits, max_bytes))
        except zlib.error:
            continue
    return body


def _members(body: bytes, wbits: int, max_bytes: int) -> Iterator[bytes]:
    """What the members of a gzip file hold (RFC 1952, 2.2); zlib.error if already the first one is none."""
    room = max_bytes
    for number in range(MAX_GZIP_MEMBERS):
        decoder = zlib.decompressobj(wbits)
        try:
            text = decoder.decompress(body, room + 1)
        except zlib.error:
            if number == 0:
                raise
            return
        room -= len(text)
        if room < 0:
            raise TooLarge(f"more than {max_bytes} bytes after decompression")
        yield text
        body = decoder.unused_data
        if not body.startswith(_GZIP_MAGIC):
            return
    raise ContentError(f"more than {MAX_GZIP_MEMBERS} gzip members")
