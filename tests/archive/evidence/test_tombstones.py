"""What a tombstone says of the record whose place it takes."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from archive.evidence.signing import SigningKey, read_or_make_key
from archive.evidence.tombstones import Tombstone, make_tombstone, read_tombstone
from archive.warc.closed_file import Redaction
from archive.warc.digests import sha1_digest
from archive.warc.new_records import NewRecord
from archive.warc.record import WarcRecord

REDACTION = Redaction("https://vella.example/", "2026-05-03T10:00:00.000000Z", "as asked")
HEADERS = {
    "warc-record-id": "<urn:uuid:1>",
    "warc-target-uri": "https://vella.example/a",
    "warc-date": "2021-01-28T09:00:00Z",
    "warc-block-digest": "sha1:BLOCK",
    "warc-payload-digest": "sha1:PAYLOAD",
}
SAID = {
    "redacted": REDACTION.date,
    "redacted-record": "<urn:uuid:1>",
    "redacted-type": "response",
    "redacted-url": "https://vella.example/a",
    "redacted-date": "2021-01-28T09:00:00Z",
    "redacted-block-digest": "sha1:BLOCK",
    "redacted-payload-digest": "sha1:PAYLOAD",
    "redacted-for": REDACTION.url,
    "reason": "as asked",
}


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return read_or_make_key(tmp_path / "key.pem")


def removed(**headers: str) -> WarcRecord:
    given = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    present = tuple((name, value) for name, value in given.items() if value)
    return WarcRecord("response", present, b"HTTP/1.1 200 OK\r\n\r\nOrla", True, 0, 9)


def fields(record: NewRecord) -> dict[str, str]:
    lines = (line.partition(": ") for line in record.block.decode().splitlines())
    return {name: value for name, _, value in lines}


def stored(record: NewRecord, type_: str = "metadata") -> WarcRecord:
    return WarcRecord(type_, (("warc-record-id", record.id), *record.fields), record.block, True, 0, 9)


@pytest.mark.parametrize(
    ("headers", "differs"),
    [
        ({}, {}),
        ({"warc_block_digest": ""}, {"redacted-block-digest": sha1_digest(removed().block)}),
        ({"warc_payload_digest": ""}, {"redacted-payload-digest": None}),
        ({"warc_record_id": ""}, {"redacted-record": None}),
        ({"warc_target_uri": "https://ada:pw@vella.example/a"}, {}),
    ],
    ids=["all", "no block digest", "no payload", "no id", "a password"],
)
def test_it_names_the_record_and_proves_its_content(
    key: SigningKey, headers: dict[str, str], differs: dict[str, str | None]
) -> None:
    given = removed(**headers)
    made = make_tombstone(given, REDACTION, key)

    said = {name: value for name, value in {**SAID, **differs}.items() if value is not None}
    assert fields(made) == said | {"publicKey": key.public_key, "signature": fields(made)["signature"]}
    assert dict(made.fields) == {
        "WARC-Target-URI": "https://vella.example/a",
        "WARC-Date": REDACTION.date,
        **({"WARC-Refers-To": given.id} if given.id else {}),
        "Content-Type": "application/warc-fields",
    }
    assert made.type == "metadata"
    assert made.id not in ("", given.id)
    assert read_tombstone(stored(made)) == Tombstone(
        replace(REDACTION, records=(given.id,)),
        key.id,
        True,
        "response",
        "https://vella.example/a",
        "2021-01-28T09:00:00Z",
    )


def test_a_changed_one_is_not_signed(key: SigningKey) -> None:
    made = make_tombstone(removed(), REDACTION, key)
    forged = read_tombstone(stored(replace(made, block=made.block.replace(b"as asked", b"by order"))))
    assert forged is not None
    assert (forged.is_signed, forged.redaction.reason) == (False, "by order")


@pytest.mark.parametrize("type_", ["response", "resource", "conversion", "warcinfo", ""])
def test_a_page_that_reads_like_one_is_none(key: SigningKey, type_: str) -> None:
    assert read_tombstone(stored(make_tombstone(removed(), REDACTION, key), type_)) is None


def test_of_a_foreign_one_that_says_little_the_rest_is_empty() -> None:
    record = WarcRecord("metadata", (), b"redacted: 2026\r\n", True, 0, 9)
    found = read_tombstone(record)
    assert found is not None
    assert not found.is_signed
    said = asdict(found) | {"key_id": ""}
    assert said == asdict(Tombstone(Redaction("", "2026", "", ("",)), "", False, "", "", ""))
