"""What every test may use."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from crawler import garbage
from crawler.database.catalogue import Catalogue
from tests.support.checkout import ROOT
from tests.support.newsroom_runs import NewsroomRuns, run_twice
from tests.support.postgres import new_database, run_postgres, store_template
from tests.support.session import open_session
from tests.support.statements import share_compiled_statements

# A deadline would be an assertion on time: a busy machine fails it. All else stays as it is, derandomized in CI.
settings.register_profile("without deadline", settings(), deadline=None)
settings.load_profile("without deadline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=6, help="how many crawls and merges are killed")


def pytest_configure(config: pytest.Config) -> None:
    garbage.pause()
    open_session(config)
    share_compiled_statements()


def pytest_collection_finish() -> None:
    garbage.resume()  # what was collected are half a million objects, and all stay


def pytest_runtest_teardown() -> None:
    gc.enable()  # a command that a test ran in this process ended as if the process did


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
    with run_postgres() as server:
        yield server


@pytest.fixture
def empty_postgres_url(postgres: str) -> Iterator[str]:
    """STORE_URL of a database without tables."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """STORE_URL of a new store on PostgreSQL."""
    with new_database(postgres, store_template(postgres)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """STORE_URL of a new store, of either kind."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def catalogue(store_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    """A new store, of either kind."""
    opened = Catalogue.open(store_url, tmp_path)
    yield opened
    opened.close()
