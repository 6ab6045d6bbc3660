"""The captures in archives, ours and those of other tools."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

from archive.replay.revisits import Originals
from archive.warc.digests import sha1_digest
from archive.warc.exchanges import Exchange, group_exchanges
from archive.warc.files import RecordFile, Report, record_files
from archive.warc.http import header_fields, status_of
from archive.warc.location import RecordLocation
from archive.warc.payloads import payload_of, split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.warc_dates import parse_date

_CONDITIONS = (b"if-none-match", b"if-modified-since")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedCapture:
    """One answer from an archive, with what its exchange records about it."""

    serial: int
    """Place in record order over all files of the reader: larger for later exchanges."""
    url: str
    method: str
    status: int
    headers: dict[str, str]
    """HTTP header fields: names in lower case, the last value of repeated ones."""
    head: bytes = field(repr=False)
    """Status line and header fields as stored."""
    body: bytes = field(repr=False)
    """Payload as stored: still content-encoded, transfer coding removed.

    Empty, with `truncated` set to `length`, if the record is over `MAX_BLOCK_BYTES`.
    """
    metadata: dict[str, str]
    """Fields of the exchange's metadata record."""
    location: RecordLocation
    ip_address: str
    """IP address of the server; empty if the archive does not have it."""
    truncated: str | None
    """Why the body is not whole: `length`, `time`, `disconnect` or `unspecified` (WARC 1.1, 5.13)."""
    record_type: str
    """response | revisit | resource"""
    is_conditional: bool | None
    """Whether the request wanted an answer only if something changed (RFC 9110, 13.1); None: it is not archived."""

    @property
    def captured(self) -> datetime:
        """Aware UTC time at which the request began."""
        return self.location.captured

    def durable(self) -> RecordLocation:
        """Where the record is; it is on disk already."""
        return self.location


class CaptureReader:
    """Reads a set of archives, in which the payloads of revisit records are found."""

    def __init__(self, paths: Sequence[Path], report: Report, home: Path | None = None) -> None:
        """Take the set; the location of a capture in the folder `home` names its file without the folder."""
        self._report = report
        self._home = home.absolute() if home else None
        self._originals = Originals(paths)
        self._serial = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the index of originals."""
        self._originals.close()

    def read(self, path: Path) -> Iterator[ArchivedCapture]:
        """Stream the captures of one archive of the set; `ArchiveUnreadable` if it is none.

        Records that are not HTTP exchanges (dns:, logs, screenshots) are skipped.
        """
        for file in record_files(path):
            skipped = 0
            for exchange in group_exchanges(read_records(file, self._report)):
                capture = self.capture(file, exchange, self._serial)
                self._serial += 1
                if capture is not None:
                    yield capture
                elif exchange.answer is not None and _is_http(exchange.answer):
                    skipped += 1
            if skipped:
                self._report(
                    f"{file}: skipped {skipped} answers that have no date or repeat one of another archive; "
                    "read the archives to which they refer together with this one."
                )

    def capture(self, file: RecordFile, exchange: Exchange, serial: int) -> ArchivedCapture | None:
        """The capture of an exchange; None if it has no HTTP answer, no date or no payload."""
        record = exchange.answer
        if record is None or not _is_http(record):
            return None
        location = self.location(file, record)
        original = self._originals.find(record) if _repeats_payload(record) else record
        if location is None or original is None:
            return None
        head = split_message(record if status_of(record.block) else original)[0]
        return ArchivedCapture(
            serial=serial,
            url=exchange.url,
            method=exchange.method,
            status=status_of(head),
            headers=_last_values(head),
            head=head,
            body=payload_of(original),
            metadata=exchange.notes,
            location=location,
            ip_address=record.get("warc-ip-address"),
            truncated=_truncated(record),
            record_type=record.type,
            is_conditional=_is_conditional(exchange.request) if exchange.request else None,
        )

    def location(self, file: RecordFile, record: WarcRecord) -> RecordLocation | None:
        """Where a record lies; None if it has no date."""
        captured = parse_date(record.get("warc-date"))
        if captured is None:
            return None
        path = file.path.absolute()
        return RecordLocation(
            warc=str(RecordFile(Path(path.name) if path.parent == self._home else path, file.member)),
            offset=record.offset,
            length=record.length,
            record_id=record.id,
            payload_digest=record.get("warc-payload-digest") or sha1_digest(payload_of(record)),
            captured=captured,
        )


def _is_http(record: WarcRecord) -> bool:
    if not record.get("warc-target-uri").lower().startswith(("http://", "https://")):
        return False
    return record.type in ("revisit", "resource") or status_of(record.block) > 0


def _repeats_payload(record: WarcRecord) -> bool:
    """Whether the payload lies in another record; a 304 has no payload."""
    return record.type == "revisit" and status_of(record.block) != HTTPStatus.NOT_MODIFIED


def _is_conditional(request: WarcRecord) -> bool:
    return any(field.name.lower() in _CONDITIONS for field in header_fields(split_message(request)[0]))


def _truncated(record: WarcRecord) -> str | None:
    if not record.whole:
        return "length"
    # A revisit record says truncated because it leaves its payload out (WARC 1.1, 6.7.2).
    return None if record.type == "revisit" else record.get("warc-truncated") or None


def _last_values(head: bytes) -> dict[str, str]:
    return {
        field.name.decode("latin-1").lower(): field.value.decode("latin-1") for field in header_fields(head)
    }
