"""Compressions of record files, recognised by their first bytes: gzip, zstd, LZ4; each is a row of members.

https://datatracker.ietf.org/doc/html/rfc1952, https://datatracker.ietf.org/doc/html/rfc8878 (with the dictionaries
of https://iipc.github.io/warc-specifications/specifications/warc-zstd/), and LZ4's frame format.
"""

import sys
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from fastwarc.stream_io import Lz4Reader

from archive.warc.byte_ranges import Window
from archive.warc.record_blocks import CHUNK_BYTES, Damaged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP, ZSTD, LZ4 = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"
_SKIPPABLE = tuple((0x184D2A50 + number).to_bytes(4, "little") for number in range(16))
_DICTIONARY = (0x184D2A5D).to_bytes(4, "little")
_FORMATTED = b"\x37\xa4\x30\xec"
"""Begins a dictionary that has an id; others are mere content."""

_INPUT_BYTES = 32 * 1024
_MAX_DICTIONARY_BYTES = 64 * 1024 * 1024
_ZSTD_HEADER_BYTES = 18


class Member(Protocol):
    """One compressed part of a file, read as a stream."""

    end: int
    """Where it ends in the file; known when `read` has given its last bytes."""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes of its content, none at its end; an error of `DAMAGE` if it is broken."""
        ...


class Members:
    """Opens the members of a compressed file."""

    def __init__(self, file: IO[bytes], mark: bytes) -> None:
        """Take the file and the bytes with which each member begins."""
        self.mark = mark
        self._file = file
        self._dictionaries: dict[int, zstd.ZstdDict] = {}
        self._latest: zstd.ZstdDict | None = None
        self._searched = False

    def at(self, offset: int) -> Member:
        """The member that begins at an offset."""
        if self._bytes(offset, len(self.mark)) != self.mark:
            raise Damaged
        if self.mark == LZ4:
            return _Lz4Member(self._file, offset)
        decoder: _Decoder = _Inflater() if self.mark == GZIP else self._zstd(offset)
        return _DecodedMember(self._file, offset, decoder)

    def begin(self, offset: int) -> int:
        """Where the member begins that an offset leads to, behind frames that hold no content."""
        while self.mark != GZIP and (head := self._bytes(offset, 8))[:4] in _SKIPPABLE:
            size = int.from_bytes(head[4:], "little")
            if head[:4] == _DICTIONARY:
                self._learn(offset + 8, size)
            offset += 8 + size
        return offset

    def _bytes(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size)

    def _zstd(self, offset: int) -> "zstd.ZstdDecompressor":
        wanted = _dictionary_id(self._bytes(offset, _ZSTD_HEADER_BYTES))
        if wanted and wanted not in self._dictionaries and not self._searched:
            self._search_dictionaries()
        if wanted and wanted not in self._dictionaries:
            raise MissingDictionary
        # Frames need not name their dictionary.
        dictionary = self._dictionaries[wanted] if wanted else self._latest
        try:
            return zstd.ZstdDecompressor(dictionary)
        except zstd.ZstdError as error:
            raise Damaged from error

    def _search_dictionaries(self) -> None:
        """Learn those of the whole file: files that were joined have several."""
        self._searched = True
        for offset in find_all(self._file, _DICTIONARY, 0):
            self._learn(offset + 8, int.from_bytes(self._bytes(offset + 4, 4), "little"))

    def _learn(self, offset: int, size: int) -> None:
        if size > _MAX_DICTIONARY_BYTES:
            return
        content = self._bytes(offset, size)
        try:
            if content.startswith(ZSTD):
                content = zstd.ZstdDecompressor().decompress(content, _MAX_DICTIONARY_BYTES)
            known = zstd.ZstdDict(content, is_raw=not content.startswith(_FORMATTED))
        except (zstd.ZstdError, ValueError):
            return
        self._dictionaries[known.dict_id] = self._latest = known


class MissingDictionary(Damaged):
    """A zstd frame needs a dictionary that is not in its file."""


def members_of(file: IO[bytes]) -> Members | None:
    """The members of a file; None if it is not compressed."""
    file.seek(0)
    beginning = file.read(8)
    if beginning.startswith(GZIP):
        return Members(file, GZIP)
    mark = beginning[:4]
    if mark in _SKIPPABLE:
        file.seek(Members(file, ZSTD).begin(0))
        mark = file.read(4)
    return Members(file, mark) if mark in (ZSTD, LZ4) else None


def find_all(file: IO[bytes], mark: bytes, offset: int) -> Iterator[int]:
    """The offsets at or after an offset at which some bytes stand."""
    before = b""
    while True:
        file.seek(offset)
        chunk = file.read(CHUNK_BYTES)
        if not chunk:
            return
        data, start = before + chunk, offset - len(before)
        found = data.find(mark)
        while found >= 0:
            yield start + found
            found = data.find(mark, found + 1)
        before = data[len(data) - len(mark) + 1 :]
        offset += len(chunk)


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


class _Inflater:
    """zlib's decompressor for one gzip member, with the interface of zstd's."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail or data, max_length)

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data


class _DecodedMember:
    """A gzip member or zstd frame."""

    def __init__(self, file: IO[bytes], offset: int, decoder: _Decoder) -> None:
        self.end = offset
        self._file = file
        self._decoder = decoder

    def read(self, size: int) -> bytes:
        decoder = self._decoder
        while not decoder.eof:
            given = self._input() if decoder.needs_input else b""
            try:
                data = decoder.decompress(given, size)
            except zstd.ZstdError as error:
                raise Damaged from error
            if decoder.eof:
                self.end -= len(decoder.unused_data)
            if data:
                return data
            if not given and not decoder.eof and decoder.needs_input:
                raise Damaged  # cut off
        return b""

    def _input(self) -> bytes:
        self._file.seek(self.end)
        data = self._file.read(_INPUT_BYTES)
        self.end += len(data)
        return data


class _Lz4Member:
    """A frame of LZ4; its blocks say how long they are, so its end is known at once."""

    def __init__(self, file: IO[bytes], offset: int) -> None:
        self.end = _end_of_lz4(file, offset)
        self._reader = Lz4Reader(Window(file, offset, self.end - offset))

    def read(self, size: int) -> bytes:
        return bytes(self._reader.read(size))


def _end_of_lz4(file: IO[bytes], offset: int) -> int:
    def number(at: int) -> int:
        file.seek(at)
        data = file.read(4)
        if len(data) < 4:
            raise Damaged
        return int.from_bytes(data, "little")

    flags = number(offset + 4) & 0xFF
    if flags >> 6 != 1:
        raise Damaged
    at = offset + 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    while size := number(at) & 0x7FFFFFFF:
        at += 4 + size + (4 if flags & 16 else 0)
    end = at + 4 + (4 if flags & 4 else 0)
    if file.seek(0, 2) < end:
        raise Damaged
    return end


def _dictionary_id(header: bytes) -> int:
    try:
        return zstd.get_frame_info(header).dictionary_id
    except zstd.ZstdError as error:
        raise Damaged from error
