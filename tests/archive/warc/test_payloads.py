"""Head, stored body and payload in the block of a record, however a tool wrote it."""

import pytest

from archive.warc.payloads import payload_of, split_message
from archive.warc.record import WarcRecord

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MADE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def record(
    block: bytes,
    type_: str = "response",
    content_type: str = "application/http; msgtype=response",
    url: str = "https://orla.example/",
    truncated: str = "",
    is_whole: bool = True,
) -> WarcRecord:
    fields = {"content-type": content_type, "warc-target-uri": url, "warc-truncated": truncated}
    headers = tuple((name, value) for name, value in fields.items() if value)
    return WarcRecord(type_, headers, block, is_whole, 0, 9)


@pytest.mark.parametrize(
    ("given", "head", "body"),
    [
        (record(HEAD + b"Orla"), HEAD, b"Orla"),
        (record(b"HTTP/1.1 200 OK\r\n"), b"HTTP/1.1 200 OK\r\n", b""),
        (record(HEAD + b"Orla", content_type="text/html"), HEAD, b"Orla"),
        (record(HEAD + b"Orla", content_type=""), HEAD, b"Orla"),
        (record(b"<p>", content_type="text/html"), MADE, b"<p>"),
        (record(b"<p>", content_type="Text/HTML"), MADE.replace(b"text/html", b"Text/HTML"), b"<p>"),
        (record(b"<p>", content_type="text/html", url="HTTP://orla.example/"), MADE, b"<p>"),
        (record(b"20210128", content_type="text/dns", url="dns:orla.example"), b"", b"20210128"),
        (record(b"<p>", content_type=""), b"", b"<p>"),
        (record(b" \r\n", content_type="text/html"), b"", b" \r\n"),
        (record(b"<p>", "revisit", "text/html"), b"", b"<p>"),
        (record(b"<p>", content_type="APPLICATION/HTTP"), b"", b"<p>"),
        (record(b"a: b", "metadata", "application/warc-fields"), b"", b"a: b"),
        (record(HEAD + b"Orla", "resource", "text/html"), MADE, HEAD + b"Orla"),
        (record(b"GET / HTTP/1.1\r\n\r\na=b", "request"), b"GET / HTTP/1.1\r\n\r\n", b"a=b"),
        (record(b"HTTP/1.1 100 Go\r\n\r\n" + HEAD + b"Orla"), HEAD, b"Orla"),
        (record(b"HTTP/1.1 199 Go\r\n\r\n" + HEAD + b"Orla"), HEAD, b"Orla"),
        (record(HEAD + HEAD + b"Orla"), HEAD, HEAD + b"Orla"),
        (record(b"HTTP/1.1 101 Up\r\n\r\nOrla"), b"HTTP/1.1 101 Up\r\n\r\n", b"Orla"),
    ],
)
def test_a_block_has_a_head_and_a_stored_body(given: WarcRecord, head: bytes, body: bytes) -> None:
    assert split_message(given) == (head, body)


WHOLE, CUT = b"4\r\nOrla\r\n0\r\n\r\n", b"4\r\nOrla\r\n4\r\nTa"


@pytest.mark.parametrize(
    ("given", "payload"),
    [
        (record(HEAD + WHOLE), WHOLE),
        (record(CHUNKED + WHOLE), b"Orla"),
        (record(CHUNKED + b"Orla was joined already"), b"Orla was joined already"),
        (record(CHUNKED + CUT, truncated="length"), b"OrlaTa"),
        (record(CHUNKED + CUT), b"OrlaTa"),
        (record(CHUNKED + b"4;a=b\nOrla\n4\nTa"), b"OrlaTa"),
        (record(CHUNKED + b" 4 ;a\r\nOrla\r\n4\r\nTa"), b"OrlaTa"),
        (record(CHUNKED + b"4\r\nOrla was joined, and begins so"), b"4\r\nOrla was joined, and begins so"),
        (record(CHUNKED + b"123\r\nare the numbers"), b"123\r\nare the numbers"),
        (record(HEAD + b"Orla", is_whole=False), b""),
        (record(CHUNKED + WHOLE, is_whole=False), b""),
    ],
)
def test_a_payload_is_the_body_without_chunks(given: WarcRecord, payload: bytes) -> None:
    assert payload_of(given) == payload
