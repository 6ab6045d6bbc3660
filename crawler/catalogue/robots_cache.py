"""The robots.txt of hosts, kept in the catalogue: workers and later runs need not fetch it again."""

from typing import Self

from scrapy.crawler import Crawler
from sqlalchemy import Connection, select

from crawler.database import schema
from crawler.database.bulk import insert_into
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.database.clock import now_ms


class StoredRobots:
    """ROBOTS_CACHE of Frontwire; its methods block."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(catalogue_of(crawler))

    def find(self, origin: str, lifetime_s: float) -> bytes | None:
        """The rules of an origin that are not older than that, empty where it has none; None if unknown."""
        table = schema.robots
        now = select(now_ms()).scalar_subquery()
        # Fetched after now: by a clock that was wrong.
        fresh = (table.c.fetched > now - int(1000 * lifetime_s), table.c.fetched <= now)
        with self._catalogue.read() as connection:
            body = connection.execute(select(table.c.body).where(table.c.origin == origin, *fresh)).scalar()
        return bytes(body) if body is not None else None

    def save(self, origin: str, body: bytes) -> None:
        """Keep the rules that an origin has just sent, empty if it has none."""

        def save(connection: Connection) -> None:
            saving = insert_into(connection, schema.robots).values(origin=origin, body=body, fetched=now_ms())
            new = {"body": saving.excluded.body, "fetched": saving.excluded.fetched}
            connection.execute(saving.on_conflict_do_update(index_elements=["origin"], set_=new))

        self._catalogue.write(save)

    def close(self) -> None:
        """Close the catalogue, unless other parts of the crawl still use it."""
        self._catalogue.close()
