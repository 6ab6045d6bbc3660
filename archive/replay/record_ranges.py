"""Parts of a file of records, cut by its bytes, that are read apart from each other and together give the whole.

Where a part begins among the records, nobody knows before it is read. Its reader begins with the first record that
it finds, and goes on behind its end until an exchange begins: there the next part must have begun too. `joined` leaves
out what it read before, and has it read once more from there if it did not: bytes within a page can look like a record.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from archive.errors import ArchiveUnreadable
from archive.replay.accounts import reason_of_type
from archive.warc.exchanges import ANSWERS, PARTS, Exchange, ExchangeGrouper
from archive.warc.files import RecordFile
from archive.warc.reader import find_record, read_records
from archive.warc.record import WarcRecord


@dataclass(frozen=True, slots=True)
class RecordRange:
    """A part of a file."""

    start: int
    end: int | None
    """The first byte that is not of it; None: it goes to the end of the file."""
    is_exact: bool
    """Whether an exchange is known to begin at its start."""

    def __str__(self) -> str:
        return f"bytes {self.start} to {'the end' if self.end is None else self.end}"


def cut(size: int, most: int) -> list[RecordRange]:
    """The parts of a file of so many bytes, each of about `most`; the last may have half as much again."""
    starts = range(0, max(size - most // 2, 1), most)
    ends = [*starts[1:], None]
    return [RecordRange(start, end, start == 0) for start, end in zip(starts, ends, strict=True)]


@dataclass(slots=True)
class Stretch:
    """The records of an exchange and what lies between it and the next one."""

    offset: int
    exchange: Exchange | None = None
    reasons: list[str] = field(default_factory=list)
    """How those records end that are no answers."""
    damage: list[str] = field(default_factory=list)
    """A sentence for each damaged part."""
    skipped_bytes: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.exchange or self.reasons or self.damage)


class RangeReader:
    """The stretches of one part of a file; `end` is where the last one ended, once they are read."""

    def __init__(self, file: RecordFile, part: RecordRange) -> None:
        self._file, self._part = file, part
        self._stretch = Stretch(part.start)
        self.end = part.start

    def __iter__(self) -> Iterator[Stretch]:
        """Stream the stretches in file order; `ArchiveUnreadable` as of `read_records`."""
        start = self._part.start if self._part.is_exact else find_record(self._file, self._part.start)
        self.end = self._file.size
        if start is None:
            return
        self._stretch, grouper, is_first = Stretch(start), ExchangeGrouper(), True
        for record in self._records(start):
            finished = grouper.add(record)
            if finished is not None or (is_first and record.type in PARTS):
                is_first = False
                self._stretch.exchange = finished
                if not self._stretch.is_empty:
                    yield self._stretch
                if self._is_behind(record):
                    self.end = record.offset
                    return
                self._stretch = Stretch(record.offset)
            if record.type not in ANSWERS:
                self._stretch.reasons.append(reason_of_type(record.type))
        self._stretch.exchange = grouper.last()
        if not self._stretch.is_empty:
            yield self._stretch

    def _records(self, start: int) -> Iterator[WarcRecord]:
        records = read_records(self._file, self._note_damage, start, self._skip)
        if self._part.is_exact:
            yield from records
            return
        with suppress(
            ArchiveUnreadable
        ):  # what it began with is no record: the part before tells of the damage
            yield from records

    def _is_behind(self, record: WarcRecord) -> bool:
        return self._part.end is not None and record.offset >= self._part.end

    def _note_damage(self, sentence: str) -> None:
        self._stretch.damage.append(sentence)

    def _skip(self, size: int) -> None:
        self._stretch.skipped_bytes += size


class Placed(Protocol):
    """What came of a stretch."""

    @property
    def offset(self) -> int: ...


Row = TypeVar("Row", bound=Placed, covariant=True)


class PartRead(Protocol[Row]):
    """What came of a part."""

    @property
    def rows(self) -> Sequence[Row]: ...

    @property
    def end(self) -> int: ...

    @property
    def error(self) -> str:
        """Why no more of the file can be read; empty if it can."""
        ...


def joined(
    parts: Sequence[RecordRange],
    size: int,
    read: Callable[[RecordRange], PartRead[Row]],
    leave_out: Callable[[RecordRange], None] = lambda _: None,
) -> Iterator[Row]:
    """The rows of the parts of a file of so many bytes, as if it had been read as one.

    `ArchiveUnreadable` where that would be; `leave_out` is told of parts whose records others have read already.
    """
    expected = 0
    for number, part in enumerate(parts):
        if 0 < expected >= (size if part.end is None else part.end):
            leave_out(part)
            continue
        found = read(part)
        if not part.is_exact and all(row.offset != expected for row in found.rows):
            found = read(replace(part, start=expected, is_exact=True))
        yield from (row for row in found.rows if row.offset >= expected)
        if found.error:
            for rest in parts[number + 1 :]:
                leave_out(rest)
            raise ArchiveUnreadable(found.error)
        expected = found.end
