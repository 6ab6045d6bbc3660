"""The parts of a record's block: HTTP head, stored body, payload."""

import re

from archive.warc.bodies import dechunk
from archive.warc.http import is_chunked, split_answer, split_head, status_of
from archive.warc.record import WarcRecord

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")


def split_message(record: WarcRecord) -> tuple[bytes, bytes]:
    """The HTTP head and the stored body in the block of a record.

    A resource is all body, and so is an answer that has no HTTP head and does not say so: its head is made from
    the WARC header. An unfinished head counts as a head; answers 1xx before another one are left out.
    """
    if record.type == "resource" or _is_bare(record):
        return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n" % record.get(
            "content-type"
        ).encode(), record.block
    if not record.get("content-type").startswith("application/http") and record.block[:5] != b"HTTP/":
        return b"", record.block
    head, body = split_head(record.block)
    if 100 <= status_of(head) < 200 and status_of(split_head(body)[0]):
        head, body = split_answer(record.block)
    return (head, body) if head else (body, b"")


def _is_bare(record: WarcRecord) -> bool:
    """Whether a record of a web page has its body alone, as some tools write it."""
    media_type = record.get("content-type").lower()
    is_page = record.get("warc-target-uri").lower().startswith(("http://", "https://"))
    return (
        record.type == "response"
        and is_page
        and bool(media_type)
        and not media_type.startswith("application/http")
        and record.block[:5] != b"HTTP/"
        and bool(record.block.strip())
    )


def payload_of(record: WarcRecord) -> bytes:
    """The body without transfer coding; empty if the record is too large to be kept whole.

    Tools that store bodies de-chunked often keep the header that says chunked.
    """
    head, stored = split_message(record)
    if not record.whole:
        return b""
    if not is_chunked(head):
        return stored
    payload, _, is_whole = dechunk(stored)
    return payload if is_whole or record.get("warc-truncated") or _begins_with_chunk(stored) else stored


def _begins_with_chunk(body: bytes) -> bool:
    size = _CHUNK_SIZE.match(body)
    return size is not None and body.startswith((b"\r\n", b"\n"), size.end() + int(size[1], 16))
