"""What people say of an archive as a whole, kept in it: signed `metadata` records that belong to no page.

A statement has named fields like a tombstone (application/warc-fields), of which the first is its kind; what the
kinds mean is up to the program that makes them. It has no WARC-Target-URI: a page that it is about is a field, so
that a takedown of the page leaves it, and indexers make no line of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.evidence.signed_fields import SignedFields, read_fields, write_fields
from archive.evidence.signing import SigningKey
from archive.warc.new_records import NewRecord, new_id, warc_date
from archive.warc.record import WarcRecord

_KIND = "statement"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as an archive holds it; whether it may be believed must still be checked."""

    kind: str
    record_id: str
    date: str
    """When it was made: UTC, as a WARC-Date."""
    fields: SignedFields

    @property
    def said(self) -> Mapping[str, str]:
        """What it says, by name."""
        return self.fields.said


def make_statement(kind: str, said: Mapping[str, str], key: SigningKey | None) -> NewRecord:
    """The record of a statement; values are folded to one line, empty ones left out. Without a key it is not signed."""
    head = (("WARC-Date", warc_date(datetime.now(UTC))), ("Content-Type", "application/warc-fields"))
    return NewRecord("metadata", new_id(), head, write_fields({_KIND: kind, **said}, key))


def read_statement(record: WarcRecord) -> Statement | None:
    """What a statement says, None if the record is none."""
    is_one = record.type == "metadata" and record.block.startswith(f"{_KIND}: ".encode())
    if not is_one or record.get("warc-target-uri"):
        return None
    fields = read_fields(record.block)
    return Statement(fields.said[_KIND], record.id, record.get("warc-date"), fields)
