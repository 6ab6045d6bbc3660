"""A record is the one that the catalogue knows by its id and digest, as far as its kind has them."""

import pytest

from archive.replay.stored_records import StoredRecord
from archive.warc.digests import sha1_digest
from crawler.audit.known_records import has_known_digest, is_known_record
from crawler.catalogue.article_row import StoredRecord as KnownRecord

OURS, IMPORT = (
    "news-20210128090000000-00000-0123abcd.warc.gz",
    "news-20210128090000000-00001-import-pages-0123456789abcdef.warc.gz",
)
FOREIGN = "/elsewhere/pages.warc.gz"
PAYLOAD, OTHER = sha1_digest(b"the page"), sha1_digest(b"another page")


def known(warc: str = OURS, digest: str = PAYLOAD, record_id: str = "<urn:uuid:1>") -> KnownRecord:
    return KnownRecord(warc, 0, 1, record_id, digest, "2021-01-28T09:00:00.000000Z")


def stored(agrees: bool | None = True, digest: str = PAYLOAD, **headers: str) -> StoredRecord:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return StoredRecord(fields, b"", b"the page", digest, agrees)


@pytest.mark.parametrize(
    ("record", "record_id", "is_it"),
    [
        (stored(warc_record_id="<urn:uuid:1>"), "<urn:uuid:1>", True),
        (stored(warc_record_id="<urn:uuid:2>"), "<urn:uuid:1>", False),
        (stored(), "", True),  # of an ARC
        (stored(), "<urn:uuid:1>", False),
    ],
)
def test_a_record_is_known_by_its_id(record: StoredRecord, record_id: str, is_it: bool) -> None:
    assert is_known_record(record, known(record_id=record_id)) is is_it


@pytest.mark.parametrize("warc", [OURS, IMPORT, FOREIGN])
@pytest.mark.parametrize(
    ("record", "digest", "is_it"),
    [
        (stored(warc_payload_digest=PAYLOAD), PAYLOAD, True),
        (stored(None, warc_payload_digest=PAYLOAD), PAYLOAD, True),  # of a payload that lies elsewhere
        (stored(warc_payload_digest=PAYLOAD), OTHER, False),
        (stored(warc_payload_digest="sha9:AB"), PAYLOAD, False),
        # Where it names none, what was computed counts.
        (stored(), PAYLOAD, True),
        (stored(), OTHER, False),
        (stored(warc_type="revisit"), sha1_digest(b""), True),
        (stored(warc_type="response"), sha1_digest(b""), False),
    ],
)
def test_a_record_is_known_by_the_digest_that_it_names_or_has(
    warc: str, record: StoredRecord, digest: str, is_it: bool
) -> None:
    assert has_known_digest(record, known(warc, digest)) is is_it


@pytest.mark.parametrize(("warc", "is_it"), [(OURS, False), (IMPORT, True), (FOREIGN, True)])
def test_records_of_others_may_have_named_a_wrong_digest_from_the_beginning(warc: str, is_it: bool) -> None:
    assert has_known_digest(stored(False, OTHER, warc_payload_digest=PAYLOAD), known(warc)) is is_it
