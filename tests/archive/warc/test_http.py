import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc.http import (
    MAX_HEAD_BYTES,
    HeadReader,
    HeadTooLarge,
    NotHttp,
    content_length,
    header,
    header_fields,
    header_values,
    split_answer,
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
        (b"HTTP/1.1 200\r\n", 200),
        (b"HTTP/1.1 200OK\r\n", 200),
        (b"HTTP/1.1\t404 Not here", 404),
        (b"HTTP/2 200", 200),
        (b"HTTP/3.0 204 No Content", 204),
        (b"http/1.1 301 moved", 301),
        (b"HTTP/01.01 200", 200),
        (b"HTTP 503 Busy", 503),
        (b"HTTP/1.1 OK\r\n", 200),
        (b"HTTP/1.1\r\nA: b\r\n\r\n", 200),
        (b"HTTP/1.1 999 Denied", 999),
        (b"HTTP/1.1 2000", 0),
        (b"HTTP/1.1 20 OK", 0),
        (b"HTTP/1.1 000", 0),
        (b"HTTP is a protocol", 0),
        (b"HTTPS/1.1 200 OK", 0),
        (b"ICY 200 OK", 0),
        (b"220 hi", 0),
        (b"", 0),
    ],
)
def test_the_status_stands_after_the_version(head: bytes, status: int) -> None:
    assert status_of(head) == status


def test_informational_answers_are_skipped() -> None:
    hints = b"HTTP/1.1 103 Early\r\nLink: </s>\r\n\r\n"

    assert split_answer(hints + b"HTTP/1.1 100 Go\r\n\r\n" + HEAD + b"hi") == (HEAD, b"hi")
    assert split_answer(b"\r\n\n" + hints + b"\r\n" + HEAD) == (HEAD, b"")
    assert split_answer(hints[:-2]) == (b"", hints[:-2])


def test_fields_keep_their_order_and_folded_ones_are_joined() -> None:
    fields = [(field.name, field.value) for field in header_fields(HEAD)]

    assert fields == [(b"Set-Cookie", b"a"), (b"set-cookie", b"b"), (b"Empty", b""), (b"Long", b"x y")]
    assert all(HEAD[field.start :].startswith(field.name) for field in header_fields(HEAD))


def test_headers_are_found_whatever_their_case() -> None:
    assert header_values(HEAD, "SET-cookie") == [b"a", b"b"]
    assert header(HEAD, "set-cookie") == "b"
    assert header(HEAD, "Missing") is None


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (b"X-Powered-By : Orla", b"X-Powered-By", b"Orla"),
        ("\u2018X-Frame\u2019: *".encode(), "\u2018X-Frame\u2019".encode(), b"*"),
        (b"Caf\xe9: cr\xe8me", b"Caf\xe9", b"cr\xe8me"),
        (b"X (odd) @ name: 1", b"X (odd) @ name", b"1"),
        (b"X-Null: a\0b\0", b"X-Null", b"ab"),
        (b"X-Tab:\ta\t", b"X-Tab", b"a"),
        (b"X-Colons:: a:b", b"X-Colons", b": a:b"),
        (b"X-Long: " + b"n" * 20_000, b"X-Long", b"n" * 20_000),
        (b"X-Folded: a\r\n\tb\r\n  c", b"X-Folded", b"a b c"),
        (b"X-Carriage: a\rb", b"X-Carriage", b"a\rb"),
    ],
)
@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
def test_names_and_values_may_be_odd(line: bytes, name: bytes, value: bytes, line_end: bytes) -> None:
    lines = [
        b"HTTP/1.1 200 OK",
        b" begins like a folded line: no",
        b"no colon",
        b": no name",
        line,
        b"Last: 1",
    ]
    fields = list(header_fields(line_end.join([*lines, b"", b""])))

    assert [(field.name, field.value) for field in fields] == [(name, value), (b"Last", b"1")]


@pytest.mark.parametrize(
    ("values", "length"),
    [
        (["5"], 5),
        (["5", "5"], 5),
        (["5, 5"], 5),
        (["005, 5"], 5),
        (["5,"], 5),
        (["-1"], None),
        (["+5"], None),
        (["5.0"], None),
        (["0x5"], None),
        (["five"], None),
        ([""], None),
        (["5", "6"], None),
        (["5, 6"], None),
        (["-1", "6"], 6),
        ([], None),
    ],
)
def test_a_length_that_is_no_number_is_none(values: list[str], length: int | None) -> None:
    lines = "".join(f"Content-Length: {value}\r\n" for value in values)

    assert content_length(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()) == length


@given(st.lists(st.integers(1, 9), max_size=30))
def test_a_head_is_found_however_it_comes_in_pieces(sizes: list[int]) -> None:
    received = b"\r\nHTTP/1.1 103 Early\r\nLink: </s>\r\n\r\nHTTP/1.1 100 Go\n\n" + HEAD + b"body"
    reader, start = HeadReader(), 0
    for size in sizes:
        found = reader.feed(received[start : start + size])
        start += size
        assert found is None or found == (HEAD, received[received.index(HEAD) + len(HEAD) : start])
        if found:
            return
    assert reader.feed(received[start:]) == (HEAD, b"body")


@pytest.mark.parametrize(
    "sent", [b"220 ftp.example ready\r\n", b"SSH-2.0-x\r\n", b"\r\n<html>", b"\x15\x03\x01\0\x02"]
)
def test_what_begins_like_no_answer_is_refused_at_once(sent: bytes) -> None:
    with pytest.raises(NotHttp, match="something else"):
        HeadReader().feed(sent)


def test_a_head_has_an_end_within_256_kib() -> None:
    beginning = b"HTTP/1.1 200 OK\r\nX-Long: "
    largest = beginning + b"n" * (MAX_HEAD_BYTES - len(beginning) - 4) + b"\r\n\r\n"
    assert HeadReader().feed(largest + b"body") == (largest, b"body")

    for endless in (largest[:-4] + b"n\r\n\r\n", beginning * 12_000, b"HTTP/1.1 100 Go\r\n\r\n" * 15_000):
        with pytest.raises(HeadTooLarge, match="262144 bytes"):
            HeadReader().feed(endless)
    reader = HeadReader()
    with pytest.raises(HeadTooLarge):
        for _ in range(15_000):
            reader.feed(b"HTTP/1.1 102 Wait\r\n\r\n")


def test_the_rewritten_head_says_how_long_the_joined_body_is() -> None:
    head = b"HTTP/1.1 200 OK\nTransfer-Encoding:\n chunked\nCONTENT-length: 99\nX: y\n\n"

    assert without_transfer_coding(head, b"hi") == (
        b"HTTP/1.1 200 OK\nX-Archive-Orig-Transfer-Encoding:\n chunked\n"
        b"X-Archive-Orig-CONTENT-length: 99\nX: y\nContent-Length: 2\n\n"
    )
