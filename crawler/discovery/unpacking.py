"""Takes a listing out of its compression: as much of it as is whole, and what is missing."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from archive.warc.content_codings import MAX_GZIP_MEMBERS
from crawler.http.decoding import MAX_SITEMAP_BYTES, BrokenCoding, decode_content
from crawler.items import RawPage

MAX_LAYERS = 3
"""Gzip in gzip: servers compress files that are compressed already, and label it once, twice or not at all."""

CUT = "it is cut within its gzip"
"""What is no loss where the document came to its end all the same: servers forget the last bytes of gzip."""

_GZIP_MAGIC = b"\x1f\x8b"
_PIECE_BYTES = 64 * 1024
_STEP_BYTES = 1024 * 1024


class Unpacked(NamedTuple):
    """The bytes of a document."""

    body: bytes
    unread: list[str]
    """Why these are not all bytes; empty if they are."""


def unpack(raw: RawPage, most: int = MAX_SITEMAP_BYTES) -> Unpacked:
    """The document in an answer, at most `most` bytes of it; ContentError and TooLarge of `crawler.http.decoding`.

    What is gzip by its first bytes is unpacked whatever its label says; what is none is left as it is.
    """
    body, unread = raw.body, list[str]()
    if not body.startswith(_GZIP_MAGIC):
        try:
            body = decode_content(body, raw.headers.get("content-encoding", ""), most)
        except BrokenCoding as error:
            body = error.part
            unread.append(f"it is cut or damaged within its {error.args[0]} coding")
    for _ in range(MAX_LAYERS):
        if not body.startswith(_GZIP_MAGIC):
            break
        body, missing = _gunzip(body, most)
        unread += [missing] if missing else []
    if len(body) > most:
        body = body[:most]
        unread.append(_too_long(most))
    return Unpacked(body, list(dict.fromkeys(unread)))


def note_end(is_closed: bool, unread: list[str]) -> None:
    """Note whether a document came to the end that it has in itself: then nothing of it was cut."""
    if is_closed:
        unread[:] = [clause for clause in unread if clause != CUT]
    elif not unread:
        unread.append("it ends before its end tag")


def _gunzip(body: bytes, most: int) -> tuple[bytes, str]:
    """What the members of a gzip file (RFC 1952, 2.2) hold, and what is missing; what follows them is no part of it."""
    made, rest = BytesIO(), memoryview(body)
    for _ in range(MAX_GZIP_MEMBERS):
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not decoder.eof and made.tell() <= most:
            piece: bytes | memoryview = decoder.unconsumed_tail
            if not piece:
                piece, rest = rest[:_PIECE_BYTES], rest[_PIECE_BYTES:]
            before = decoder.copy()
            try:
                # A piece of a bomb is a thousand times as much, in several copies, if no limit is set.
                more = decoder.decompress(piece, min(_STEP_BYTES, most + 1 - made.tell()))
                if not made.write(more) and not piece:
                    break
            except zlib.error:
                made.write(b"".join(_before_error(before, piece)))
                text = made.getvalue()
                return (text[:most], "it is damaged within its gzip") if text else (body, "")
        if made.tell() > most:
            made.truncate(most)  # a slice would be a second copy
            return made.getvalue(), _too_long(most)
        if not decoder.eof:
            return made.getvalue(), CUT
        rest = memoryview(body)[len(body) - len(rest) - len(decoder.unused_data) :]
        if rest[:2] != _GZIP_MAGIC:
            return made.getvalue(), ""
    return made.getvalue(), f"it has more than {MAX_GZIP_MEMBERS} gzip members"


def _too_long(most: int) -> str:
    return f"it is longer than {most // 2**20} MiB"


def _before_error(decoder: "zlib._Decompress", piece: bytes | memoryview) -> Iterator[bytes]:
    """What a decoder makes of a piece up to the byte that breaks it."""
    with suppress(zlib.error):
        for number in range(len(piece)):
            yield decoder.decompress(piece[number : number + 1])
