"""From the bytes that a server sent to the bytes and the text of the document, within limits."""

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BYTES = 16 * 1024 * 1024
"""Largest decoded document: ten times the heaviest real news pages."""

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol (sitemaps.org, "Sitemap index files")."""

MAX_GZIP_MEMBERS = 1024
"""Most gzip members or zstd frames in one body: parallel compressors write one for each 64 KiB."""

_GUESS_BYTES = 64 * 1024
_TEXT_CODEC = re.compile(r"utf-8|ascii|cp\d|iso8859|iso2022|koi8|mac|big5|gb|euc|shift|hz|tis|kz|ptcp|johab")
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MiB, as RFC 9659 wants


class ContentError(ValueError):
    """The body cannot be decoded; the message says why."""


class TooLarge(ContentError):
    """The decoded body is larger than allowed."""


def decode_content(body: bytes, coding: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Undo the content codings of a body (RFC 9110, 8.4), at most `max_bytes` of it.

    A body that is not in the coding that its header names is returned as it is: some servers label plain text
    as gzip, and some archives keep the label of what they decoded. A cut stream gives what is whole.
    """
    codings = [name.strip().lower() for name in coding.split(",") if name.strip()]
    for name in reversed(codings):
        if name in ("identity", "none", "utf-8"):
            continue
        if name not in _DECODERS:
            raise ContentError(f"content coding {name!r} is not supported")
        body = _DECODERS[name](body, max_bytes)
    if len(body) > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes")
    return body


def gunzip(body: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """Decompress a body that is itself a gzip file (`sitemap.xml.gz`), else return it."""
    return _gunzip(body, max_bytes) if body.startswith(_GZIP_MAGIC) else body


def decode_text(body: bytes, content_type: str | None) -> str:
    """The text of a page or feed: by byte order mark, as UTF-8 if it is valid, else by header, markup and a guess.

    Text in other encodings is hardly ever valid UTF-8 by accident, while wrong labels are common.
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
        # A label that can be read as ASCII does not stand in UTF-16 text, whatever it says (HTML, 13.2.3.2);
        # and Python has codecs that are no character encodings (base64, idna).
        if encoding and _TEXT_CODEC.match(encoding):
            yield encoding


def _guess_encoding(body: bytes) -> str:
    best = from_bytes(body[:_GUESS_BYTES]).best()
    return best.encoding if best else "cp1252"


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    try:
        return _join_members(body, lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), _GZIP_MAGIC, max_bytes)
    except zlib.error:
        return body


def _inflate(body: bytes, max_bytes: int) -> bytes:
    """Undo `deflate`, which some servers send without the zlib header that it should have (RFC 9110, 8.4.1.2)."""
    for wbits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):
        try:
            return _limited(zlib.decompressobj(wbits).decompress(body, max_bytes + 1), max_bytes)
        except zlib.error:
            continue
    return body


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    try:
        return _join_members(
            body, lambda: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), _ZSTD_MAGIC, max_bytes
        )
    except zstd.ZstdError:
        return body


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    decoder = brotli.Decompressor()
    text, piece = bytearray(), body
    try:
        # The limit is soft: one call may return up to twice as much.
        while len(text) <= max_bytes and (more := decoder.process(piece, output_buffer_limit=max_bytes + 1)):
            text += more
            piece = b""
    except brotli.error:
        return body
    # Brotli has no magic number: some plain text looks like the beginning of a stream without content.
    return _limited(bytes(text), max_bytes) if text or decoder.is_finished() else body


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


class _Decoder(Protocol):
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _join_members(body: bytes, begin: Callable[[], _Decoder], magic: bytes, max_bytes: int) -> bytes:
    """What the members of a gzip file (RFC 1952, 2.2) or the frames of zstd (RFC 8878, 3) hold together.

    The decoder's error is raised if the first one is already broken.
    """
    parts: list[bytes] = []
    room = max_bytes
    for number in range(MAX_GZIP_MEMBERS):
        decoder = begin()
        try:
            parts.append(decoder.decompress(body, room + 1))
        except (zlib.error, zstd.ZstdError):
            if number == 0:
                raise
            break
        room -= len(parts[-1])
        if room < 0:
            break
        body = decoder.unused_data
        if not body.startswith(magic):
            break
    else:
        raise ContentError(f"more than {MAX_GZIP_MEMBERS} gzip members")
    return _limited(b"".join(parts), max_bytes)


def _limited(text: bytes, max_bytes: int) -> bytes:
    if len(text) > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes after decompression")
    return text
