"""The catalogue as one process uses it: one engine for all that read and write, one thread that writes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Self, TypeVar
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from crawler.database.engine import open_engine

Result = TypeVar("Result")

# Serialization failure and deadlock (PostgreSQL, appendix A).
_GIVEN_UP = ("40001", "40P01")

ATTEMPTS = 5
"""How often a transaction is tried when the database ends it for the sake of another one."""


class Catalogue:
    """One database; its methods may be called from any thread, but `write` not from within a transaction.

    Transactions that change something run one after the other, in the order of the calls. SQLite itself lets each
    writer look for the lock from time to time only: a thread that took it again at once would keep it, until
    another one fails because the database is locked.
    """

    def __init__(self, engine: Engine, is_shared: bool = False) -> None:
        self.engine = engine
        self.is_shared = is_shared
        """Whether several data directories may have their rows in it: each command then asks which rows are its own."""
        self._users = 0
        self.share()

    @classmethod
    def open(cls, store_url: str, data_dir: Path) -> Self:
        """The database at an SQLAlchemy URL, or `catalogue.sqlite` in `data_dir`; made if there is none."""
        return cls(open_engine(store_url, data_dir), bool(store_url))

    def share(self) -> Self:
        """The same for one more user, also after the last one has closed it; each of them closes it."""
        if not self._users:
            self._writer = ThreadPoolExecutor(1, "catalogue")
            self._writing = 0
        self._users += 1
        return self

    def close(self) -> None:
        """End the thread and close the connections, when the last user has closed it."""
        self._users -= 1
        if not self._users:
            self._writer.shutdown()
            self.engine.dispose()

    @property
    def is_open(self) -> bool:
        """Whether anyone still uses it."""
        return self._users > 0

    @property
    def is_private(self) -> bool:
        """Whether only one run at a time can use it: the one that holds its data directory."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries."""
        with self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Wait until work is done in one transaction; it is done again if the database ended it for another one."""
        assert get_ident() != self._writing, "a transaction cannot wait for one that comes after it"
        return self._writer.submit(self._transact, work).result()

    def _transact(self, work: Callable[[Connection], Result]) -> Result:
        self._writing = get_ident()
        for _ in range(ATTEMPTS - 1):
            try:
                return self._transact_once(work)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _GIVEN_UP:
                    raise
        return self._transact_once(work)

    def _transact_once(self, work: Callable[[Connection], Result]) -> Result:
        with self.engine.begin() as connection:
            return work(connection)


_of_crawls: WeakKeyDictionary[Crawler, Catalogue] = WeakKeyDictionary()


def catalogue_of(crawler: Crawler) -> Catalogue:
    """The catalogue that all parts of a crawl share; each of them closes it."""
    known = _of_crawls.get(crawler)
    if known is not None and known.is_open:
        return known.share()
    settings = crawler.settings
    opened = _of_crawls[crawler] = Catalogue.open(settings["STORE_URL"], Path(settings["DATA_DIR"]))
    return opened
