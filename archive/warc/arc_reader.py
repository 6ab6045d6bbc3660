"""Records of ARC files, which fastwarc cannot read."""

from collections.abc import Iterator
from typing import IO

from warcio.archiveiterator import ArchiveIterator

from archive.errors import ArchiveUnreadable
from archive.warc.files import RecordFile, Report
from archive.warc.record import WarcRecord
from archive.warc.record_blocks import DAMAGE, block_length, read_block


def read_arc(file: RecordFile, stream: IO[bytes], start: int, report: Report) -> Iterator[WarcRecord]:
    end = start
    try:
        for record in _parse_arc(stream, start):
            yield record
            end = record.offset + record.length
    except DAMAGE as error:
        if end == start:
            raise ArchiveUnreadable(
                f"{file} is not a readable ARC file: fetch it again or leave it out."
            ) from error
        report(f"{file} is damaged after byte {end}: the records before it were read, the rest was skipped.")


def _parse_arc(stream: IO[bytes], start: int) -> Iterator[WarcRecord]:
    stream.seek(start)
    records = ArchiveIterator(stream, no_record_parse=True, arc2warc=True)
    for found in records:
        headers = tuple((name.lower(), value) for name, value in found.rec_headers.headers)
        block_length(dict(headers)["content-length"])  # warcio takes one that is no number for 0
        block, whole = read_block(found.raw_stream.read, found.length)
        # ARC has no record ids: warcio makes up a new one each time.
        kept = tuple((name, value) for name, value in headers if name != "warc-record-id")
        offset, length = records.get_record_offset(), records.get_record_length()
        yield WarcRecord(found.rec_type, kept, block, whole, offset, length)
