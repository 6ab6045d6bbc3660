"""Records of one WARC or ARC file in file order, whatever happened to the file."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO

from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as ArcIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.errors import ArchiveUnreadable
from archive.warc.files import RecordFile

MAX_BLOCK_BYTES = 64 * 1024 * 1024
"""Larger blocks are not kept whole: no page, feed or sitemap that we accept comes near."""

Report = Callable[[str], None]
"""Takes one sentence on something that is damaged or left out."""

_BEGINNING_BYTES = 64 * 1024
_CHUNK_BYTES = 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_VERSION_LINE = re.compile(rb"WARC/\d+\.\d+\r*\n")


class _Damaged(Exception):
    """The octets do not go on as a record must."""


_DAMAGE = (_Damaged, OSError, EOFError, zlib.error, zipfile.BadZipFile, ArchiveLoadFailed)


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in its file."""

    type: str
    headers: tuple[tuple[str, str], ...]
    """Fields of the WARC header in their order; names in lower case."""
    block: bytes
    whole: bool
    """False where the block is over `MAX_BLOCK_BYTES`: then it is only its beginning."""
    offset: int
    length: int
    """Octets of the gzip member; of an uncompressed record those up to the next one."""

    def get(self, name: str) -> str:
        """Return the last value of a header field without angle brackets, empty where it is missing."""
        return next((value.strip("<>") for key, value in reversed(self.headers) if key == name), "")

    @property
    def id(self) -> str:
        """WARC-Record-ID as written; ARC records have none."""
        return dict(self.headers).get("warc-record-id", "")

    @property
    def concurrent_to(self) -> set[str]:
        """Ids of the records that this one names as part of its exchange."""
        return {value.strip("<>") for key, value in self.headers if key == "warc-concurrent-to"}


def read_records(file: RecordFile, report: Report, start: int = 0) -> Iterator[Record]:
    """Stream the whole records of a file from the octet `start` on, one or two blocks in memory.

    A damaged part is skipped and told to `report` in one sentence; a file without any whole
    record is refused (`ArchiveUnreadable`).
    """
    with file.open() as stream, file.open() as aside:
        octets = Octets(aside, file.size)
        if not octets.size:
            raise ArchiveUnreadable(f"{file} is empty: fetch it again or leave it out.")
        if octets.text_at(0).startswith(b"filedesc://"):
            yield from _read_arc(file, stream, start, report)
        else:
            yield from _read_warc(file, stream, octets, start, report)


