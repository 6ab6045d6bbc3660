"""Whether a record has the digests that it names."""

import base64
import hashlib
from collections.abc import Iterable, Iterator

from archive.warc.payloads import payload_of, split_message
from archive.warc.record import WarcRecord

_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
_WITH_PAYLOAD = ("response", "request", "resource")  # a revisit record has that of another one


def wrong_digests(record: WarcRecord) -> list[str]:
    """`block` and `payload`, if the record, which must be whole, does not have these digests."""
    wrong = []
    if not _agrees(record.get("warc-block-digest"), [record.block]):
        wrong.append("block")
    if record.type in _WITH_PAYLOAD and not _agrees(record.get("warc-payload-digest"), _payloads(record)):
        wrong.append("payload")
    return wrong


def _payloads(record: WarcRecord) -> Iterator[bytes]:
    """What a payload digest may be made of: the body as stored, or without chunk lines."""
    yield split_message(record)[1]
    yield payload_of(record)


def _agrees(recorded: str, candidates: Iterable[bytes]) -> bool:
    """Whether a digest (`sha1:` and base32, or another algorithm, or hex) is that of one of some contents."""
    algorithm, _, value = recorded.partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        return True
    for content in candidates:
        found = hashlib.new(algorithm.lower(), content, usedforsecurity=False)
        if value.upper() in (base64.b32encode(found.digest()).decode(), found.hexdigest().upper()):
            return True
    return False
