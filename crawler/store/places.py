"""Places of records in the catalogue, kept true when the archive merges files."""

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

from scrapy.crawler import Crawler
from sqlalchemy import Engine, case, update
from sqlalchemy.exc import DBAPIError

from crawler.store import schema
from crawler.store.engine import open_engine, shown


class MovedFile(Protocol):
    """A file that went into another, in the archive's words."""

    @property
    def name(self) -> str: ...
    @property
    def offset(self) -> int:
        """By how many octets its records have moved."""
        ...


class MergedFiles(Protocol):
    """A new file, and what it is put together of."""

    @property
    def name(self) -> str: ...
    @property
    def parts(self) -> Sequence[MovedFile]: ...


class StoredPlaces:
    """ARCHIVE_MOVED of Frontwire."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(open_engine(crawler.settings["STORE_URL"], Path(crawler.settings["DATA_DIR"])))

    def moved(self, merge: MergedFiles) -> None:
        """Let captures and payloads of the old files lead into the new one, in one transaction.

        OSError, naming the database, when it fails.
        """
        offsets = {part.name: part.offset for part in merge.parts}
        try:
            with self._engine.begin() as connection:
                for table in (schema.capture, schema.payload):
                    place = table.c.offset + case(offsets, value=table.c.warc)
                    moving = update(table).where(table.c.warc.in_(offsets))
                    connection.execute(moving.values(warc=merge.name, offset=place))
        except DBAPIError as error:
            name = shown(self._engine.url)
            raise OSError(errno.EIO, str(error.orig), name) from error

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
