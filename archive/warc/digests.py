"""Digests of payloads: the one that records show, and the one that finds a repeated payload."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b, sha1
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Original:
    """A whole capture of a GET with status 200: what a revisit record says about it, and where it lies."""

    url: str
    date: str
    """WARC-Date, as written."""
    record_id: str
    payload_digest: str
    warc: str
    """Name of its file, without `.open`."""
    offset: int


class DigestIndex(Protocol):
    """Originals by the 32 bytes of `payload_key` and `url_key`; used by one thread, the writer's.

    The setting ARCHIVE_DIGESTS names the class, which is made with `from_crawler`.
    """

    def find(self, key: bytes) -> Original | None:
        """The original of a key."""
        ...

    def add(self, originals: Mapping[bytes, Original]) -> None:
        """Remember originals whose records are on disk; a newer one replaces an older one of the same key.

        OSError, naming the index, if it cannot be written.
        """
        ...

    def close(self) -> None:
        """Close files and connections."""
        ...


# Not SHA-1, though records show it: a person who can make two pages with one SHA-1 must not be able to have
# the second taken for the first.
def payload_key(payload: bytes) -> bytes:
    """The key of a payload: equal only for equal bytes."""
    return blake2b(payload, digest_size=32, person=b"payload").digest()


def url_key(url: str) -> bytes:
    """The key of the newest payload of a URL; never equal to the key of a payload."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=32, person=b"url").digest()


def sha1_digest(data: bytes) -> str:
    """`sha1:` and base32: the digest of blocks and payloads that the tools of other archives compare."""
    return f"sha1:{base64.b32encode(sha1(data, usedforsecurity=False).digest()).decode('ascii')}"
