"""What replaces a record that was taken down: signed, and a proof of what was there.

A tombstone is a `metadata` record with named fields: indexers make no line of it, replay finds no answer in
it, and `warcio check` confirms its digest. It has an id of its own, for one id must not name two contents;
`WARC-Refers-To` names the record that is gone. The last field is the signature of all lines before it.
"""

import re
from dataclasses import dataclass

from archive.evidence.signing import SigningKey, is_signed, key_id
from archive.warc.closed_file import Redaction
from archive.warc.digests import sha1_digest
from archive.warc.new_records import NewRecord, new_id, warc_fields
from archive.warc.record import WarcRecord

_SIGNATURE = re.compile(rb"(?s)(.*\r\n)signature: ([A-Za-z0-9+/=]+)\r\n")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What a tombstone says."""

    redaction: Redaction
    key_id: str
    is_signed: bool
    """The signature is that of the text."""


def make_tombstone(removed: WarcRecord, redaction: Redaction, key: SigningKey) -> NewRecord:
    """The record that replaces one; with its digests anyone who has a copy can prove what it is."""
    said = {
        "redacted": redaction.date,
        "redacted-record": removed.id,
        "redacted-type": removed.type,
        "redacted-url": removed.get("warc-target-uri"),
        "redacted-date": removed.get("warc-date"),
        "redacted-block-digest": removed.get("warc-block-digest") or sha1_digest(removed.block),
        "redacted-payload-digest": removed.get("warc-payload-digest"),
        "redacted-for": redaction.url,
        "reason": redaction.reason,
        "publicKey": key.public_key,
    }
    text = warc_fields(said)
    signature = warc_fields({"signature": key.sign(text.decode())})
    fields = (
        ("WARC-Target-URI", removed.get("warc-target-uri")),
        ("WARC-Date", redaction.date),
        *((("WARC-Refers-To", removed.id),) if removed.id else ()),
        ("Content-Type", "application/warc-fields"),
    )
    return NewRecord("metadata", new_id(), fields, text + signature)


def read_tombstone(record: WarcRecord) -> Tombstone | None:
    """What a tombstone says, None if the record is none; checking the signature takes some milliseconds."""
    if record.type != "metadata" or not record.block.startswith(b"redacted: "):
        return None
    signed = _SIGNATURE.fullmatch(record.block)
    text, signature = (signed[1], signed[2].decode()) if signed else (record.block, "")
    lines = (line.partition(": ") for line in text.decode("utf-8", "replace").split("\r\n"))
    said = {name: value for name, _, value in lines}
    public_key = said.get("publicKey", "")
    redaction = Redaction(
        said.get("redacted-for", ""),
        said.get("redacted", ""),
        said.get("reason", ""),
        (said.get("redacted-record", ""),),
    )
    is_true = is_signed(text.decode("utf-8", "replace"), signature, public_key)
    return Tombstone(redaction, key_id(public_key), is_true)
