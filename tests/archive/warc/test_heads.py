"""What the heads of records say, however they are written."""

import pytest

from archive.warc.heads import ARC, WARC, Shape, shape_of
from archive.warc.look_ahead import Content
from archive.warc.record_blocks import Damaged


def content(data: bytes) -> Content:
    """Bytes that come in pieces of at most a thousand."""
    pieces = iter([data[at : at + 1000] for at in range(0, len(data), 1000)])
    return Content(lambda _: next(pieces, b""))


@pytest.mark.parametrize(
    ("lines", "type_", "fields", "length"),
    [
        (
            b"WARC-Type: Response\r\nContent-Length: 5",
            "response",
            {"warc-type": "Response", "content-length": "5"},
            5,
        ),
        (b"content-length:5", "", {"content-length": "5"}, 5),
        (b"WARC-TYPE :\t response \t", "response", {"warc-type": "response"}, None),
        (b"Content-Length: many", "", {"content-length": "many"}, None),
        (b"Content-Length: -5", "", {"content-length": "-5"}, None),
        (b"Content-Length: " + b"9" * 18, "", {"content-length": "9" * 18}, 10**18 - 1),
        (b"Content-Length: " + b"9" * 19, "", {"content-length": "9" * 19}, None),
        ("Content-Length: ٥".encode(), "", {"content-length": "٥"}, None),
        (b"Content-Length: 5\nno field\nA: b", "", {"content-length": "5", "a": "b"}, 5),
        (b"Content-Length: 5\nA: b\n c\n\td", "", {"content-length": "5", "a": "b c d"}, 5),
        (b"Content-Length: 5\nA:\n c", "", {"content-length": "5", "a": "c"}, 5),
        (b" c\nContent-Length: 5", "", {"content-length": "5"}, 5),
        (
            b"Content-Length: 5\nA: http://orla.example:80/",
            "",
            {"content-length": "5", "a": "http://orla.example:80/"},
            5,
        ),
        ("Content-Length: 5\nA: ü".encode(), "", {"content-length": "5", "a": "ü"}, 5),
        ("Content-Length: 5\nA: ü".encode("latin-1"), "", {"content-length": "5", "a": "ü"}, 5),
        (b"Content-Length: 5\nA: " + 600_000 * b"b", "", {"content-length": "5", "a": 600_000 * "b"}, 5),
    ],
)
@pytest.mark.parametrize(
    ("begin", "end"),
    [(b"WARC/1.1\r\n", b"\r\n\r\n"), (b"WARC/0.17 \t\r\r\n", b"\n \t\r\n"), (b"WARC/10.12\n", b"\n\n")],
)
def test_the_fields_of_a_warc_are_read(
    begin: bytes, lines: bytes, end: bytes, type_: str, fields: dict[str, str], length: int | None
) -> None:
    stream = content(begin + lines + end + b"block")
    head = WARC.take_head(stream)
    assert (head.type, dict(head.headers), head.length) == (type_, fields, length)
    assert stream.taken == len(begin + lines + end)
    assert stream.peek(9) == b"block"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"WARC/1.1\r\n\r\n",
        b"WARC/1.1\r\nWARC-Date: 2021\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 5\r\n",
        b"WARC/11\r\nContent-Length: 5\r\n\r\n",
        b"WARC/1.1 a\r\nContent-Length: 5\r\n\r\n",
        b" WARC/1.1\r\nContent-Length: 5\r\n\r\n",
        b"warc/1.1\r\nContent-Length: 5\r\n\r\n",
        b"WARC/1.1\r\nContent-Length: 5\r\nA: " + 3_000_000 * b"b" + b"\r\n\r\n",
    ],
    ids=[
        "empty",
        "no field",
        "neither type nor length",
        "cut",
        "version",
        "more",
        "space",
        "case",
        "endless",
    ],
)
def test_what_is_no_head_of_a_warc_is_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        WARC.take_head(content(data))


ANSWER = "application/http;msgtype=response"


