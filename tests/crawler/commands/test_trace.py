"""`scrapy trace` leads from a file of the corpus to its record, and sees when one of them was changed."""

import shutil
from pathlib import Path

import pytest

from crawler.commands.trace import printable
from crawler.newsroom import Newsroom
from tests.commands import scrapy
from tests.crawls import run_crawl

SETTINGS = {"ADDRESS_GUARD_ALLOW": ["127.0.0.1"], "CONCURRENT_REQUESTS_PER_DOMAIN": 8}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        settings = SETTINGS | {"DATA_DIR": str(folder / "data")}
        run_crawl("news", settings, sources=str(folder / "newsroom.toml"), source="le-courrier-du-levant")
    return folder / "data"


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(crawled, tmp_path / "data")


def first_file(data: Path) -> Path:
    return min((data / "corpus").glob("2*/*.txt"))


def test_a_file_leads_to_its_record(crawled: Path) -> None:
    result = scrapy("trace", first_file(crawled), "-s", f"DATA_DIR={crawled}")
    assert result.returncode == 0, result.stderr
    assert "http://127.0.0.1:" in result.stdout
    assert ".warc.gz" in result.stdout
    assert result.stdout.count("agrees") == 3


def test_an_edited_file_disagrees(data: Path) -> None:
    file = first_file(data)
    file.write_bytes(file.read_bytes() + b" And so on.")
    result = scrapy("trace", file, "-s", f"DATA_DIR={data}")
    assert result.returncode == 1
    assert "DISAGREES" in result.stdout


def test_a_missing_warc_is_named(data: Path) -> None:
    [warc] = (data / "collections" / "news" / "archive").glob("*.warc.gz")
    warc.unlink()
    result = scrapy("trace", first_file(data), "-s", f"DATA_DIR={data}")
    assert result.returncode == 1
    assert warc.name in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_file_is_refused(crawled: Path) -> None:
    result = scrapy("trace", "2021-01/999_0000000000000000.txt", "-s", f"DATA_DIR={crawled}")
    assert result.returncode == 2
    assert "999_0000000000000000.txt" in result.stderr


def test_what_a_page_says_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2Jمرحبا\x07") == "\ufffd[2Jمرحبا\ufffd"
