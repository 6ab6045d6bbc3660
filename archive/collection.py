"""A folder of WARC files and their index, laid out so that pywb serves it: archive/ and indexes/."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import cdxj
from archive.records import Record, exchange_records, warc_date, warcinfo
from archive.warcfile import OPEN_SUFFIX, LeftOver, WarcFile
from archive.wirelog import WireLog


@dataclass(frozen=True, slots=True)
class Location:
    """Where the record of an exchange lies: that of the response, or of the request if nobody answered."""

    warc: str
    """Name of the file when it is whole, without `.open`."""
    offset: int
    length: int
    """Octets of the record's gzip member."""
    record_id: str
    payload_digest: str
    captured: datetime
    """Aware UTC time at which the request began."""


class Collection:
    """Appends exchanges to one WARC after another; for one thread."""

    def __init__(self, folder: Path, prefix: str, info: Mapping[str, str], max_file_bytes: int) -> None:
        self.archive = folder / "archive"
        self.indexes = folder / "indexes"
        self._prefix = prefix
        self._info = info
        self._max_file_bytes = max_file_bytes
        self._run = secrets.token_hex(4)
        self._files = 0
        self._file: WarcFile | None = None
        self._warcinfo_id = ""
        self._lines: list[bytes] = []

    def recover(self) -> list[str]:
        """Close what killed writers left open: names of the files, each cut after its last whole record."""
        recovered = []
        for path in sorted(self.archive.glob(f"*.warc.gz{OPEN_SUFFIX}")):
            left_over = LeftOver.take(path)
            if left_over is None:
                continue
            if left_over.cut():
                cdxj.add_lines(self.indexes, cdxj.read_lines(path, left_over.name))
            left_over.close()
            recovered.append(left_over.name)
        return recovered

    def write(self, log: WireLog, metadata: Mapping[str, str]) -> Location:
        """Append the records of one exchange."""
        file = self._file or self._open()
        records = exchange_records(log, metadata, self._warcinfo_id)
        places = [file.append(record.to_bytes()) for record in records]
        location = Location(file.name, *places[0], records[0].id, records[0].payload_digest, log.began)
        if records[0].type == "response" and cdxj.is_indexed(log.method):
            self._lines.append(_line(log, records[0], location))
        return location

    @property
    def is_file_full(self) -> bool:
        """Whether the current file has reached its size."""
        return self._file is not None and self._file.size >= self._max_file_bytes

    def sync(self) -> None:
        """Return when everything written is on disk."""
        if self._file:
            self._file.sync()

    def finish_file(self) -> None:
        """Sync, index and close the current file; the next exchange opens a new one."""
        if self._file is None:
            return
        self._file.sync()
        # Lines before name: what a kill leaves open is indexed again, a file without lines never would be.
        cdxj.add_lines(self.indexes, self._lines)
        self._file.close()
        self._file, self._lines = None, []

    def abandon(self) -> None:
        """Let go of the current file as it is, for the next start to recover."""
        if self._file:
            self._file.abandon()
            self._file = None

    def _open(self) -> WarcFile:
        moment = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        name = f"{self._prefix}-{moment}-{self._files:05}-{self._run}.warc.gz"
        self._files += 1
        self._file = WarcFile(self.archive, name)
        info = warcinfo(name, self._info)
        self._file.append(info.to_bytes())
        self._warcinfo_id = info.id
        return self._file


def _line(log: WireLog, response: Record, location: Location) -> bytes:
    return cdxj.cdxj_line(
        log.url,
        warc_date(log.began),
        cdxj.parse_head(response.http_head),
        location.payload_digest,
        filename=location.warc,
        offset=location.offset,
        length=location.length,
    )
