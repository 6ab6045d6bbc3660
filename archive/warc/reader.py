"""Records of one WARC or ARC file in file order, as far as the file is whole."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO

from fastwarc.warc import ArchiveIterator

from archive.errors import ArchiveUnreadable
from archive.warc.arc_reader import read_arc
from archive.warc.files import RecordFile, Report
from archive.warc.record import WarcRecord
from archive.warc.record_blocks import DAMAGE, block_length, read_block
from archive.warc.record_boundaries import RecordBoundaries


def read_records(file: RecordFile, report: Report, start: int = 0) -> Iterator[WarcRecord]:
    """The whole records of a file from the offset `start` on, with one or two blocks in memory.

    A damaged part is skipped and reported in one sentence; a file without a whole record raises
    `ArchiveUnreadable`.
    """
    with file.open() as stream, file.open() as aside:
        boundaries = RecordBoundaries(aside, file.size)
        if not boundaries.size:
            raise ArchiveUnreadable(f"{file} is empty: fetch it again or leave it out.")
        if boundaries.text_at(0).startswith(b"filedesc://"):
            yield from read_arc(file, stream, start, report)
        else:
            yield from _read_warc(file, stream, boundaries, start, report)


def _read_warc(
    file: RecordFile, stream: IO[bytes], boundaries: RecordBoundaries, start: int, report: Report
) -> Iterator[WarcRecord]:
    resume: int | None = start
    hole: int | None = None
    found_any = False
    while resume is not None:
        end = resume
        for record in _read_stretch(file, stream, boundaries, resume):
            if hole is not None and found_any:
                report(f"{file} is damaged from byte {hole} to {record.offset}: this part was skipped.")
            hole, found_any = None, True
            yield record
            end = record.offset + record.length
        if end == boundaries.size:
            return
        hole = end if hole is None else hole
        resume = boundaries.next_record(max(end, resume + 1))
    if not found_any:
        raise ArchiveUnreadable(f"{file} holds no whole WARC record: fetch it again or leave it out.")
    report(f"{file} has no whole record between byte {hole} and its end: its tail is cut or damaged.")


def _read_stretch(
    file: RecordFile, stream: IO[bytes], boundaries: RecordBoundaries, start: int
) -> Iterator[WarcRecord]:
    """Records until the end or the first damage; the length of each is known when the next one is read."""
    last: WarcRecord | None = None
    with suppress(*DAMAGE):
        for record in _parse(stream, start):
            if last is not None:
                if not boundaries.begins_member(record.offset):
                    raise ArchiveUnreadable(
                        f"{file} is one gzip stream, its records cannot be found by offset: "
                        f"run `warcio recompress {file} NEW.warc.gz` and read that."
                    )
                yield replace(last, length=record.offset - last.offset)
            last = record
    if last is not None and (end := boundaries.end_of_record(last.offset)) is not None:
        yield replace(last, length=end - last.offset)


def _parse(stream: IO[bytes], start: int) -> Iterator[WarcRecord]:
    stream.seek(start)
    # Quirks mode reads header lines that end in LF or CR CR LF, and passes over garbage between records.
    for found in ArchiveIterator(stream, parse_http=False, quirks_mode=True):
        headers = tuple((name.lower(), value.strip()) for name, value in found.headers.items())
        fields = dict(headers)
        # fastwarc takes a length that is missing, or no number, for 0.
        length = block_length(fields.get("content-length", ""))
        block, whole = read_block(found.reader.read, length)
        yield WarcRecord(fields.get("warc-type", "").lower(), headers, block, whole, found.stream_pos, 0)
