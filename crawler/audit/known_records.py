"""Whether a stored record is the one that the catalogue knows."""

from archive.collection.importing import is_import
from archive.replay.stored_records import StoredRecord
from archive.warc.digests import same_digest, sha1_digest
from crawler.catalogue.article_row import StoredRecord as KnownRecord


def is_known_record(record: StoredRecord, known: KnownRecord) -> bool:
    """Whether it has the id that the catalogue knows; records of an ARC have none."""
    return dict(record.headers).get("warc-record-id", "") == known.record_id


def has_known_digest(record: StoredRecord, known: KnownRecord) -> bool:
    """Whether it has the payload digest that the catalogue knows.

    A record of others may name another digest than its payload has: it did so when it was read.
    """
    named = dict(record.headers).get("warc-payload-digest", "")
    if not named:
        return known.payload_digest in (record.payload_digest, *_of_none(record))
    is_foreign = "/" in known.warc or is_import(known.warc)
    return same_digest(named, known.payload_digest) is True and (is_foreign or record.agrees is not False)


def _of_none(record: StoredRecord) -> tuple[str, ...]:
    """What was once noted of a revisit record that names no digest."""
    is_revisit = dict(record.headers).get("warc-type", "") == "revisit"
    return (sha1_digest(b""),) if is_revisit else ()
