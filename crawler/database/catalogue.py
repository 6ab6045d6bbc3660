"""The catalogue as one process uses it: one engine for all that read and write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from crawler.database.engine import open_engine
from crawler.database.write_lock import writing

Result = TypeVar("Result")

# Serialization failure and deadlock (PostgreSQL, appendix A).
_GIVEN_UP = ("40001", "40P01")

ATTEMPTS = 5
"""How often a transaction is tried when the database ends it for the sake of another one."""


class Catalogue:
    """One database; its methods may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, store_url: str, data_dir: Path) -> Self:
        """The database at an SQLAlchemy URL, or `catalogue.sqlite` in `data_dir`; made if there is none."""
        return cls(open_engine(store_url, data_dir))

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

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
        """Do work in one transaction, again if the database gave it up for that of another worker."""
        for _ in range(ATTEMPTS - 1):
            try:
                with writing(self.engine) as connection:
                    return work(connection)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _GIVEN_UP:
                    raise
        with writing(self.engine) as connection:
            return work(connection)
