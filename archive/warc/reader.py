"""Records of one WARC or ARC file in file order, as far as the file is whole."""

from collections.abc import Callable, Iterator
from typing import IO

from archive.errors import ArchiveUnreadable
from archive.warc.compressed_members import MissingDictionary, members_of
from archive.warc.files import RecordFile, Report
from archive.warc.record import WarcRecord
from archive.warc.record_blocks import DAMAGE
from archive.warc.record_rows import Rows, rows_of


def read_records(
    file: RecordFile, report: Report, start: int = 0, skipped: Callable[[int], None] = lambda _: None
) -> Iterator[WarcRecord]:
    """The whole records of a file from the offset `start` on, one block in memory.

    A damaged part is passed over, reported in one sentence, and its bytes are given to `skipped`. A file without
    a whole record raises `ArchiveUnreadable`.
    """
    size = file.size
    if not size:
        raise ArchiveUnreadable(f"{file} is empty: fetch it again or leave it out.")
    with file.open() as stream:
        rows = _rows_of(file, stream, size, start)
        found_any = False
        for hole, record in _with_holes(file, rows, start):
            if record is not None:
                if hole is not None:
                    report(f"{file} is damaged from byte {hole} to {record.offset}: this part was skipped.")
                    skipped(record.offset - hole)
                yield record
                found_any = True
            elif hole is not None and found_any:
                report(
                    f"{file} has no whole record between byte {hole} and its end: its tail is cut or damaged."
                )
                skipped(max(size - hole, 0))
        if not found_any:
            raise ArchiveUnreadable(
                f"{file} holds no whole {rows.shape.name} record: fetch it again or leave it out."
            )


def find_record(file: RecordFile, offset: int) -> int | None:
    """Where, at or after an offset, a record seems to begin; None if none does."""
    with file.open() as stream:
        return _rows_of(file, stream, file.size, offset).next_start(offset)


def takes_offsets(file: RecordFile) -> bool:
    """Whether a reader may begin at any record: offsets are those in the file, and its members need no dictionary."""
    with file.open() as stream:
        members = members_of(stream)
        return members is None or _rows_of(file, stream, file.size, 0).are_gzip_members


def _rows_of(file: RecordFile, stream: IO[bytes], size: int, start: int) -> Rows:
    try:
        return rows_of(stream, size, str(file), start)
    except DAMAGE as error:
        raise ArchiveUnreadable(
            f"{file} is damaged from its beginning: fetch it again or leave it out."
        ) from error


def _with_holes(file: RecordFile, rows: Rows, start: int) -> Iterator[tuple[int | None, WarcRecord | None]]:
    """Each record with the offset of the damage before it, and in the end that of the damage behind the last."""
    offset: int | None = start
    hole: int | None = None
    while offset is not None:
        try:
            record = rows.at(offset)
        except MissingDictionary as error:
            raise ArchiveUnreadable(
                f"{file} is compressed with zstd and a dictionary that it does not hold: "
                "fetch it again, or decompress it where it was made."
            ) from error
        except DAMAGE:
            hole = offset if hole is None else hole
            offset = rows.next_start(offset + 1)
            continue
        if record is None:
            break
        yield hole, record
        hole = None
        offset = record.offset + record.length
    yield hole, None
