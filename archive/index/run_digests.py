"""The payloads that one run archived: the index of digests of a project that names no other."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Self

from scrapy.crawler import Crawler

from archive.warc.digests import Original
from archive.warc.temporary_table import TemporaryTable

_COLUMNS = "key blob primary key, url text, date text, record_id text, payload_digest text, warc text, offset integer"


class RunDigests:
    """A `DigestIndex` in a few megabytes of memory, which knows nothing of earlier runs."""

    def __init__(self) -> None:
        self._table = TemporaryTable("original", _COLUMNS, same_key="replace")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def find(self, key: bytes) -> Original | None:
        """The original of a key."""
        query = "select url, date, record_id, payload_digest, warc, offset from original where key = ?"
        row = self._table.row(query, key)
        return Original(*row) if row else None

    def add(self, originals: Mapping[bytes, Original]) -> None:
        """Remember originals; newer ones replace those of the same key."""
        self._table.add((key, *astuple(original)) for key, original in originals.items())

    def close(self) -> None:
        """Remove the index."""
        self._table.close()
