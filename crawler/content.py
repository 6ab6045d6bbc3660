"""From the octets that a server sent to the bytes of the document, within limits."""

import zlib

MAX_BYTES = 16 * 1024 * 1024
"""Largest decoded document: ten times the heaviest real news pages."""

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol (sitemaps.org, "Sitemap index files")."""


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
    return _inflate(body, "gzip", max_bytes) if body[:2] == b"\x1f\x8b" else body


def _inflate(body: bytes, name: str, max_bytes: int) -> bytes:
    for wbits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS) if name == "deflate" else (zlib.MAX_WBITS | 16,):
        decoder = zlib.decompressobj(wbits)
        try:
            text = decoder.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if len(text) > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes after decompression")
        return text
    return body
