"""A second run over sites that did not change archives that, and next to nothing else."""

from pathlib import Path

import pytest

from crawler.demo import Newsroom
from tests.support.crawls import run_crawl
from tests.support.warc_records import Seen, read_warc
from tests.test_end_to_end import LOOPBACK, corpus, replay


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of two runs."""
    folder = tmp_path_factory.mktemp("unchanged")
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        settings = LOOPBACK | {"DATA_DIR": str(folder / "data")}
        for _ in range(2):
            run_crawl("news", settings, sources=str(folder / "newsroom.toml"))
    return folder / "data"


def warcs(data: Path) -> list[Path]:
    return sorted((data / "collections" / "news" / "archive").glob("*.warc.gz"))


def answers(records: list[Seen]) -> list[Seen]:
    return [record for record in records if record.type in ("response", "revisit")]


def test_it_adds_revisits_only(data: Path) -> None:
    first, second = (answers(read_warc(path)) for path in warcs(data))
    ids = {record.get("WARC-Record-ID") for record in first if record.type == "response"}

    fresh = [record for record in second if record.type == "response" and b" 200 " in record.block[:15]]
    assert [record.get("WARC-Target-URI") for record in fresh] == []
    assert len(second) >= 10  # robots.txt is known for a day
    assert {record.get("WARC-Refers-To") for record in second if record.type == "revisit"} <= ids
    sizes = [path.stat().st_size for path in warcs(data)]
    per_visit = sizes[1] / len(second)
    print(f"second run: {len(second)} visits, {per_visit:.0f} bytes each; first run: {sizes[0]} bytes")
    assert per_visit < 2500


def test_both_runs_together_replay_to_the_same_corpus(data: Path, tmp_path: Path) -> None:
    again = replay(data / "collections" / "news" / "archive", tmp_path / "again")

    assert corpus(again) == corpus(data)
