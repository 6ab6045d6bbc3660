"""Exchanges as WARC/1.1 records: response, request and metadata, and the warcinfo before them all.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.http import body_of, skip_informational, split_head, without_transfer_coding
from archive.wirelog import WireLog

VERSION = "WARC/1.1"
_ANSWER = re.compile(rb"HTTP/1\.[01][ \t]+\d{3}(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAX_ERROR_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its named fields and its block."""

    type: str
    id: str
    fields: tuple[tuple[str, str], ...]
    block: bytes
    payload_digest: str = ""
    http_head: bytes = b""
    """Of a response: status line and header fields as they stand in the block."""

    def to_bytes(self) -> bytes:
        """The record as it stands in an uncompressed WARC."""
        head = [("WARC-Type", self.type), ("WARC-Record-ID", self.id), *self.fields]
        if self.payload_digest:
            head.append(("WARC-Payload-Digest", self.payload_digest))
        head.append(("WARC-Block-Digest", digest(self.block)))
        fields = StatusAndHeaders("", head, protocol=VERSION)
        # Without parsed HTTP headers warcio writes the block as it is; with them it writes its own reading.
        record = ArcWarcRecord(
            "warc",
            self.type,
            fields,
            BytesIO(self.block),
            None,
            fields.get_header("Content-Type"),
            len(self.block),
        )
        stream = BytesIO()
        WARCWriter(stream, gzip=False).write_record(record)
        return stream.getvalue()


def warcinfo(file_name: str, info: Mapping[str, str]) -> Record:
    """The record that opens a file: who wrote it, with what, under which rules."""
    fields = (
        ("WARC-Date", warc_date(datetime.now(UTC))),
        ("WARC-Filename", file_name),
        ("Content-Type", "application/warc-fields"),
    )
    return Record("warcinfo", _new_id(), fields, _warc_fields(info))


def exchange_records(log: WireLog, metadata: Mapping[str, str], warcinfo_id: str) -> list[Record]:
    """Response (if there was an answer), request and metadata of one exchange, tied by WARC-Concurrent-To.

    `metadata` becomes the fields of the metadata record, values folded to one line, empty ones left out.
    """
    common = (
        ("WARC-Target-URI", log.url),
        ("WARC-Date", warc_date(log.began)),
        ("WARC-Warcinfo-ID", warcinfo_id),
        *_connection_fields(log),
    )
    response = [_response(log, common)] if has_answer(log) else []
    request = _request(log, common, concurrent_to=response)
    return [*response, request, _metadata(log, metadata, common, response or [request])]


def has_answer(log: WireLog) -> bool:
    """Whether a whole head of an HTTP/1 answer came; what else came is no record that readers accept."""
    head, _ = split_head(skip_informational(bytes(log.received)))
    return _ANSWER.match(head) is not None


def digest(octets: bytes) -> str:
    """`sha1:` and base32, the form that other archives' tools compare by."""
    return "sha1:" + base64.b32encode(hashlib.sha1(octets, usedforsecurity=False).digest()).decode("ascii")


def warc_date(moment: datetime) -> str:
    """W3C date in UTC with microseconds (WARC 1.1, 5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def one_line(value: str) -> str:
    """Text that cannot leave its line: runs of control characters become one space."""
    return _CONTROL.sub(" ", value).strip()


_Fields = tuple[tuple[str, str], ...]


def _response(log: WireLog, common: _Fields) -> Record:
    head, rest = split_head(skip_informational(bytes(log.received)))
    body = body_of(log.method, head, rest)
    fields = [*common, ("Content-Type", "application/http;msgtype=response")]
    if not body.is_whole or (body.ends_with_connection and log.cut):
        fields.append(("WARC-Truncated", log.cut or "disconnect"))
    if body.is_chunked:
        head = without_transfer_coding(head, body.payload)
    return Record("response", _new_id(), tuple(fields), head + body.payload, digest(body.payload), head)


def _request(log: WireLog, common: _Fields, concurrent_to: list[Record]) -> Record:
    sent = bytes(log.sent)
    fields = (*common, *_concurrent(concurrent_to), ("Content-Type", "application/http;msgtype=request"))
    return Record("request", _new_id(), fields, sent, digest(split_head(sent)[1]))


def _metadata(
    log: WireLog, metadata: Mapping[str, str], common: _Fields, concurrent_to: list[Record]
) -> Record:
    notes = dict(metadata)
    notes["fetchTimeMs"] = str(round((log.ended - log.began).total_seconds() * 1000))
    notes["connectionAttempts"] = str(log.attempts) if log.attempts > 1 else ""
    notes["error"] = log.error[:_MAX_ERROR_CHARS]
    fields = (*common, *_concurrent(concurrent_to), ("Content-Type", "application/warc-fields"))
    return Record("metadata", _new_id(), fields, _warc_fields(notes))


def _concurrent(records: list[Record]) -> _Fields:
    return tuple(("WARC-Concurrent-To", record.id) for record in records)


def _connection_fields(log: WireLog) -> _Fields:
    fields = [("WARC-IP-Address", str(log.address))] if log.address else []
    fields.append(("WARC-Protocol", "http/1.1"))
    if log.tls:
        fields.append(("WARC-Protocol", log.tls.version.lower().replace("tlsv", "tls/")))
        fields.append(("WARC-Cipher-Suite", log.tls.cipher))
    return tuple(fields)


def _warc_fields(fields: Mapping[str, str]) -> bytes:
    lines = ((one_line(name), one_line(value)) for name, value in fields.items())
    text = "".join(f"{name}: {value}\r\n" for name, value in lines if name and value)
    return text.encode("utf-8", "replace")


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
