"""What every test may use."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

SIGNING_KEY = "FRONTWIRE_ARCHIVE_SIGNING_KEY"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=6, help="how many crawls and merges are killed")


def pytest_configure(config: pytest.Config) -> None:
    """Sign with a key that is thrown away: no test may read or write the user's own."""
    folder = tempfile.mkdtemp(prefix="frontwire-tests-")
    os.environ[SIGNING_KEY] = f"{folder}/signing-key.pem"
    config.add_cleanup(lambda: shutil.rmtree(folder))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and foreign archives that is not part of the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("real pages and foreign archives (../shared) are not on this machine")
    return folder