class Octets:
    """Looks into a file aside of the stream: where a record ends, where the next one begins."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self.size = size
        self.compressed = self.read(0, len(_GZIP_MAGIC)) == _GZIP_MAGIC

    def read(self, offset: int, size: int) -> bytes:
        """Return up to `size` octets, none from where a compressed member of a WACZ is damaged."""
        with suppress(*_DAMAGE):
            self._file.seek(offset)
            return self._file.read(size)
        return b""

    def text_at(self, offset: int) -> bytes:
        """Return the first octets of what is written at an offset, decompressed."""
        octets = self.read(offset, 4096)
        if not self.compressed:
            return octets[:64]
        with suppress(zlib.error):
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(octets, 64)
        return b""

    def begins_member(self, offset: int) -> bool:
        """Whether a gzip member can begin here; in a plain file anything can begin anywhere."""
        readable = self.read(offset, len(_GZIP_MAGIC))
        return not self.compressed or (offset < self.size and readable in (_GZIP_MAGIC, b""))

    def next_record(self, offset: int) -> int | None:
        """Find the first record that begins at or after an offset."""
        mark = _GZIP_MAGIC if self.compressed else b"WARC/"
        while chunk := self.read(offset, _CHUNK_BYTES):
            found = chunk.find(mark)
            while found >= 0:
                if _VERSION_LINE.match(self.text_at(offset + found)):
                    return offset + found
                found = chunk.find(mark, found + 1)
            offset += max(len(chunk) - len(mark) + 1, 1)
        return None

    def end_of_record(self, offset: int) -> int | None:
        """Find where a record ends, its closing empty lines included; None if it is not whole."""
        try:
            return self._end_of_member(offset) if self.compressed else self._end_of_text(offset)
        except _DAMAGE:
            return None

    def _end_of_member(self, offset: int) -> int | None:
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        waiting = b""
        while not decoder.eof:
            if not waiting:
                waiting = self.read(offset, _CHUNK_BYTES)
                offset += len(waiting)
                if not waiting:
                    return None
            decoder.decompress(waiting, _CHUNK_BYTES)
            waiting = decoder.unconsumed_tail
        return offset - len(decoder.unused_data)

    def _end_of_text(self, offset: int) -> int | None:
        self._file.seek(offset)
        length = 0
        while line := self._file.readline(_BEGINNING_BYTES).strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        end = self._file.tell() + length
        if end > self.size:
            return None
        closing = self.read(end, 8)
        return end + len(closing) - len(closing.lstrip(b"\r\n"))


def _read_warc(
    file: RecordFile, stream: IO[bytes], octets: Octets, start: int, report: Report
) -> Iterator[Record]:
    resume: int | None = start
    hole: int | None = None
    found_any = False
    while resume is not None:
        end = resume
        for record in _read_stretch(file, stream, octets, resume):
            if hole is not None and found_any:
                report(f"{file} is damaged from octet {hole} to {record.offset}: this part was skipped.")
            hole, found_any = None, True
            yield record
            end = record.offset + record.length
        if end == octets.size:
            return
        hole = end if hole is None else hole
        resume = octets.next_record(max(end, resume + 1))
    if not found_any:
        raise ArchiveUnreadable(f"{file} holds no whole WARC record: fetch it again or leave it out.")
    report(f"{file} has no whole record between octet {hole} and its end: its tail is cut or damaged.")


def _read_stretch(file: RecordFile, stream: IO[bytes], octets: Octets, start: int) -> Iterator[Record]:
    """Yield records until the end or the first damage; their length is known when the next one is seen."""
    last: Record | None = None
    with suppress(*_DAMAGE):
        for record in _parse(stream, start):
            if last is not None:
                if not octets.begins_member(record.offset):
                    raise ArchiveUnreadable(
                        f"{file} is one gzip stream, its records cannot be found again: "
                        f"run `warcio recompress {file} NEW.warc.gz` and read that."
                    )
                yield replace(last, length=record.offset - last.offset)
            last = record
    if last is not None and (end := octets.end_of_record(last.offset)) is not None:
        yield replace(last, length=end - last.offset)


def _parse(stream: IO[bytes], start: int) -> Iterator[Record]:
    stream.seek(start)
    # Quirks mode reads header lines that end in LF or CR CR LF, and passes over garbage between records.
    for found in ArchiveIterator(stream, parse_http=False, quirks_mode=True):
        headers = tuple((name.lower(), value.strip()) for name, value in found.headers.items())
        fields = dict(headers)
        # fastwarc takes a length that is missing, or no number, for 0.
        if not _LENGTH.fullmatch(fields.get("content-length", "")):
            raise _Damaged
        block, whole = _read_block(found.reader.read, int(fields["content-length"]))
        yield Record(fields.get("warc-type", "").lower(), headers, block, whole, found.stream_pos, 0)


def _read_arc(file: RecordFile, stream: IO[bytes], start: int, report: Report) -> Iterator[Record]:
    end = start
    try:
        for record in _parse_arc(stream, start):
            yield record
            end = record.offset + record.length
    except _DAMAGE as error:
        if end == start:
            raise ArchiveUnreadable(
                f"{file} is not a readable ARC file: fetch it again or leave it out."
            ) from error
        report(f"{file} is damaged after octet {end}: the records before it were read, the rest was not.")


def _parse_arc(stream: IO[bytes], start: int) -> Iterator[Record]:
    stream.seek(start)
    records = ArcIterator(stream, no_record_parse=True, arc2warc=True)
    for found in records:
        headers = tuple((name.lower(), value) for name, value in found.rec_headers.headers)
        if not _LENGTH.fullmatch(dict(headers)["content-length"]):
            raise _Damaged
        block, whole = _read_block(found.raw_stream.read, found.length)
        # ARC has no record ids: warcio makes up a new one each time.
        kept = tuple((name, value) for name, value in headers if name != "warc-record-id")
        offset, length = records.get_record_offset(), records.get_record_length()
        yield Record(found.rec_type, kept, block, whole, offset, length)


def _read_block(read: Callable[[int], bytes], length: int) -> tuple[bytes, bool]:
    """Read a block in bounded memory, to its end in any case: only so a cut one shows."""
    whole = length <= MAX_BLOCK_BYTES
    block = read(length if whole else _BEGINNING_BYTES)
    left = length - len(block)
    while left > 0 and (more := read(min(left, _CHUNK_BYTES))):
        left -= len(more)
        block += more if whole else b""
    if left:
        raise _Damaged
    return block, whole
