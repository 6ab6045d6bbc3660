"""Content codings (RFC 9110, 8.4) undone within a limit, as the content and not only its label says."""

import re
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_BYTES = 16 * 1024 * 1024
"""Largest decoded document: ten times the heaviest real news pages."""

MAX_GZIP_MEMBERS = 1024
"""Most gzip members or zstd frames in one body: parallel compressors write one for each 64 KiB."""

_MAX_UNNAMED = 2
"""How often a body is unpacked that nobody calls packed: servers compress twice and say it once."""

_GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MiB, as RFC 9659 wants
_TRAILER_BYTES = 8
_PIECE_BYTES = 4096
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_UTF_16_MARKS = (b"\xfe\xff", b"\xff\xfe")
_SNIFFED_BYTES = 1445
"""How much of a body says what it is (MIME Sniffing Standard, 5.2)."""


class ContentError(ValueError):
    """The body cannot be decoded; the message says why."""


class TooLarge(ContentError):
    """The decoded body is larger than allowed."""


class BrokenCoding(ContentError):
    """The body ends, or breaks, in the middle of its coding; `part` is what can be read of it."""

    def __init__(self, coding: str, part: bytes) -> None:
        super().__init__(coding, part)
        self.part = part

    def __str__(self) -> str:
        return f"the body is incomplete or broken in its {self.args[0]} coding"


def decode_content(body: bytes, coding: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Undo the content codings of a body (RFC 9110, 8.4), at most `max_bytes` of it.

    The content decides, as in browsers: a body that is not in the coding that its header names is returned as it
    is, names that are no coding are ignored, and what is packed without a label is unpacked. BrokenCoding for a
    stream without its end.
    """
    names = [name.partition(";")[0].strip().lower() for name in coding.split(",")]
    for name in reversed(names):
        if name in _DECODERS:
            body = _DECODERS[name](body, max_bytes)
        elif name not in ("", "identity", "none") and not is_text(body) and not _decoder_by_content(body):
            raise ContentError(f"content coding {name!r} is not supported")
    for _ in range(_MAX_UNNAMED):
        if decoder := _decoder_by_content(body):
            body = decoder(body, max_bytes)
    if len(body) > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes")
    return body


def gunzip(body: bytes, max_bytes: int = MAX_BYTES) -> bytes:
    """Decompress a body that is itself a gzip file (`sitemap.xml.gz`), else return it."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    return _join_members(body, _gzip_decoder, _GZIP_MAGIC, max_bytes)


def is_text(body: bytes) -> bool:
    """Whether a body begins like text: without the bytes that the MIME Sniffing Standard calls binary (3)."""
    return body.startswith(_UTF_16_MARKS) or not _BINARY.search(body[:_SNIFFED_BYTES])


def _decoder_by_content(body: bytes) -> "_Undo | None":
    if body.startswith(_GZIP_MAGIC):
        return gunzip
    return _unzstd if body.startswith(_ZSTD_MAGIC) else None


def _gzip_decoder() -> "_Decoder":
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _inflate(body: bytes, max_bytes: int) -> bytes:
    """Undo `deflate`, which some servers send without the zlib header that it should have (RFC 9110, 8.4.1.2)."""
    part = b""
    for wbits, head_bytes in ((zlib.MAX_WBITS | 32, 2), (-zlib.MAX_WBITS, 0)):
        text, rest = _decompress(partial(zlib.decompressobj, wbits), body, max_bytes)
        _check_size(len(text), max_bytes)
        if rest is not None or (head_bytes and _lacks_only_its_check(body[head_bytes:], text)):
            return text
        part = part or text
    return _plain_or_broken(body, "deflate", part)


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        return body
    return _join_members(body, lambda: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), _ZSTD_MAGIC, max_bytes)


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    decoder = brotli.Decompressor()
    text, piece = bytearray(), body
    try:
        # The limit is soft: one call may return up to twice as much.
        while len(text) <= max_bytes and (more := decoder.process(piece, output_buffer_limit=max_bytes + 1)):
            text += more
            piece = b""
        _check_size(len(text), max_bytes)
    except brotli.error:
        if is_text(body):
            return body
        return _sound_brotli(body, max_bytes)
    return bytes(text) if decoder.is_finished() else _plain_or_broken(body, "br", bytes(text))


