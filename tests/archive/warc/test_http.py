import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.http import (
    body_of,
    dechunk,
    header,
    header_fields,
    header_values,
    is_chunked,
    skip_informational,
    split_head,
    status_of,
    without_transfer_coding,
)

HEAD = b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nno colon\r\nset-cookie:b \r\nEmpty:\r\nLong: x\r\n\t y\r\n\r\n"


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_the_head_ends_with_the_first_empty_line(line_end: bytes) -> None:
    head = b"HTTP/1.1 200 OK" + line_end + b"A: b" + line_end * 2

    assert split_head(head + b"body\r\n\r\n") == (head, b"body\r\n\r\n")


def test_a_head_that_has_not_ended_is_no_head() -> None:
    assert split_head(b"HTTP/1.1 200 OK\r\nA: b\r\n") == (b"", b"HTTP/1.1 200 OK\r\nA: b\r\n")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1 200 OK", 200),
        (b"HTTP/1.0 404", 404),
        (b"HTTP/1.1  500", 500),
        (b"HTTP/1.1 2000", 0),
        (b"220 hi", 0),
    ],
)
def test_the_status_stands_after_the_version(head: bytes, status: int) -> None:
    assert status_of(head) == status


def test_informational_answers_are_skipped() -> None:
    hints = b"HTTP/1.1 103 Early\r\nLink: </s>\r\n\r\n"

    assert skip_informational(hints + b"HTTP/1.1 100 Go\r\n\r\n" + HEAD) == HEAD
    assert skip_informational(hints[:-2]) == b""


def test_fields_keep_their_order_and_folded_ones_are_joined() -> None:
    fields = [(field.name, field.value) for field in header_fields(HEAD)]

    assert fields == [(b"Set-Cookie", b"a"), (b"set-cookie", b"b"), (b"Empty", b""), (b"Long", b"x y")]
    assert all(HEAD[field.start :].startswith(field.name) for field in header_fields(HEAD))


def test_headers_are_found_whatever_their_case() -> None:
    assert header_values(HEAD, "SET-cookie") == [b"a", b"b"]
    assert header(HEAD, "set-cookie") == "b"
    assert header(HEAD, "Missing") is None


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
    assert (used, is_whole) == (size, size == len(coded))


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


def test_the_rewritten_head_says_how_long_the_joined_body_is() -> None:
    head = b"HTTP/1.1 200 OK\nTransfer-Encoding:\n chunked\nCONTENT-length: 99\nX: y\n\n"

    assert without_transfer_coding(head, b"hi") == (
        b"HTTP/1.1 200 OK\nX-Archive-Orig-Transfer-Encoding:\n chunked\n"
        b"X-Archive-Orig-CONTENT-length: 99\nX: y\nContent-Length: 2\n\n"
    )
