"""Places of records in the catalogue, kept true when the archive rewrites files."""

import errno
from typing import Self

from scrapy.crawler import Crawler
from sqlalchemy import Connection, Table, and_, case, delete, update
from sqlalchemy.exc import DBAPIError

from archive.warc.closed_file import Redaction
from archive.warc.rewriting_journal import Rewriting
from crawler.database import schema
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.database.unusable import shown


class StoredPlaces:
    """ARCHIVE_MOVED of Frontwire."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(catalogue_of(crawler))

    def moved(self, rewriting: Rewriting) -> None:
        """Let captures and payloads of the old files lead into the new one, in one transaction.

        OSError, naming the database, when it fails.
        """

        def move(connection: Connection) -> None:
            _forget_payloads(connection, rewriting.redaction)
            for table in (schema.capture, schema.payload):
                _move(connection, table, rewriting)
            _change(connection, rewriting)

        try:
            self._catalogue.write(move)
        except DBAPIError as error:
            name = shown(self._catalogue.engine.url)
            raise OSError(errno.EIO, str(error.orig), name) from error

    def close(self) -> None:
        """Close the catalogue, unless other parts of the crawl still use it."""
        self._catalogue.close()


def _forget_payloads(connection: Connection, takedown: Redaction | None) -> None:
    """What is gone must not be repeated."""
    for record_id in takedown.records if takedown else ():
        connection.execute(delete(schema.payload).where(schema.payload.c.record_id == record_id))


def _move(connection: Connection, table: Table, rewriting: Rewriting) -> None:
    place = table.c
    moves = [  # the first that fits counts: parts are in the order of their bytes
        (and_(place.warc == part.name, place.offset < part.begin + part.size), part.offset - part.begin)
        for part in rewriting.parts
    ]
    moving = update(table).where(place.warc.in_({part.name for part in rewriting.parts}))
    connection.execute(moving.values(warc=rewriting.name, offset=place.offset + case(*moves, else_=0)))


def _change(connection: Connection, rewriting: Rewriting) -> None:
    """Describe the records that replace others now."""
    capture = schema.capture.c
    for change in rewriting.changes:
        values = {name: getattr(change, name) for name in ("length", "record_id", "payload_digest")}
        here = and_(capture.warc == rewriting.name, capture.offset == change.offset)
        connection.execute(update(schema.capture).where(here).values(values))
