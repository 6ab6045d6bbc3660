"""Exchanges as WARC/1.1 records: response or revisit, request and metadata; and the warcinfo of a file.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import base64
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Protocol

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.cipher_names import iana_name
from archive.warc.digests import Original, sha1_digest
from archive.warc.exchange_log import ExchangeLog
from archive.warc.http import split_head
from archive.warc.record import WarcRecord
from archive.warc.response import Answer

VERSION = "WARC/1.1"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAX_ERROR_CHARS = 1000
_MAX_UNREAD_BYTES = 64 * 1024

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"


class Stream(Protocol):
    """What a record is written to."""

    def write(self, data: bytes, /) -> object: ...
    def flush(self) -> object: ...


@dataclass(frozen=True, slots=True)
class NewRecord:
    """One record to be written: its named fields and its block."""

    type: str
    id: str
    fields: tuple[tuple[str, str], ...]
    block: bytes
    payload_digest: str = ""
    body: bytes = b""
    """The rest of the block, if `block` is just its head: it may be large, and is held once."""

    def to_bytes(self) -> bytes:
        """The record as an uncompressed WARC has it."""
        stream = BytesIO()
        self.write_to(stream)
        return stream.getvalue()

    def write_to(self, stream: Stream) -> None:
        """Write the record as an uncompressed WARC has it, in pieces: its block may be large."""
        head = [*self._named_fields, ("WARC-Block-Digest", sha1_digest(self.block, self.body))]
        fields = StatusAndHeaders("", head, protocol=VERSION)
        # Without parsed HTTP headers warcio writes the block as it is; with them it would format the head anew.
        # For the type `revisit` it would leave the block out, but keep its length.
        record = ArcWarcRecord(
            "warc",
            "response" if self.type == "revisit" else self.type,
            fields,
            _Joined(self.block, self.body),
            None,
            fields.get_header("Content-Type"),
            len(self.block) + len(self.body),
        )
        WARCWriter(stream, gzip=False).write_record(record)

    def placed(self, offset: int, length: int) -> WarcRecord:
        """The record as it reads at its place in a file, but for `body` and the digest and the length of its block."""
        headers = tuple((name.lower(), value) for name, value in self._named_fields)
        return WarcRecord(self.type, headers, self.block, not self.body, offset, length)

    @property
    def _named_fields(self) -> list[tuple[str, str]]:
        digest = [("WARC-Payload-Digest", self.payload_digest)] if self.payload_digest else []
        return [("WARC-Type", self.type), ("WARC-Record-ID", self.id), *self.fields, *digest]


class _Joined:
    """Pieces as one stream, without a copy of them."""

    def __init__(self, *pieces: bytes) -> None:
        self._streams = [BytesIO(piece) for piece in pieces]

    def read(self, size: int) -> bytes:
        return next((data for stream in self._streams if (data := stream.read(size))), b"")


def warcinfo(file_name: str, info: Mapping[str, str]) -> NewRecord:
    """The first record of a file: who wrote it, with which software, by which rules."""
    fields = (
        ("WARC-Date", warc_date(datetime.now(UTC))),
        ("WARC-Filename", file_name),
        ("Content-Type", "application/warc-fields"),
    )
    return NewRecord("warcinfo", new_id(), fields, warc_fields(info))


def exchange_records(
    log: ExchangeLog,
    answer: Answer | None,
    original: Original | None,
    metadata: Mapping[str, str],
    warcinfo_id: str,
) -> list[NewRecord]:
    """Response (if there was an answer), request and metadata of one exchange, linked by WARC-Concurrent-To.

    An answer that repeats an `original` becomes a revisit record with the answer's own head.
    `metadata` becomes the fields of the metadata record, values folded to one line, empty ones left out.
    """
    common = (
        ("WARC-Target-URI", log.url),
        ("WARC-Date", warc_date(log.began)),
        ("WARC-Warcinfo-ID", warcinfo_id),
        *_connection_fields(log),
    )
    answered = [_answer(answer, original, common)] if answer else []
    request = _request(log, common, concurrent_to=answered)
    notes = {**metadata, **_circumstances(log)}
    notes |= {"framing": answer.flaw} if answer else _unread(log)
    return [*answered, request, _metadata(notes, common, concurrent_to=answered or [request])]


def warc_date(moment: datetime) -> str:
    """The moment as WARC-Date: UTC, with microseconds (WARC 1.1, 5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def one_line(value: str) -> str:
    """The text on one line: runs of control characters become one space."""
    return _CONTROL.sub(" ", value).strip()


_Fields = tuple[tuple[str, str], ...]


def _answer(answer: Answer, original: Original | None, common: _Fields) -> NewRecord:
    fields = (*common, ("Content-Type", "application/http;msgtype=response"))
    if original is not None:
        fields += _refers_to(original, answer.status == HTTPStatus.NOT_MODIFIED)
        return NewRecord("revisit", new_id(), fields, answer.head, original.payload_digest)
    if answer.cut:
        fields += (("WARC-Truncated", answer.cut),)
    return NewRecord("response", new_id(), fields, answer.head, sha1_digest(answer.body), answer.body)


def _refers_to(original: Original, is_not_modified: bool) -> _Fields:
    fields = (
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
    )
    if is_not_modified:
        return ("WARC-Profile", f"{_PROFILES}server-not-modified"), *fields
    # A payload that is left out counts as cut off for its length (WARC 1.1, 6.7.2).
    return (
        ("WARC-Profile", f"{_PROFILES}identical-payload-digest"),
        *fields,
        ("WARC-Truncated", "length"),
    )


def _request(log: ExchangeLog, common: _Fields, concurrent_to: list[NewRecord]) -> NewRecord:
    sent = log.masks(bytes(log.sent)) if log.masks else bytes(log.sent)
    fields = (*common, *_concurrent(concurrent_to), ("Content-Type", "application/http;msgtype=request"))
    return NewRecord("request", new_id(), fields, sent, sha1_digest(split_head(sent)[1]))


def _metadata(notes: Mapping[str, str], common: _Fields, concurrent_to: list[NewRecord]) -> NewRecord:
    fields = (*common, *_concurrent(concurrent_to), ("Content-Type", "application/warc-fields"))
    return NewRecord("metadata", new_id(), fields, warc_fields(notes))


def _circumstances(log: ExchangeLog) -> dict[str, str]:
    return {
        "fetchTimeMs": str(round((log.ended - log.began).total_seconds() * 1000)),
        "certificate": "not verified" if log.is_unverified else "",
        "connectionAttempts": str(log.attempts) if log.attempts > 1 else "",
        "capture": "reconstructed" if log.is_reconstructed else "",
        "dataLoss": "accepted" if log.is_loss_accepted else "",
        "error": log.error[:_MAX_ERROR_CHARS],
    }


def _unread(log: ExchangeLog) -> dict[str, str]:
    """What came instead of an HTTP/1 answer with a whole head: its beginning, for people to look at.

    No record type fits it: readers parse the head of a response, and a resource needs a known content.
    """
    if not log.received:
        return {}
    beginning = base64.b64encode(log.received[:_MAX_UNREAD_BYTES]).decode("ascii")
    return {"receivedBytes": str(len(log.received)), "receivedBase64": beginning}


def _concurrent(records: list[NewRecord]) -> _Fields:
    return tuple(("WARC-Concurrent-To", record.id) for record in records)


def _connection_fields(log: ExchangeLog) -> _Fields:
    fields = [("WARC-IP-Address", str(log.address))] if log.address else []
    fields.append(("WARC-Protocol", log.protocol))
    if log.tls:
        fields.append(("WARC-Protocol", log.tls.version.lower().replace("tlsv", "tls/")))
        fields.append(("WARC-Cipher-Suite", iana_name(log.tls.cipher)))
    return tuple(fields)


def warc_fields(fields: Mapping[str, str]) -> bytes:
    """The block of an application/warc-fields record: values folded to one line, empty ones left out."""
    lines = ((one_line(name), one_line(value)) for name, value in fields.items())
    text = "".join(f"{name}: {value}\r\n" for name, value in lines if name and value)
    return text.encode("utf-8", "replace")


def new_id() -> str:
    """A new record id."""
    return f"<urn:uuid:{uuid.uuid4()}>"
