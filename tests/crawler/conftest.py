"""One crawl of two newsroom sites, which tests copy to damage it."""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.cli.crawl import note_manifest_head
from crawler.demo import Newsroom
from tests.support.catalogues import change
from tests.support.crawls import run_crawl

SETTINGS = {
    "ADDRESS_GUARD_ALLOW": ["127.0.0.1"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "ARCHIVE_MAX_BYTES": 100_000,  # for some files, and as many lines of the manifest
}
TWO_SITES = "le-courrier-du-levant,calder-falls-ledger"
"""Two that have a text in common."""


@pytest.fixture(scope="session")
def newsroom_crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that nobody may change."""
    folder = tmp_path_factory.mktemp("newsroom-crawl")
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


@pytest.fixture(scope="session")
def replays(tmp_path_factory: pytest.TempPathFactory) -> "Replays":
    return Replays(tmp_path_factory.mktemp("replays"))


@pytest.fixture
def replays_here(replays: "Replays", monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving again takes place in the test's process, and of the same records only once."""
    monkeypatch.setattr("crawler.audit.rederivation.replay", replays.replay)


class Replays:
    """Stands for `crawler.audit.rederivation.replay`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done: dict[object, tuple[Path, Path]] = {}

    def replay(self, archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
        digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(archives.iterdir())]
        key = (*digests, *sorted(settings.items()))
        if key not in self._done:
            data = self._folder / str(len(self._done))
            given = {**settings, "DATA_DIR": str(data), "STORE_URL": "", "ARCHIVE_SIGNING_KEY": ""}
            run_crawl("replay", given | {"LOG_LEVEL": "CRITICAL"}, path=str(archives))
            self._done[key] = (data, archives)
        done, read = self._done[key]
        shutil.copytree(done, data_dir)
        change(data_dir, "update capture set warc = replace(warc, ?, ?)", str(read), str(archives))
