"""What replaces a record that was taken down: signed, and a proof of what was there.

A tombstone is a `metadata` record with named fields: indexers make no line of it, replay finds no answer in
it, and `warcio check` confirms its digest. It has an id of its own, for one id must not name two contents;
`WARC-Refers-To` names the record that is gone. The last field is the signature of all lines before it.
"""

from dataclasses import dataclass

from archive.evidence.signed_fields import read_fields, write_fields
from archive.evidence.signing import SigningKey
from archive.warc.closed_file import Redaction
from archive.warc.digests import sha1_digest
from archive.warc.new_records import NewRecord, new_id
from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_credentials


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What a tombstone says."""

    redaction: Redaction
    key_id: str
    is_signed: bool
    """The signature is that of the text."""
    removed_type: str
    removed_url: str
    """Type and URL of the record that it replaces."""
    removed_date: str
    """Its WARC-Date."""


def make_tombstone(removed: WarcRecord, redaction: Redaction, key: SigningKey) -> NewRecord:
    """The record that replaces one; with its digests anyone who has a copy can prove what it is."""
    url = without_credentials(removed.get("warc-target-uri"))
    said = {
        "redacted": redaction.date,
        "redacted-record": removed.id,
        "redacted-type": removed.type,
        "redacted-url": url,
        "redacted-date": removed.get("warc-date"),
        "redacted-block-digest": removed.get("warc-block-digest") or sha1_digest(removed.block),
        "redacted-payload-digest": removed.get("warc-payload-digest"),
        "redacted-for": redaction.url,
        "reason": redaction.reason,
    }
    fields = (
        ("WARC-Target-URI", url),
        ("WARC-Date", redaction.date),
        *((("WARC-Refers-To", removed.id),) if removed.id else ()),
        ("Content-Type", "application/warc-fields"),
    )
    return NewRecord("metadata", new_id(), fields, write_fields(said, key))


def read_tombstone(record: WarcRecord) -> Tombstone | None:
    """What a tombstone says, None if the record is none; checking the signature takes some milliseconds."""
    if record.type != "metadata" or not record.block.startswith(b"redacted: "):
        return None
    fields = read_fields(record.block)
    said = fields.said
    redaction = Redaction(
        said.get("redacted-for", ""),
        said.get("redacted", ""),
        said.get("reason", ""),
        (said.get("redacted-record", ""),),
    )
    return Tombstone(
        redaction,
        fields.key_id,
        fields.is_signed,
        said.get("redacted-type", ""),
        said.get("redacted-url", ""),
        said.get("redacted-date", ""),
    )
