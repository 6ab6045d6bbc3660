"""Digests of payloads: the one that records show, and the one that finds a repeated payload."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
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


def sha1_digest(*pieces: bytes) -> str:
    """`sha1:` and base32: the digest of blocks and payloads that the tools of other archives compare."""
    digest = sha1(usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return f"sha1:{base64.b32encode(digest.digest()).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest by its algorithm and its bytes, however a record writes it."""

    algorithm: str
    """As hashlib names it."""
    value: bytes

    def is_of(self, content: bytes) -> bool:
        """Whether it is that of a content."""
        return hashlib.new(self.algorithm, content, usedforsecurity=False).digest() == self.value


_SIZES = {"sha1": 20, "sha256": 32, "sha512": 64, "sha384": 48, "sha224": 28, "md5": 16, "blake2b": 64}
_UNNAMED = {20: "sha1", 32: "sha256", 64: "sha512"}
"""By the size of a digest without the name of its algorithm."""


def parse_digest(text: str) -> Digest | None:
    """A digest in base32, hex or base64, in any case and with any sign in the algorithm's name; None if it is none."""
    name, _, value = text.strip().rpartition(":")
    algorithm = re.sub(r"[^a-z0-9]", "", name.lower())
    for decoded in _decodings(value):
        if len(decoded) == _SIZES.get(algorithm) or (not name and len(decoded) in _UNNAMED):
            return Digest(algorithm or _UNNAMED[len(decoded)], decoded)
    return None


def same_digest(one: str, other: str) -> bool | None:
    """Whether two digests are of the same bytes; None if that cannot be known."""
    first, second = parse_digest(one), parse_digest(other)
    if first is None or second is None or first.algorithm != second.algorithm:
        return True if one and one == other else None
    return first.value == second.value


def digest_key(text: str) -> str:
    """A digest in one spelling; an unknown one as it is."""
    digest = parse_digest(text)
    return f"{digest.algorithm}:{digest.value.hex()}" if digest else text


def _decodings(value: str) -> Iterator[bytes]:
    """What a text may stand for; of each length at most one is possible for an algorithm."""
    padded = value.upper() + "=" * (-len(value) % 8)
    decoders: tuple[Callable[[str], bytes], ...] = (
        bytes.fromhex,
        lambda _: base64.b32decode(padded),
        _from_base64,
    )
    for decode in decoders:
        with suppress(ValueError, binascii.Error):
            yield decode(value)


def _from_base64(value: str) -> bytes:
    plain = value.replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
