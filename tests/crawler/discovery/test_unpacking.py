"""A listing is unpacked as far as it is whole, and what is missing is told."""

import gzip
import zlib

import brotli
import pytest

from crawler.discovery.unpacking import CUT, unpack
from tests.support.listings import page

TEXT = "".join(f"<url><loc>https://orla.example/{number}</loc></url>\n" for number in range(3_000)).encode()
PACKED = gzip.compress(TEXT, mtime=0)
DAMAGED = "it is damaged within its gzip"


def damaged(body: bytes) -> bytes:
    return body[: len(body) // 2] + b"\xff" * 8 + body[len(body) // 2 + 8 :]


@pytest.mark.parametrize("label", ["", "gzip", "x-gzip", "identity", "br"])
@pytest.mark.parametrize(
    "body",
    [
        PACKED,
        PACKED + b"<!-- cached by a plugin -->",
        PACKED + b"\0" * 700,
        gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:]),
        gzip.compress(PACKED),
        gzip.compress(gzip.compress(PACKED) + b"\n"),
    ],
    ids=["gzip", "comment", "padding", "members", "twice", "thrice"],
)
def test_gzip_is_known_by_its_bytes(body: bytes, label: str) -> None:
    assert unpack(page(body, content_encoding=label)) == (TEXT, [])


@pytest.mark.parametrize("label", ["", "gzip", "deflate", "br", "none"])
def test_what_is_not_packed_is_left_as_it_is(label: str) -> None:
    assert unpack(page(TEXT, content_encoding=label)) == (TEXT, [])


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (PACKED[:-1], CUT),
        (PACKED[: len(PACKED) // 2], CUT),
        (gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:])[:500], CUT),
        (gzip.compress(PACKED[:-500]), CUT),
        (damaged(PACKED), DAMAGED),
        (PACKED[:-8] + b"12345678", DAMAGED),
        (gzip.compress(TEXT) + b"\x1f\x8b\x08 no member", DAMAGED),
    ],
)
def test_what_is_whole_before_the_fault_is_read(body: bytes, clause: str) -> None:
    found, unread = unpack(page(body))
    assert unread == [clause]
    assert found[:900] == TEXT[:900]  # what the fault itself gives no one knows
    assert clause == DAMAGED or TEXT.startswith(found)


def test_a_fault_costs_nothing_that_stands_before_it() -> None:
    before = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    body = before.compress(b"whole ") + before.flush(zlib.Z_FULL_FLUSH)
    assert unpack(page(body + b"\xff" * 200)) == (b"whole ", [DAMAGED])


def test_the_rest_of_another_coding_is_read_too() -> None:
    body = brotli.compress(TEXT, quality=3)
    found, unread = unpack(page(body[: len(body) // 2], content_encoding="br"))
    assert TEXT.startswith(found)
    assert unread == ["it is cut or damaged within its br coding"]


@pytest.mark.parametrize("body", [PACKED, gzip.compress(PACKED), PACKED[:-20]])
def test_no_more_than_the_limit_is_read(body: bytes) -> None:
    most = 2**10
    found, unread = unpack(page(body), most)
    assert found == TEXT[:most]
    assert unread == ["it is longer than 0 MiB"]
