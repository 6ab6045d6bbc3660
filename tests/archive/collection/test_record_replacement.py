"""A record in place of another: what it keeps, and where all the others lie then."""

import random

import pytest

from archive.collection.record_replacement import lay_out, made_whole, referring_to, renamed
from archive.warc.digests import sha1_digest
from archive.warc.gzip_file import compress
from archive.warc.new_records import NewRecord
from archive.warc.record import WarcRecord

KEPT = {
    "warc-target-uri": "https://vella.example/b",
    "warc-date": "2021-01-29T09:00:00Z",
    "warc-warcinfo-id": "<urn:uuid:info>",
    "warc-ip-address": "198.51.100.7",
    "content-type": "application/http;msgtype=response",
}
REPLACED = {
    "warc-type": "revisit",
    "warc-record-id": "<urn:uuid:b>",
    "warc-profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "warc-truncated": "length",
    "warc-refers-to": "<urn:uuid:old>",
    "warc-refers-to-target-uri": "https://vella.example/old",
    "warc-refers-to-date": "2021-01-01T09:00:00Z",
    "warc-payload-digest": "sha1:OLD",
    "warc-block-digest": "sha1:BLOCK",
    "content-length": "7",
}
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
REVISIT = WarcRecord("revisit", (*(KEPT | REPLACED).items(),), HEAD, True, 40, 9)
SPELLED = {
    "WARC-Target-URI": KEPT["warc-target-uri"],
    "WARC-Date": KEPT["warc-date"],
    "WARC-Warcinfo-ID": KEPT["warc-warcinfo-id"],
    "WARC-IP-Address": KEPT["warc-ip-address"],
    "Content-Type": KEPT["content-type"],
}


def test_a_revisit_that_is_made_whole_has_the_payload_and_refers_to_nothing() -> None:
    made = made_whole(REVISIT, b"Orla")

    assert (made.type, made.id, made.block) == ("response", "<urn:uuid:b>", HEAD + b"Orla")
    assert made.payload_digest == sha1_digest(b"Orla")
    assert dict(made.fields) == SPELLED


def test_a_revisit_that_refers_to_another_record_stays_what_it_was() -> None:
    headers = {
        "warc-record-id": "<urn:uuid:new>",
        "warc-target-uri": "https://ada:pw@vella.example/new",
        "warc-date": "2021-01-28T09:00:00Z",
    }
    made = referring_to(WarcRecord("response", (*headers.items(),), HEAD, True, 0, 9), REVISIT)

    assert (made.type, made.id, made.block, made.payload_digest) == (
        "revisit",
        "<urn:uuid:b>",
        HEAD,
        "sha1:OLD",
    )
    assert dict(made.fields) == SPELLED | {
        "WARC-Profile": REPLACED["warc-profile"],
        "WARC-Truncated": "length",
        "WARC-Refers-To": "<urn:uuid:new>",
        "WARC-Refers-To-Target-URI": "https://vella.example/new",
        "WARC-Refers-To-Date": "2021-01-28T09:00:00Z",
    }


@pytest.mark.parametrize("gone", [(), (0,), (3,), (0, 1), (1, 3), (0, 1, 2, 3)])
def test_every_byte_of_the_old_file_is_in_a_part_and_every_new_record_in_its_place(
    gone: tuple[int, ...],
) -> None:
    chance = random.Random(7)
    members = [compress(chance.randbytes(chance.randrange(50, 90))) for _ in range(4)]
    begins = [sum(map(len, members[:number])) for number in range(5)]
    new = {number: NewRecord("response", f"<urn:uuid:{number}>", (), HEAD, "sha1:A") for number in gone}
    replacements = {
        begins[number]: (
            WarcRecord("response", (), b"", True, begins[number], len(members[number])),
            new[number],
        )
        for number in reversed(gone)
    }

    parts, changes, made = lay_out("old.warc.gz", "new.warc.gz", begins[-1], replacements)

    old = b"".join(members)
    written = [made.get(part.offset, old[part.begin : part.begin + part.size]) for part in parts]
    wanted = [compress(new[number].to_bytes()) if number in gone else members[number] for number in range(4)]
    assert b"".join(written) == b"".join(wanted)
    assert [part.offset for part in parts] == [
        sum(map(len, written[:number])) for number in range(len(parts))
    ]
    assert [part.begin for part in parts] == [sum(part.size for part in parts[:n]) for n in range(len(parts))]
    assert sum(part.size for part in parts) == len(old)
    assert {part.name for part in parts} == {"old.warc.gz"}
    assert all(part.size for part in parts)
    whole = b"".join(written)
    for number, change in zip(gone, changes, strict=True):
        assert whole[change.offset : change.offset + change.length] == wanted[number]
        assert (change.record_id, change.payload_digest, change.line) == (new[number].id, "sha1:A", None)


@pytest.mark.parametrize(
    ("type_", "is_indexed"), [("response", True), ("revisit", True), ("metadata", False)]
)
def test_only_what_answers_has_a_line_and_without_payload_the_digest_is_that_of_the_block(
    type_: str, is_indexed: bool
) -> None:
    fields = (("WARC-Target-URI", "https://vella.example/b"), ("WARC-Date", "2021-01-29T09:00:00Z"))
    place = WarcRecord(type_, (), b"", True, 0, 9)
    _, [change], _ = lay_out(
        "a.warc.gz", "b.warc.gz", 9, {0: (place, NewRecord(type_, "<urn:uuid:b>", fields, HEAD))}
    )

    assert (change.line is not None) is is_indexed
    assert '"filename": "b.warc.gz"' in (change.line or '"filename": "b.warc.gz"')
    assert change.payload_digest == sha1_digest(HEAD)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("news-20210128090000000-00000-0123abcd.warc.gz", "news-20210128090000000-00000-MARK.warc.gz"),
        ("news-20210128090000000-00000.warc.gz", "news-20210128090000000-00000-MARK.warc.gz"),
        (
            "a-b-20210128090000000-00012-import-their-0123456789abcdef.warc.gz",
            "a-b-20210128090000000-00012-MARK-import-their-0123456789abcdef.warc.gz",
        ),
        (
            "news-20210128090000000-00000-0123abcd-import-a-0123456789abcdef.warc.gz",
            "news-20210128090000000-00000-MARK-import-a-0123456789abcdef.warc.gz",
        ),
        ("theirs.warc.gz", "theirs-MARK.warc.gz"),
        ("theirs-2021-00000-0123abcd.warc.gz", "theirs-2021-00000-0123abcd-MARK.warc.gz"),
    ],
)
def test_a_new_name_keeps_its_place_in_the_order_and_the_origin(name: str, wanted: str) -> None:
    assert renamed(name, "MARK") == wanted
