"""Which digests of a record are those of what it holds."""

import pytest

from archive.checks.digest_check import has_unknown_digest, wrong_digests
from archive.warc.digests import sha1_digest
from archive.warc.record import WarcRecord

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"4\r\nOrla\r\n0\r\n\r\n"


def record(type_: str, block: bytes, of_block: bytes | None, of_payload: bytes | None) -> WarcRecord:
    digests = (("warc-block-digest", of_block), ("warc-payload-digest", of_payload))
    named = [(name, sha1_digest(content)) for name, content in digests if content is not None]
    kind = "application/http" if block.startswith((b"HTTP", b"GET")) else "text/plain"
    return WarcRecord(type_, (("content-type", kind), *named), block, True, 0, 9)


@pytest.mark.parametrize(
    ("type_", "block", "of_block", "of_payload", "wrong"),
    [
        ("response", HEAD + b"Orla", HEAD + b"Orla", b"Orla", []),
        ("response", HEAD + b"Orla", None, None, []),
        ("response", HEAD + b"Orla", b"Orla", b"Tarn", ["block", "payload"]),
        ("response", HEAD + b"Orla", HEAD + b"Orla", HEAD + b"Orla", ["payload"]),
        ("response", CHUNKED + CHUNKS, None, CHUNKS, []),
        ("response", CHUNKED + CHUNKS, None, b"Orla", []),
        ("response", CHUNKED + CHUNKS, None, b"Tarn", ["payload"]),
        ("response", b"HTTP/1.1 100 Go\r\n\r\n" + HEAD + b"Orla", None, HEAD + b"Orla", []),
        ("response", b"HTTP/1.1 100 Go\r\n\r\n" + HEAD + b"Orla", None, b"Orla", []),
        ("resource", b"Orla", b"Orla", b"Orla", []),
        ("resource", b"Orla", b"Orla", b"Tarn", ["payload"]),
        ("request", b"GET / HTTP/1.1\r\n\r\n", None, b"", []),
        ("request", b"GET / HTTP/1.1\r\n\r\n", None, b"Tarn", ["payload"]),
        ("revisit", HEAD, HEAD, b"Tarn", []),
        ("revisit", HEAD, b"Tarn", b"Tarn", ["block"]),
        ("metadata", b"a: b", b"Tarn", b"Tarn", ["block"]),
    ],
)
def test_a_digest_is_of_the_block_or_of_what_may_be_its_payload(
    type_: str, block: bytes, of_block: bytes | None, of_payload: bytes | None, wrong: list[str]
) -> None:
    assert wrong_digests(record(type_, block, of_block, of_payload)) == wrong


@pytest.mark.parametrize("name", ["warc-block-digest", "warc-payload-digest"])
@pytest.mark.parametrize(
    ("digest", "is_unknown"), [("xxh3:00", True), ("", False), (sha1_digest(b"Tarn"), False)]
)
def test_what_cannot_be_checked_is_no_fault_but_known(name: str, digest: str, is_unknown: bool) -> None:
    given = WarcRecord("response", ((name, digest),), HEAD, True, 0, 9)
    assert has_unknown_digest(given) is is_unknown
    assert (wrong_digests(given) == []) is (not digest or is_unknown)
