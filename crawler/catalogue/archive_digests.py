"""The archive's index of payloads, kept in the catalogue: later runs refer to what earlier ones archived."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Self

from scrapy.crawler import Crawler
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from archive.warc.digests import Original
from crawler.database import schema
from crawler.database.bulk import replacing
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.database.unusable import shown

_COLUMNS = [schema.payload.c[field.name] for field in fields(Original)]
_FIND = select(*_COLUMNS).where(schema.payload.c.key == bindparam("key"))


class StoredDigests:
    """ARCHIVE_DIGESTS of Frontwire; rows are added only when their records are on disk.

    OSError, naming the database, when it fails: the archive then stops the crawl as if its own disk had failed.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(catalogue_of(crawler))

    def find(self, key: bytes) -> Original | None:
        """The capture of a key, or None."""
        with self._naming_the_database(), self._catalogue.read() as connection:
            row = connection.execute(_FIND, {"key": key}).first()
        return Original(*row) if row else None

    def add(self, originals: Mapping[bytes, Original]) -> None:
        """Enter captures in one transaction; of one key the newest stays."""
        # Sorted: writers of one database that lock the same rows in other orders would deadlock.
        rows = [
            {"key": key} | {column.name: getattr(originals[key], column.name) for column in _COLUMNS}
            for key in sorted(originals)
        ]

        with self._naming_the_database():
            self._catalogue.write(lambda connection: _enter(connection, rows))

    def close(self) -> None:
        """Close the catalogue, unless other parts of the crawl still use it."""
        self._catalogue.close()

    @contextmanager
    def _naming_the_database(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            name = shown(self._catalogue.engine.url)
            raise OSError(errno.EIO, str(error.orig), name) from error


def _enter(connection: Connection, rows: list[dict[str, object]]) -> None:
    names = (column.name for column in _COLUMNS)
    connection.execute(replacing(connection, schema.payload, "key", names), rows)
