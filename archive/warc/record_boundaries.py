"""Where the records of a file begin and end, also when the file is damaged between them."""

import re
import zlib
from contextlib import suppress
from typing import IO

from archive.warc.record_blocks import CHUNK_BYTES, DAMAGE

_GZIP_MAGIC = b"\x1f\x8b\x08"
_VERSION_LINE = re.compile(rb"WARC/\d+\.\d+\r*\n")
_HEAD_LINE_BYTES = 64 * 1024


class RecordBoundaries:
    """Finds, beside the stream that reads a file, where a record ends and where the next one begins."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self.size = size
        self.compressed = self.read(0, len(_GZIP_MAGIC)) == _GZIP_MAGIC

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes; none where a compressed member of a WACZ is damaged."""
        with suppress(*DAMAGE):
            self._file.seek(offset)
            return self._file.read(size)
        return b""

    def text_at(self, offset: int) -> bytes:
        """The first bytes at an offset, decompressed."""
        data = self.read(offset, 4096)
        if not self.compressed:
            return data[:64]
        with suppress(zlib.error):
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, 64)
        return b""

    def begins_member(self, offset: int) -> bool:
        """Whether a gzip member can begin here; always true in a plain file."""
        readable = self.read(offset, len(_GZIP_MAGIC))
        return not self.compressed or (offset < self.size and readable in (_GZIP_MAGIC, b""))

    def next_record(self, offset: int) -> int | None:
        """The offset of the first record at or after an offset."""
        mark = _GZIP_MAGIC if self.compressed else b"WARC/"
        while chunk := self.read(offset, CHUNK_BYTES):
            found = chunk.find(mark)
            while found >= 0:
                if _VERSION_LINE.match(self.text_at(offset + found)):
                    return offset + found
                found = chunk.find(mark, found + 1)
            offset += max(len(chunk) - len(mark) + 1, 1)
        return None

    def end_of_record(self, offset: int) -> int | None:
        """Where a record ends, with its closing empty lines; None if it is not whole."""
        try:
            return self._end_of_member(offset) if self.compressed else self._end_of_text(offset)
        except DAMAGE:
            return None

    def _end_of_member(self, offset: int) -> int | None:
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        waiting = b""
        while not decoder.eof:
            if not waiting:
                waiting = self.read(offset, CHUNK_BYTES)
                offset += len(waiting)
                if not waiting:
                    return None
            decoder.decompress(waiting, CHUNK_BYTES)
            waiting = decoder.unconsumed_tail
        return offset - len(decoder.unused_data)

    def _end_of_text(self, offset: int) -> int | None:
        self._file.seek(offset)
        length = 0
        while line := self._file.readline(_HEAD_LINE_BYTES).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        end = self._file.tell() + length
        if end > self.size:
            return None
        closing = self.read(end, 8)
        return end + len(closing) - len(closing.lstrip(b"\r\n"))
