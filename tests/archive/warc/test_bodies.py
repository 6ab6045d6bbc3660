"""Where bodies end, read at once and piece by piece."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.bodies import (
    Chunked,
    ToTheEnd,
    announces_too_little,
    body_of,
    dechunk,
    framing_of,
    in_force,
)
from archive.warc.http import is_chunked

PAGE = b"<html><p>The ferry to Orla sails again.</p></html>"
OTHER = PAGE.replace(b"Orla", b"Velmar")


def head(*lines: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    return "\r\n".join([status, *lines, "", ""]).encode("latin-1")


@given(st.lists(st.binary(min_size=1, max_size=40)), st.binary(max_size=10))
def test_what_was_chunked_is_joined_and_its_end_is_found(chunks: list[bytes], rest: bytes) -> None:
    coded = (
        b"".join(b"%X;n=v\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nTrailer: t\r\n\r\n"
    )

    assert dechunk(coded + rest) == (b"".join(chunks), len(coded), True)


@given(st.integers(min_value=0, max_value=32))
def test_cut_chunks_give_what_came(size: int) -> None:
    coded = b"5\r\nfirst\r\n6\r\nsecond\r\n0\r\nT: 1\r\n\r\n"
    payload, used, is_whole = dechunk(coded[:size])

    assert b"firstsecond".startswith(payload)
    assert (used, is_whole) == (size, size >= coded.index(b"T: 1"))


def test_a_body_is_as_long_as_its_head_says() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"

    assert body_of("GET", head, b"hi!").payload == b"hi"
    assert body_of("GET", head, b"h").is_whole is False
    assert body_of("HEAD", head, b"").is_whole is True
    assert body_of("GET", head.replace(b"200", b"304"), b"").payload == b""


def test_a_body_without_length_ends_with_the_connection() -> None:
    body = body_of("GET", b"HTTP/1.0 200 OK\r\n\r\n", b"hi")

    assert (body.payload, body.is_whole, body.ends_with_connection) == (b"hi", True, True)


def test_chunks_count_before_a_length() -> None:
    head = b"HTTP/1.1 200 OK\nContent-Length: 99\nTransfer-Encoding: gzip\nTransfer-Encoding: CHUNKED\n\n"
    body = body_of("GET", head, b"2\r\nhi\r\n0\r\n\r\nmore")

    assert is_chunked(head)
    assert (body.raw, body.payload, body.is_whole) == (b"2\r\nhi\r\n0\r\n\r\n", b"hi", True)


@pytest.mark.parametrize(
    "coding",
    ["chunked", "Chunked ", "gzip, chunked", "chunked, identity", "identity\r\nTransfer-Encoding: chunked"],
)
def test_chunks_are_joined_whatever_other_coding_is_named(coding: str) -> None:
    body = body_of("GET", head(f"Transfer-Encoding: {coding}", "Content-Length: 3"), b"2\r\nhi\r\n0\r\n\r\n")

    assert (body.payload, body.is_whole, body.flaw) == (b"hi", True, "")


@pytest.mark.parametrize("coding", ["identity", "", "gzip", "none", "x-chunked", "utf-8"])
def test_other_transfer_codings_count_as_none(coding: str) -> None:
    counted = body_of("GET", head(f"Transfer-Encoding: {coding}", "Content-Length: 2"), b"hi")
    to_the_end = body_of("GET", head(f"Transfer-Encoding: {coding}"), b"hi")

    assert (counted.payload, counted.is_whole, counted.ends_with_connection) == (b"hi", True, False)
    assert (to_the_end.payload, to_the_end.ends_with_connection) == (b"hi", True)


@pytest.mark.parametrize(
    ("chunks", "payload", "flaw"),
    [
        (b"2;a=b;c\r\nhi\r\n0\r\nT: 1\r\n\r\n", b"hi", ""),
        (b" 2 \nhi\n0\n\n", b"hi", ""),
        (b"00002\r\nhi\r\n000\r\n\r\n", b"hi", ""),
        (b"2\r\nhi2\r\nho0\r\n\r\n", b"hiho", ""),
        (b"2\r\nhi\r\n\r\n\r\n0\r\n\r\n", b"hi", ""),
        (b"2\r\nhi\r\n0\r\n", b"hi", ""),
        (b"2\r\nhi\r\n0\r\nX-Cut: ", b"hi", ""),
        (b"2\r\nhi\r\n", b"hi", "the last chunk is missing"),
        (b"9\r\nhi", b"hi", "the last chunk is missing"),
        (b"2\r\nhi, and more\r\n0\r\n\r\n", b"hi", "a chunk is broken"),
        (b"2\r\nhi\r\nxyz\r\nho\r\n0\r\n\r\n", b"hi", "a chunk is broken"),
        (b"2\r\nhi\r\n-1\r\n0\r\n\r\n", b"hi", "a chunk is broken"),
        (b"2\r\nhi\r\n" + b"f" * 17 + b"\r\n", b"hi", "a chunk is broken"),
        (b"2\r\nhi\r\n" + b"1;" + b"x" * 70_000, b"hi", "a chunk is broken"),
    ],
)
def test_chunks_may_have_flaws(chunks: bytes, payload: bytes, flaw: str) -> None:
    body = body_of("GET", head("Transfer-Encoding: chunked"), chunks)

    assert (body.payload, body.flaw, body.is_whole, body.raw) == (payload, flaw, not flaw, chunks)


@pytest.mark.parametrize(
    "sent", [PAGE, b"{}", b"\x1f\x8b\x08", gzip.compress(PAGE, mtime=0), b"Reports\r\n", b"\r\n\xff"]
)
def test_a_body_that_begins_with_no_chunk_is_read_as_it_is(sent: bytes) -> None:
    body = body_of("GET", head("Transfer-Encoding: chunked"), sent)
    assert (body.payload, body.is_chunked, body.ends_with_connection) == (sent, True, True)

    body = body_of("GET", head("Transfer-Encoding: chunked", f"Content-Length: {len(sent)}"), sent + b"x")
    assert (body.payload, body.is_whole) == (sent, True)


LONGER = [
    (PAGE[:20], PAGE),
    (gzip.compress(PAGE, mtime=0)[:-12], gzip.compress(PAGE, mtime=0)),
    (b"", PAGE),
    (b"<rss><channel>", b"<rss><channel></channel></rss>\n"),
    (b'{"version":', b'{"version": "https://jsonfeed.org/version/1.1"}'),
]


@pytest.mark.parametrize(("announced", "sent"), LONGER)
def test_a_whole_document_that_is_longer_than_announced_is_taken(announced: bytes, sent: bytes) -> None:
    body = body_of("GET", head(f"Content-Length: {len(announced)}"), sent)

    assert (body.payload, body.raw, body.is_whole) == (sent, sent, True)
    assert body.flaw == f"Content-Length announced {len(announced)} bytes, {len(sent)} came"


@pytest.mark.parametrize(
    ("announced", "more"),
    [
        (PAGE, b"junk"),
        (PAGE, OTHER),
        (PAGE[:20], PAGE[20:40]),
        (PAGE[:20], b"HTTP/1.1 408 Request Timeout\r\n\r\n" + PAGE),
        (PAGE[:20], b"\r\n\r\nHTTP/1.1 408 Request Timeout\r\n\r\n" + PAGE),
        (b"hi", b", and more"),
        (gzip.compress(PAGE, mtime=0), gzip.compress(PAGE, mtime=0)[:20]),
    ],
)
def test_what_follows_a_body_is_left_out(announced: bytes, more: bytes) -> None:
    body = body_of("GET", head(f"Content-Length: {len(announced)}"), announced + more)

    assert (body.payload, body.is_whole, body.flaw) == (announced, True, "")


@pytest.mark.parametrize("status", ["HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified"])
def test_an_answer_without_a_body_has_none_whatever_follows(status: str) -> None:
    assert body_of("GET", head("Content-Length: 99", status=status), PAGE).raw == b""
    assert not announces_too_little(framing_of("HEAD", head()), head(), b"")


@given(st.data())
def test_pieces_give_what_the_whole_gives(data: st.DataObject) -> None:
    sent = data.draw(
        st.sampled_from(
            [
                b"4;a=b\r\nPort\r\n2\r\n: \r\n0\r\nT: 1\r\n\r\nmore",
                b"4\r\nPort2\r\n: xyz\r\n",
                b"\tff\r\n<p>",
                PAGE,
                b"4;" + b"x" * 20,
                b"",
            ]
        )
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=9)))
    pieces = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    whole, pieced = Chunked(ToTheEnd()), Chunked(ToTheEnd())

    assert b"".join(map(pieced.feed, pieces)) == whole.feed(sent)
    for name in ("is_done", "is_broken", "is_whole", "is_plain", "surplus"):
        assert getattr(pieced, name) == getattr(whole, name)
    assert type(in_force(pieced)) is type(in_force(whole))
