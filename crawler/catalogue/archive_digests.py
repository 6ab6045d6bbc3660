"""The archive's index of payloads, kept in the catalogue: later runs refer to what earlier ones archived."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from sqlalchemy import Engine, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from archive.warc.digests import Original
from crawler.database import schema
from crawler.database.engine import open_engine, shown
from crawler.database.write_lock import writing

_COLUMNS = [schema.payload.c[field.name] for field in fields(Original)]
_FIND = select(*_COLUMNS).where(schema.payload.c.key == bindparam("key"))


class StoredDigests:
    """ARCHIVE_DIGESTS of Frontwire; rows are added only when their records are on disk.

    OSError, naming the database, when it fails: the archive then stops the crawl as if its own disk had failed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(open_engine(crawler.settings["STORE_URL"], Path(crawler.settings["DATA_DIR"])))

    def find(self, key: bytes) -> Original | None:
        """The capture of a key, or None."""
        with self._naming_the_database(), self._engine.connect() as connection:
            row = connection.execute(_FIND, {"key": key}).first()
        return Original(*row) if row else None

    def add(self, originals: Mapping[bytes, Original]) -> None:
        """Enter captures in one transaction; of one key the newest stays."""
        statement = self._insert(schema.payload)
        statement = statement.on_conflict_do_update(
            index_elements=["key"], set_={column.name: statement.excluded[column.name] for column in _COLUMNS}
        )
        # Sorted: writers of one database that lock the same rows in other orders would deadlock.
        rows = [
            {"key": key} | {column.name: getattr(originals[key], column.name) for column in _COLUMNS}
            for key in sorted(originals)
        ]
        with self._naming_the_database(), writing(self._engine) as connection:
            connection.execute(statement, rows)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _naming_the_database(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            name = shown(self._engine.url)
            raise OSError(errno.EIO, str(error.orig), name) from error
