"""The text of a listing, whatever encoding its labels claim: bytes are believed first, then labels that they allow."""

import codecs
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII = bytes(range(128))
_SAMPLE_BYTES = 64
_GUESS_BYTES = 64 * 1024
_WIDE = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
"""Encodings of ASCII letters by the places of their NULs."""

_SURE = 3
"""Whole characters of UTF-8 for each broken one, from which on a text is UTF-8: others hold hardly any by accident."""

_TEXT_CODEC = re.compile(r"cp\d|iso8859|iso2022|koi8|mac|big5|gb|euc|shift|hz|tis|kz|ptcp|johab")
"""Names of codecs that a label may ask for where a text is not UTF-8; others are no character encodings (base64)."""

_DEFAULTS = frozenset(("cp1252", "latin-1", "iso8859-1"))
"""What servers and templates write when nobody chose an encoding (Latin-1 is read as windows-1252)."""


def decode_listing(body: bytes, content_type: str | None) -> str:
    """The text of a feed or sitemap, without byte order mark; bytes that its encoding cannot have become U+FFFD."""
    body = body.removeprefix(codecs.BOM_UTF8)
    for bom, encoding in _BOMS:
        if body.startswith(bom) and b"\0" in body[len(bom) : _SAMPLE_BYTES]:  # UTF-8 has no NULs
            return _decode(body[len(bom) :], encoding)
    if encoding := _wide_encoding(body):
        return _decode(body, encoding)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        if error.end == len(body) and error.reason == "unexpected end of data":
            return body[: error.start].decode()
    return body.decode(_narrow_encoding(body, content_type), "replace")


def _wide_encoding(body: bytes) -> str:
    """UTF-16 or UTF-32 by its NULs, for every listing begins with letters of ASCII; empty if it is neither."""
    sample = body[:_SAMPLE_BYTES]
    units = len(sample) // 4
    is_null = [sum(not byte for byte in sample[place::4][:units]) > units / 2 for place in range(4)]
    return _WIDE.get("".join("0" if each else "x" for each in is_null), "") if units else ""


def _decode(body: bytes, encoding: str) -> str:
    unit = {"utf-16": 2, "utf-32": 4}[encoding[:6]]
    # A unit that is cut is no character.
    return body[: len(body) // unit * unit].decode(encoding, "replace").removeprefix("\ufeff")


def _narrow_encoding(body: bytes, content_type: str | None) -> str:
    """The encoding of a text that is not wholly UTF-8."""
    if _is_mostly_utf8(body):
        return "utf-8"
    declared = [
        encoding
        for encoding in (html_body_declared_encoding(body), http_content_type_encoding(content_type))
        if encoding and _TEXT_CODEC.match(encoding)
    ]
    chosen = [encoding for encoding in declared if encoding not in _DEFAULTS]
    if chosen or declared:
        return (chosen or declared)[0]
    best = from_bytes(body[:_GUESS_BYTES]).best()
    return best.encoding if best else "cp1252"


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    ascii_chars = len(body) - len(body.translate(None, _ASCII))
    return len(text) - ascii_chars - broken >= _SURE * broken
