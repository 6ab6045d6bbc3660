"""From the bytes that a server sent to the bytes and the text of the document, within limits."""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

from archive.warc.content_codings import (
    MAX_BYTES,
    BrokenCoding,
    ContentError,
    TooLarge,
    decode_content,
)

__all__ = [
    "MAX_BYTES",
    "MAX_SITEMAP_BYTES",
    "BrokenCoding",
    "ContentError",
    "TooLarge",
    "decode_content",
    "decode_text",
]

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""The limit of the sitemap protocol (sitemaps.org, "Sitemap index files")."""

_GUESS_BYTES = 64 * 1024
_TEXT_CODEC = re.compile(r"utf-8|ascii|cp\d|iso8859|iso2022|koi8|mac|big5|gb|euc|shift|hz|tis|kz|ptcp|johab")


def decode_text(body: bytes, content_type: str | None) -> str:
    """The text of a page or feed: by byte order mark, as UTF-8 if it is valid, else by header, markup and a guess.

    Text in other encodings is hardly ever valid UTF-8 by accident, while wrong labels are common.
    """
    return decoded(body, content_type)[0]


def decoded(body: bytes, content_type: str | None) -> tuple[str, str]:
    """As `decode_text`, with the encoding: what is ASCII in every one is in the one that is declared."""
    encoding, bom = read_bom(body)
    if encoding and bom:
        return to_unicode(body[len(bom) :], encoding), encoding
    declared = list(_declared_encodings(body, content_type))
    for encoding in ("utf-8", *declared):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, declared[0] if declared and text.isascii() else encoding
    encoding = declared[0] if declared else _guess_encoding(body)
    return to_unicode(body, encoding), encoding


def _declared_encodings(body: bytes, content_type: str | None) -> Iterator[str]:
    for encoding in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        # A label that can be read as ASCII does not stand in UTF-16 text, whatever it says (HTML, 13.2.3.2);
        # and Python has codecs that are no character encodings (base64, idna).
        if encoding and _TEXT_CODEC.match(encoding):
            yield encoding


def _guess_encoding(body: bytes) -> str:
    best = from_bytes(body[:_GUESS_BYTES]).best()
    return best.encoding if best else "cp1252"
