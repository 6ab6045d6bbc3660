"""One record by its place, for people who want to check it."""

from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.replay.revisits import Originals, find_original, original_url
from archive.warc.digests import parse_digest, sha1_digest
from archive.warc.files import locate
from archive.warc.payloads import payload_of, split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as it lies in its file."""

    headers: tuple[tuple[str, str], ...]
    """WARC header fields in order; names in lower case."""
    head: bytes
    """HTTP head as stored; empty if the record has none."""
    body: bytes
    """Payload, transfer coding removed."""
    payload_digest: str
    """`sha1:` and base32, computed now: from the payload, or from the stored body if the record's digest is of that."""
    agrees: bool | None
    """Whether the record's own digest is that of the payload; None if it has none that can be checked here, or its
    payload is not here."""


def read_record(path: Path, offset: int) -> StoredRecord:
    """The record at an offset of a file, as `RecordLocation` gives both.

    `ArchiveUnreadable` if there is none.
    """
    record = _record_at(path, offset)
    return _stored(record, record)


def read_payload(path: Path, offset: int, originals: Originals | None = None) -> StoredRecord:
    """The record, as from `read_record`; a revisit record with the payload that it repeats, to be found in `originals`.

    `ArchiveUnreadable` if there is no record, or not the one that it refers to.
    """
    record = _record_at(path, offset)
    if record.type != "revisit":
        return _stored(record, record)
    original = find_original(record, path, originals)
    if original is None:
        raise ArchiveUnreadable(
            f"The record at byte {offset} of {path} repeats one of {original_url(record)}, "
            "which is not found: put the file back to which it refers, or its index."
        )
    return _stored(record, original)


def _record_at(path: Path, offset: int) -> WarcRecord:
    record = next(read_records(locate(path), lambda _: None, offset), None)
    if record is None or record.offset != offset:
        raise ArchiveUnreadable(
            f"{path} has no record at byte {offset}: the file is not the one that was read."
        )
    return record


def _stored(record: WarcRecord, original: WarcRecord) -> StoredRecord:
    """A record with the payload of the record that holds it."""
    payload = payload_of(original)
    digest = sha1_digest(payload)
    recorded = record.get("warc-payload-digest")
    named = parse_digest(recorded)
    agrees = None
    if named is not None and original.type != "revisit" and original.whole:
        # Some tools digest a chunked body with its chunk lines.
        agrees = named.is_of(payload) or named.is_of(split_message(original)[1])
    head = split_message(record)[0]
    return StoredRecord(record.headers, head, payload, recorded if agrees else digest, agrees)
