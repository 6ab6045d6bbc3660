"""Deriving the corpus again shows what would differ, and whether an upgrade explains it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.newsroom import Newsroom
from crawler.rederivation import Difference, compare_corpora, rederived
from crawler.store.store import Store
from tests.crawls import run_crawl

SETTINGS = {"ADDRESS_GUARD_ALLOW": ["127.0.0.1"], "CONCURRENT_REQUESTS_PER_DOMAIN": 8}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rederivation")
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        data_dir = folder / "data"
        run_crawl("news", SETTINGS | {"DATA_DIR": str(data_dir)}, sources=str(folder / "newsroom.toml"))
    return data_dir


@pytest.fixture(scope="module")
def again(crawled: Path) -> Iterator[Path]:
    with rederived(crawled / "collections" / "news" / "archive", crawled, {}) as data_dir:
        yield data_dir


@pytest.fixture
def live(crawled: Path, tmp_path: Path) -> Path:
    """A copy of the crawled data directory that a test may damage."""
    return shutil.copytree(crawled, tmp_path / "live", ignore=shutil.ignore_patterns(".rederived-*"))


def differences(live: Path, again: Path) -> list[Difference]:
    with closing(Store.open("", live)) as one, closing(Store.open("", again)) as other:
        return list(compare_corpora(live, again, one, other))


def change(data_dir: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(data_dir / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute(statement, values)


def first_file(data_dir: Path) -> Path:
    return min((data_dir / "corpus").glob("2*/*.txt"))


def test_an_untouched_corpus_is_derived_again_as_it_is(live: Path, again: Path) -> None:
    assert differences(live, again) == []


def test_an_edited_file_is_named(live: Path, again: Path) -> None:
    file = first_file(live)
    file.write_bytes(file.read_bytes() + b" And so on.")
    [difference] = differences(live, again)
    assert file.name in difference.sentence
    assert not difference.is_explained


def test_a_missing_file_is_named(live: Path, again: Path) -> None:
    first_file(live).unlink()
    [difference] = differences(live, again)
    assert not difference.is_explained


def test_an_article_that_the_corpus_lacks_is_named(live: Path, again: Path) -> None:
    change(live, "delete from date_evidence")
    change(live, "delete from article where file = (select min(file) from article)")
    [difference] = differences(live, again)
    assert difference.file is None
    assert "would be in the corpus now" in difference.sentence
    assert not difference.is_explained


@pytest.mark.parametrize("column", ["extractor", "model"])
def test_an_upgrade_explains_a_difference(live: Path, again: Path, column: str) -> None:
    file = first_file(live)
    file.write_bytes(file.read_bytes() + b" And so on.")
    change(live, f"update article set {column} = 'an earlier one'")
    [difference] = differences(live, again)
    assert difference.is_explained


def test_the_work_folder_is_removed(crawled: Path) -> None:
    with rederived(crawled / "collections" / "news" / "archive", crawled, {}) as data_dir:
        assert (data_dir / "corpus").is_dir()
    assert not data_dir.exists()
