"""The answer of an exchange as its record will hold it, and why it is not whole."""

import re
from dataclasses import dataclass
from enum import StrEnum

from archive.warc.digests import payload_key
from archive.warc.exchange_log import Cut, ExchangeLog
from archive.warc.http import body_of, skip_informational, split_head, status_of, without_transfer_coding

_HTTP_1 = re.compile(rb"HTTP/1\.[01][ \t]+\d{3}(?!\d)")


class TransferCoding(StrEnum):
    """How chunked answers are stored."""

    DECODED = "decoded"
    """Chunks joined, the header that named them renamed: the only form that every reader accepts."""
    AS_RECEIVED = "as-received"
    """With chunk lines and trailers; the payload digest covers them, as in warcio."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP/1 answer, without what precedes and what follows it on the connection."""

    status: int
    head: bytes
    """Status line and header fields."""
    body: bytes
    """What follows the head, and what the payload digest covers."""
    cut: Cut
    """Why the body is not whole; empty if it is."""
    key: bytes
    """`payload_key` of the body."""


def has_answer(log: ExchangeLog) -> bool:
    """Whether the whole head of an HTTP/1 answer was received."""
    return _HTTP_1.match(_split(log)[0]) is not None


def read_answer(log: ExchangeLog, coding: TransferCoding = TransferCoding.DECODED) -> Answer | None:
    """The answer in what was received; None without a whole head of HTTP/1.0 or HTTP/1.1.

    Other bytes (HTTP/0.9, another protocol) fit no response record: readers parse its head.
    """
    head, rest = _split(log)
    if not _HTTP_1.match(head):
        return None
    body = body_of(log.method, head, rest)
    is_cut = not body.is_whole or (body.ends_with_connection and log.cut)
    cut: Cut = (log.cut or "disconnect") if is_cut else ""
    stored = body.raw
    if body.is_chunked and coding is TransferCoding.DECODED:
        head, stored = without_transfer_coding(head, body.payload), body.payload
    return Answer(status_of(head), head, stored, cut, payload_key(stored))


def _split(log: ExchangeLog) -> tuple[bytes, bytes]:
    return split_head(skip_informational(bytes(log.received)))