@pytest.mark.parametrize(
    ("line", "block", "fields"),
    [
        (
            "http://orla.example/a 192.0.2.7 20210128100000 text/html 9",
            b"HTTP/1.1 200",
            ("response", "http://orla.example/a", "20210128100000", "192.0.2.7", ANSWER, "9"),
        ),
        (
            "HTTPS://orla.example/a b 2001:db8::7 202101281000 text/html; charset=x 9 \r",
            b"<p>",
            ("resource", "HTTPS://orla.example/a%20b", "202101281000", "2001:db8::7", "text/html;", "9"),
        ),
        (
            "http://orla.example/ 192.0.2.7 20210128100000 text/html 200 AB - 1041 a.arc.gz 9",
            b"HTTP/1.1 200",
            ("response", "http://orla.example/", "20210128100000", "192.0.2.7", ANSWER, "9"),
        ),
        (
            "http://orla.example/ 192.0.2.7 20210128100000 text/html - - - - a.arc 9",
            b"<p>",
            ("resource", "http://orla.example/", "20210128100000", "192.0.2.7", "text/html", "9"),
        ),
        (
            "http://orla.example/ - - image/png 9",
            b"",
            ("resource", "http://orla.example/", "", "-", "image/png", "9"),
        ),
        (
            "http://orla.example/ 0 20210128100000 9",
            b"",
            ("resource", "http://orla.example/", "20210128100000", "0", "", "9"),
        ),
        (
            "http://orla.example/ 20210128100000 a/b 9",
            b"",
            ("resource", "http://orla.example/", "20210128100000", "", "a/b", "9"),
        ),
        (
            "http://orla.example/ 192.0.2.7 20210128100000",
            b"",
            ("resource", "http://orla.example/", "20210128100000", "192.0.2.7", "", ""),
        ),
        (
            "dns:orla.example 192.0.2.7 20210128100000 text/dns 9",
            b"2021",
            ("response", "dns:orla.example", "20210128100000", "192.0.2.7", ANSWER, "9"),
        ),
        (
            "filedesc://a.arc 0.0.0.0 20210128100000 text/plain 9",
            b"1 0",
            ("warcinfo", "", "20210128100000", "0.0.0.0", "text/plain", "9"),
        ),
        (
            "FileDesc://a.arc 0.0.0.0 20210128100000 text/plain 9",
            b"1 0",
            ("warcinfo", "", "20210128100000", "0.0.0.0", "text/plain", "9"),
        ),
    ],
)
def test_the_line_of_an_arc_is_read(line: str, block: bytes, fields: tuple[str, ...]) -> None:
    stream = content(f"{line}\n".encode() + block)
    head = ARC.take_head(stream)
    names = ("warc-type", "warc-target-uri", "warc-date", "warc-ip-address", "content-type", "content-length")
    assert dict(head.headers) == {name: value for name, value in zip(names, fields, strict=True) if value}
    assert (head.type, head.length) == (fields[0], int(fields[5]) if fields[5] else None)
    assert stream.peek(99) == block


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no address 20210128100000 text/html 9",
        "http://orla.example/ 192.0.2.7 2021012 text/html 9",
        "http://orla.example/ 192.0.2.7 202101281000000000000 text/html 9",
        "h:a 192.0.2.7 20210128100000 text/html 9",
        "http://orla.example/ 192.0.2.7 text/html 9",
    ],
)
def test_what_is_no_line_of_an_arc_is_damage(line: str) -> None:
    with pytest.raises(Damaged):
        ARC.take_head(content(f"{line}\nblock".encode()))


@pytest.mark.parametrize(
    ("beginning", "shape"),
    [
        (b"WARC/1.0\r\n", WARC),
        (b"filedesc:", ARC),
        (b"http://orla.example/ 192.0.2.7 20210128100000 text/html 9\n", ARC),
        (b"WARC/1.0", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_the_format_is_seen_by_the_first_bytes(beginning: bytes, shape: Shape | None) -> None:
    assert shape_of(beginning) is shape


def test_a_record_of_an_arc_begins_a_line() -> None:
    line = b"http://orla.example/ 192.0.2.7 20210128100000 text/html 9\n"
    data = line + b" " + line + b"\0" + line + b"\n" + line
    assert [found.start() for found in ARC.pattern.finditer(data)] == [
        0, 2 * len(line) + 2, 3 * len(line) + 3,
    ]  # fmt: skip
