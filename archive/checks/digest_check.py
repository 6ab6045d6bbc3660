"""Whether a record has the digests that it names."""

from collections.abc import Iterable, Iterator

from archive.warc.digests import parse_digest
from archive.warc.http import split_head
from archive.warc.payloads import payload_of, split_message
from archive.warc.record import WarcRecord

_WITH_PAYLOAD = ("response", "request", "resource")  # a revisit record has that of another one


def wrong_digests(record: WarcRecord) -> list[str]:
    """`block` and `payload`, if the record, which must be whole, does not have these digests."""
    wrong = []
    if not _agrees(record.get("warc-block-digest"), [record.block]):
        wrong.append("block")
    if record.type in _WITH_PAYLOAD and not _agrees(record.get("warc-payload-digest"), _payloads(record)):
        wrong.append("payload")
    return wrong


def has_unknown_digest(record: WarcRecord) -> bool:
    """Whether a record names a digest whose algorithm is unknown here."""
    named = [record.get("warc-block-digest"), record.get("warc-payload-digest")]
    return any(digest and parse_digest(digest) is None for digest in named)


def _payloads(record: WarcRecord) -> Iterator[bytes]:
    """What a payload digest may be made of: the body as stored, or without chunk lines."""
    yield split_message(record)[1]
    yield payload_of(record)
    yield split_head(record.block)[1]  # of a body behind two heads


def _agrees(recorded: str, candidates: Iterable[bytes]) -> bool:
    """Whether a digest is that of one of some contents; one that cannot be read is taken to be."""
    digest = parse_digest(recorded)
    return digest is None or any(map(digest.is_of, candidates))
