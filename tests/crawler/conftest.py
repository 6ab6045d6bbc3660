"""One crawl of two newsroom sites, which tests copy to damage it."""

import hashlib
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from crawler.cli.crawl import note_manifest_head
from crawler.demo import Newsroom
from tests.support.catalogues import change
from tests.support.crawls import run_crawl
from tests.support.session import once

SETTINGS = {
    "ADDRESS_GUARD_ALLOW": ["127.0.0.1"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "ARCHIVE_MAX_BYTES": 100_000,  # for some files, and as many lines of the manifest
}
TWO_SITES = "le-courrier-du-levant,calder-falls-ledger"
"""Two that have a text in common."""


@pytest.fixture(scope="session")
def newsroom_crawl() -> Path:
    """A data directory that no test may change."""
    return once("newsroom-crawl", _crawl)


def _crawl(folder: Path) -> Path:
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        settings = SETTINGS | {"DATA_DIR": str(folder / "data")}
        crawler = run_crawl("news", settings, sources=str(folder / "newsroom.toml"), source=TWO_SITES)
    note_manifest_head(crawler)
    return folder / "data"


@pytest.fixture
def data(newsroom_crawl: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(newsroom_crawl, tmp_path / "data")


@pytest.fixture
def replays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving again takes place in the test's process, and of the same records only once a session."""
    monkeypatch.setattr("crawler.audit.rederivation.replay", replay_once)


def replay_once(archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
    """What `crawler.audit.rederivation.replay` does, with a copy of what an earlier call made of equal files."""
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(archives.iterdir())]
    key = hashlib.sha256(repr([digests, sorted(settings.items())]).encode()).hexdigest()
    done, read = once(f"replay-{key[:16]}", partial(_replay, archives, settings))
    shutil.copytree(done, data_dir)
    change(data_dir, "update capture set warc = replace(warc, ?, ?)", str(read), str(archives))


def _replay(archives: Path, settings: Mapping[str, object], folder: Path) -> tuple[Path, Path]:
    data = folder / "data"
    given = {**settings, "DATA_DIR": str(data), "STORE_URL": "", "ARCHIVE_SIGNING_KEY": ""}
    run_crawl("replay", given | {"LOG_LEVEL": "CRITICAL"}, path=str(archives))
    return data, archives
