"""The answer of an exchange as its record will hold it, and why it is not whole."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from archive.warc.bodies import Body, body_of
from archive.warc.digests import payload_key
from archive.warc.exchange_log import Cut, ExchangeLog
from archive.warc.http import MAX_HEAD_BYTES, split_answer, status_of, without_transfer_coding
from archive.warc.wholeness import is_whole_document

_HEAD_BYTES = 2 * MAX_HEAD_BYTES


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
    flaw: str = ""
    """How the body differs from what its head announced, in words."""


@dataclass(frozen=True, slots=True)
class Message:
    """The final answer of an exchange as it was received."""

    head: bytes
    """Status line and header fields."""
    body: Body
    cut: Cut
    """Why the body is not whole; empty if it is, and if by its content only the announced length is wrong."""

    @property
    def status(self) -> int:
        """The status code."""
        return status_of(self.head)

    def to_store(self, coding: TransferCoding) -> Self:
        """The same without that form of the body which its record will not have."""
        if self.body.is_chunked and coding is TransferCoding.DECODED:
            return replace(self, body=replace(self.body, raw=b""))
        return self

    @property
    def flaw(self) -> str:
        """How the body differs from what its head announced, in words; empty if it does not."""
        return self.body.flaw or ("the connection broke" if self.cut else "")


def read_message(log: ExchangeLog) -> Message | None:
    """The answer in what was received; None without a whole head of HTTP/1.

    Other bytes (HTTP/0.9, another protocol) fit no response record: readers parse its head.
    """
    if isinstance(log.settled, Message):
        return log.settled
    head, rest = (log.head, log.body.getvalue()) if log.head else _split(log.received)
    if not head:
        return None
    body = body_of(log.method, head, rest)
    is_lost = not body.is_whole or (body.ends_with_connection and bool(log.cut))
    if is_lost and log.cut != "length":
        is_lost = not is_whole_document(head, body.payload, log.is_orderly)
    return Message(head, body, (log.cut or "disconnect") if is_lost else "")


def read_answer(log: ExchangeLog, coding: TransferCoding = TransferCoding.DECODED) -> Answer | None:
    """The answer as its record will hold it; None where `read_message` gives None."""
    message = read_message(log)
    if message is None:
        return None
    head, stored = message.head, message.body.raw
    if message.body.is_chunked and coding is TransferCoding.DECODED:
        head, stored = without_transfer_coding(head, message.body.payload), message.body.payload
    flaw = message.flaw
    return Answer(status_of(head), head, stored, message.cut, payload_key(stored), flaw)


def _split(received: bytearray) -> tuple[bytes, bytes]:
    """As `split_answer`, without a second copy of a long body."""
    beginning = bytes(received[:_HEAD_BYTES])
    head, rest = split_answer(beginning)
    if not head:
        return split_answer(bytes(received)) if len(received) > len(beginning) else (head, rest)
    return head, bytes(memoryview(received)[len(beginning) - len(rest) :])