def _sound_brotli(body: bytes, max_bytes: int) -> bytes:
    """The text of a stream with something else behind it; BrokenCoding if there is a fault in it."""
    step = _PIECE_BYTES
    decoder, text, start = brotli.Decompressor(), bytearray(), 0
    while start < len(body) and not decoder.is_finished():
        try:
            text += decoder.process(body[start : start + step])
            start += step
        except brotli.error:
            if step == 1:
                raise BrokenCoding("br", bytes(text)) from None
            # An error spoils the decoder: the piece with the end, or the fault, is read byte by byte.
            decoder, step = brotli.Decompressor(), 1
            text = bytearray(decoder.process(body[:start]))
        _check_size(len(text), max_bytes)
    return bytes(text)


def _plain_or_broken(body: bytes, coding: str, part: bytes = b"") -> bytes:
    """The body if it is text under a false label: these codings have no mark by which they are known."""
    if is_text(body):
        return body
    raise BrokenCoding(coding, part)


_Undo = Callable[[bytes, int], bytes]
_DECODERS: dict[str, _Undo] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _join_members(body: bytes, begin: Callable[[], _Decoder], magic: bytes, max_bytes: int) -> bytes:
    """What the members of a gzip file (RFC 1952, 2.2) or the frames of zstd (RFC 8878, 3) hold together."""
    parts: list[bytes] = []
    size = 0
    for _ in range(MAX_GZIP_MEMBERS):
        text, rest = _decompress(begin, body, max_bytes - size)
        parts.append(text)
        size += len(text)
        _check_size(size, max_bytes)
        if rest is None and not _lacks_only_its_check(body[_gzip_head_bytes(body) :], text):
            raise BrokenCoding("gzip" if magic == _GZIP_MAGIC else "zstd", b"".join(parts))
        body = rest or b""
        if not body.startswith(magic):
            return b"".join(parts)
    raise ContentError(f"more than {MAX_GZIP_MEMBERS} gzip members")


def _decompress(begin: Callable[[], _Decoder], data: bytes, max_bytes: int) -> tuple[bytes, bytes | None]:
    """The text of one stream, as soon as it is too large no more of it; and what follows it, None if it has no end."""
    decoder = begin()
    try:
        text = decoder.decompress(data, max_bytes + 1)
        return text, decoder.unused_data if decoder.eof else None
    except (zlib.error, zstd.ZstdError):
        return _sound_part(begin(), data, max_bytes), None


def _sound_part(decoder: _Decoder, data: bytes, max_bytes: int) -> bytes:
    """What a stream holds before it breaks."""
    text = b""
    with suppress(zlib.error, zstd.ZstdError):
        for start in range(0, len(data), _PIECE_BYTES):
            text += decoder.decompress(data[start : start + _PIECE_BYTES], max_bytes + 1)
            if len(text) > max_bytes:
                break
    return text


def _lacks_only_its_check(deflated: bytes, text: bytes) -> bool:
    """Whether a deflate stream that gave this text is whole, and only the checksum behind it was cut.

    Browsers do not ask for it; one that is there and wrong shows a fault.
    """
    decoder = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        is_same = decoder.decompress(deflated, len(text) + 1) == text
    except zlib.error:
        return False
    return is_same and decoder.eof and len(decoder.unused_data) < _TRAILER_BYTES


def _gzip_head_bytes(member: bytes) -> int:
    """How long the head of a gzip member is (RFC 1952, 2.3); its length if it is cut, or no gzip."""
    if not member.startswith(_GZIP_MAGIC) or len(member) < 10:
        return len(member)
    flags, end = member[3], 10
    if flags & 4:
        end += 2 + int.from_bytes(member[end : end + 2], "little")
    for flag in (8, 16):  # name and comment
        if flags & flag:
            end = member.find(b"\0", end) + 1 or len(member)
    return end + (2 if flags & 2 else 0)


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLarge(f"more than {max_bytes} bytes after decompression")
