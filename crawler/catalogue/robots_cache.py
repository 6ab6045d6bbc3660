"""The robots.txt and tdmrep.json of hosts, kept in the catalogue: workers and later runs need not fetch them again."""

from typing import Any, Self

from scrapy.crawler import Crawler
from sqlalchemy import Connection, Row, Table, select

from crawler.database import schema
from crawler.database.bulk import insert_into
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.database.clock import now_ms
from crawler.rights.site_file import SiteFile


class _StoredFiles:
    """One file of each origin; its methods block."""

    table: Table

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(catalogue_of(crawler))

    def close(self) -> None:
        """Close the catalogue, unless other parts of the crawl still use it."""
        self._catalogue.close()

    def _find(self, origin: str, lifetime_s: float) -> Row[Any] | None:
        column, now = self.table.c, select(now_ms()).scalar_subquery()
        # Fetched after now: by a clock that was wrong.
        fresh = (column.fetched > now - int(1000 * lifetime_s), column.fetched <= now)
        with self._catalogue.read() as connection:
            return connection.execute(select(column.body).where(column.origin == origin, *fresh)).first()

    def _save(self, origin: str, body: bytes | None) -> None:
        def save(connection: Connection) -> None:
            saving = insert_into(connection, self.table).values(origin=origin, body=body, fetched=now_ms())
            new = {"body": saving.excluded.body, "fetched": saving.excluded.fetched}
            connection.execute(saving.on_conflict_do_update(index_elements=["origin"], set_=new))

        self._catalogue.write(save)


class StoredRobots(_StoredFiles):
    """ROBOTS_CACHE of Frontwire."""

    table = schema.robots

    def find(self, origin: str, lifetime_s: float) -> bytes | None:
        """The rules of an origin that are not older than that, empty where it has none; None if unknown."""
        row = self._find(origin, lifetime_s)
        return bytes(row[0]) if row is not None and row[0] is not None else None

    def save(self, origin: str, body: bytes) -> None:
        """Keep the rules that an origin has just sent, empty if it has none."""
        self._save(origin, body)


class StoredReservations(_StoredFiles):
    """TDMREP_CACHE of Frontwire."""

    table = schema.tdmrep

    def find(self, origin: str, lifetime_s: float) -> SiteFile | None:
        """What the last look gave that is not older than that."""
        row = self._find(origin, lifetime_s)
        return SiteFile(None if row[0] is None else bytes(row[0])) if row is not None else None

    def save(self, origin: str, file: SiteFile) -> None:
        """Keep what a look gave, though it was nothing: the site is not asked again on this day."""
        self._save(origin, file.body)
