"""Which payloads are archived already: the index by which a repeated one becomes a revisit record.

The setting ARCHIVE_DIGESTS names the index's class, which is made with `from_crawler`; `RunDigests`
is the archive's own, another one can remember the payloads of earlier runs as well.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol, Self

from scrapy.crawler import Crawler


class Original(Protocol):
    """A whole capture of a GET with status 200: what a revisit record says of it, and where it lies."""

    @property
    def url(self) -> str: ...
    @property
    def date(self) -> str:
        """WARC-Date, as written."""
        ...

    @property
    def record_id(self) -> str: ...
    @property
    def payload_digest(self) -> str: ...
    @property
    def warc(self) -> str:
        """Name of its file, without `.open`."""
        ...

    @property
    def offset(self) -> int: ...


class DigestIndex(Protocol):
    """Originals by the 32 octets of `payload_key` and `url_key`; used by one thread, the writer's."""

    def find(self, key: bytes) -> Original | None:
        """The original of a key."""
        ...

    def add(self, originals: Mapping[bytes, Original]) -> None:
        """Remember originals, whose records are on disk; newer ones replace those of the same key.

        OSError, naming the index, if it cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@dataclass(frozen=True, slots=True)
class KnownOriginal:
    """An `Original` that this process wrote or read."""

    url: str
    date: str
    record_id: str
    payload_digest: str
    warc: str
    offset: int


# Not SHA-1, though records show it: whoever can make two pages of one SHA-1 must not have the second
# taken for the first.
def payload_key(payload: bytes) -> bytes:
    """By what a payload is found: equal for equal octets only."""
    return blake2b(payload, digest_size=32, person=b"payload").digest()


def url_key(url: str) -> bytes:
    """By what the newest payload of a URL is found; never equal to the key of a payload."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=32, person=b"url").digest()


class RunDigests:
    """Remembers the payloads of one run in a few megabytes of memory.

    A private SQLite database without a name keeps them: what its cache does not hold lies in a
    temporary file that disappears with it.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute(
            "create table original (key blob primary key, url text, date text, record_id text,"
            " payload_digest text, warc text, offset integer) without rowid"
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def find(self, key: bytes) -> KnownOriginal | None:
        query = "select url, date, record_id, payload_digest, warc, offset from original where key = ?"
        row = self._database.execute(query, (key,)).fetchone()
        return KnownOriginal(*row) if row else None

    def add(self, originals: Mapping[bytes, Original]) -> None:
        rows = (
            (key, found.url, found.date, found.record_id, found.payload_digest, found.warc, found.offset)
            for key, found in originals.items()
        )
        self._database.executemany("insert or replace into original values (?, ?, ?, ?, ?, ?, ?)", rows)
        self._database.commit()

    def close(self) -> None:
        self._database.close()
