"""The captures in archives, ours and those of other tools."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

from archive.objects.whereabouts import full_path
from archive.replay.accounts import (
    EMPTY_ANSWER,
    NO_DATE,
    NO_STATUS_LINE,
    ODD_STATUS,
    REPEATS_ELSEWHERE,
    UNREADABLE_DATE,
    RecordAccount,
    ordered,
    reason_of_scheme,
    reason_of_type,
)
from archive.replay.revisits import Originals, is_not_modified
from archive.warc.digests import sha1_digest
from archive.warc.exchanges import ANSWERS, Exchange, group_exchanges
from archive.warc.files import RecordFile, Report, record_files
from archive.warc.http import header_fields, status_of
from archive.warc.location import RecordLocation
from archive.warc.payloads import payload_of, split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.warc_dates import latest_moment
from archive.warc.wholeness import is_whole_document

_ODD_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(-?\d{1,9})(?!\d)")
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

    def read(self, path: Path, account: RecordAccount | None = None) -> Iterator[ArchivedCapture]:
        """Stream the captures of one archive of the set; `ArchiveUnreadable` if it is none.

        Each record that is no capture is counted with its reason; who takes a capture counts what becomes of it.
        """
        account = account or RecordAccount()
        for file in record_files(path):
            with self.telling_losses(file, account):
                for exchange in group_exchanges(self._records(file, account)):
                    found = self.look(file, exchange, self._serial) if exchange.answer else None
                    self._serial += 1
                    if isinstance(found, ArchivedCapture):
                        yield found
                    elif found is not None:
                        account.note(found)

    @contextmanager
    def telling_losses(self, file: RecordFile, account: RecordAccount) -> Iterator[None]:
        """Tell, once a file is read, which of its answers could not be."""
        before = account.lost
        yield
        lost = {reason: account.reasons[reason] - before.get(reason, 0) for reason in account.lost}
        if any(lost.values()):
            self._report(_skipped(file, lost))

    def _records(self, file: RecordFile, account: RecordAccount) -> Iterator[WarcRecord]:
        for record in read_records(file, self._report, skipped=account.skip):
            account.records += 1
            if record.type not in ANSWERS:
                account.note(reason_of_type(record.type))
            yield record

    def capture(self, file: RecordFile, exchange: Exchange, serial: int) -> ArchivedCapture | None:
        """The capture of an exchange; None if it has no HTTP answer, no date or no payload."""
        found = self.look(file, exchange, serial) if exchange.answer else None
        return found if isinstance(found, ArchivedCapture) else None

    def look(self, file: RecordFile, exchange: Exchange, serial: int) -> ArchivedCapture | str:
        """The capture of an exchange with an answer, or why there is none."""
        record = exchange.answer
        assert record is not None
        if reason := _no_web_answer(record):
            return reason
        if latest_moment(record.get("warc-date")) is None:
            return UNREADABLE_DATE if record.get("warc-date") else NO_DATE
        is_unchanged = record.type == "revisit" and is_not_modified(record)
        original = record if is_unchanged or record.type != "revisit" else self._originals.find(record)
        if original is None:
            return REPEATS_ELSEWHERE
        location = self.location(file, record, original)
        assert location is not None, "it has a date"
        head = split_message(record if status_of(record.block) else original)[0]
        if is_unchanged:
            head = _as_not_modified(head)
        payload = payload_of(original)
        return ArchivedCapture(
            serial=serial,
            url=exchange.url,
            method=exchange.method,
            status=status_of(head),
            headers=_last_values(head),
            head=head,
            body=payload,
            metadata=exchange.notes,
            location=location,
            ip_address=record.get("warc-ip-address"),
            truncated=_truncated(record, head, payload),
            record_type=record.type,
            is_conditional=_is_conditional(exchange.request) if exchange.request else None,
        )

    def location(
        self, file: RecordFile, record: WarcRecord, original: WarcRecord | None = None
    ) -> RecordLocation | None:
        """Where a record lies, whose payload may be in another one; None if it has no date."""
        captured = latest_moment(record.get("warc-date"))
        if captured is None:
            return None
        path = full_path(file.path)
        return RecordLocation(
            warc=str(RecordFile(Path(path.name) if path.parent == self._home else path, file.member)),
            offset=record.offset,
            length=record.length,
            record_id=record.id,
            payload_digest=record.get("warc-payload-digest") or sha1_digest(payload_of(original or record)),
            captured=captured,
        )


def _no_web_answer(record: WarcRecord) -> str:
    """Why a record holds no answer of the web; empty if it does."""
    url = record.get("warc-target-uri")
    if not url.lower().startswith(("http://", "https://")):
        return reason_of_scheme(url)
    if record.type == "revisit":
        return ""
    if not record.block.strip():
        return EMPTY_ANSWER
    if status_of(split_message(record)[0]):
        return ""
    odd = _ODD_STATUS.match(record.block)
    return f"{ODD_STATUS}{odd[1].decode()}" if odd else NO_STATUS_LINE


def _skipped(file: RecordFile, lost: Mapping[str, int]) -> str:
    reasons = ", ".join(f"{reason}: {count}" for reason, count in ordered(lost) if count)
    advice = (
        ": read the archives to which they refer together with this one"
        if lost.get(REPEATS_ELSEWHERE)
        else ""
    )
    return f"{file}: skipped {sum(lost.values())} answers ({reasons}){advice}."


def _as_not_modified(head: bytes) -> bytes:
    """A head with the status of an answer that had nothing new: writers put other ones into such records."""
    if status_of(head) == HTTPStatus.NOT_MODIFIED:
        return head
    return b"HTTP/1.1 304 Not Modified\r\n" + (head.partition(b"\n")[2] or b"\r\n")


def _is_conditional(request: WarcRecord) -> bool:
    return any(field.name.lower() in _CONDITIONS for field in header_fields(split_message(request)[0]))


def _truncated(record: WarcRecord, head: bytes, payload: bytes) -> str | None:
    """Why a payload is not whole; None if it is, whatever the record says: as in a crawl, its content decides."""
    if not record.whole:
        return "length"
    # A revisit record says truncated because it leaves its payload out (WARC 1.1, 6.7.2).
    named = None if record.type == "revisit" else record.get("warc-truncated").lower() or None
    return None if named and is_whole_document(head, payload) else named


def _last_values(head: bytes) -> dict[str, str]:
    return {
        field.name.decode("latin-1").lower(): field.value.decode("latin-1") for field in header_fields(head)
    }
