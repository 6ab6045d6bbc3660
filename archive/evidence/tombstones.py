"""What stands in place of a record that was taken down: signed, and able to prove what was there.

A tombstone is a `metadata` record with named fields: indexers make no line of it, replay has no answer in
it, and `warcio check` finds its digest. Its id is its own, for one id must not stand for two contents;
`WARC-Refers-To` names the record that is gone. The last field is the signature of all lines before it.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from w3lib.url import canonicalize_url

from archive.evidence.signing import SigningKey, is_signed, key_id
from archive.warc import records
from archive.warc.closed_file import Redaction
from archive.warc.payloads import sha1_digest
from archive.warc.reader import Record

_SIGNATURE = re.compile(rb"(?s)(.*\r\n)signature: ([A-Za-z0-9+/=]+)\r\n")
_DERIVED = re.compile(r"urn:[a-z]+:(?=https?://)")  # of a page's text or picture, as Browsertrix names them


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What one says."""

    redaction: Redaction
    key_id: str
    is_signed: bool
    """Whether the signature is that of the text."""


def page_of(url: str) -> str:
    """The identity of the page that a URL names: equal for spellings that mean the same."""
    url = _DERIVED.sub("", url, count=1)
    with suppress(ValueError):  # of `http://host:99999`: known as it is written
        url = canonicalize_url(url)
    return url


def make_tombstone(removed: Record, redaction: Redaction, key: SigningKey) -> records.Record:
    """What takes the place of a record; its digests let whoever has a copy prove what it is."""
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
    text = records.warc_fields(said)
    signature = records.warc_fields({"signature": key.sign(text.decode())})
    fields = (
        ("WARC-Target-URI", removed.get("warc-target-uri")),
        ("WARC-Date", redaction.date),
        *((("WARC-Refers-To", removed.id),) if removed.id else ()),
        ("Content-Type", "application/warc-fields"),
    )
    return records.Record("metadata", records.new_id(), fields, text + signature)


def read_tombstone(record: Record) -> Tombstone | None:
    """What a tombstone says, None if the record is none; some milliseconds for the signature."""
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
