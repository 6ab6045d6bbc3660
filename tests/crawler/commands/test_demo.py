"""What `scrapy demo` finds is what `scrapy verify` would find; `.ci/run` runs the whole of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.audit.rederivation import archives_of
from crawler.cli import demo
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from tests.support.catalogues import change, seed_files
from tests.support.checkout import ROOT
from tests.support.crawls import run_crawl


@pytest.fixture(scope="module")
def again(newsroom_crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The catalogue of a replay."""
    folder = tmp_path_factory.mktemp("again")
    run_crawl("replay", {"DATA_DIR": str(folder)}, path=str(newsroom_crawl / "collections"))
    with closing(Catalogue.open("", folder)) as catalogue:
        yield catalogue


def found(data: Path, again: Catalogue) -> list[str]:
    with closing(Catalogue.open("", data)) as catalogue:
        return list(demo.verify(catalogue, again, DataDir.at(data), ""))


def test_it_finds_nothing_in_what_is_intact(data: Path, again: Catalogue) -> None:
    assert found(data, again) == []


def test_it_finds_what_was_changed(data: Path, again: Catalogue) -> None:
    [warc, *_] = archives_of(data / "collections" / "news" / "archive", [])
    warc.write_bytes(warc.read_bytes() + b"\0")
    file = next(iter(seed_files(data)))
    (data / "corpus" / file).unlink()
    change(data, "update article set title = 'Nothing' where file = ?", file)
    said = "\n".join(found(data, again))
    assert f"{warc.name} was changed" in said
    assert f"The seed file {file}" in said
    assert "another title" in said


@pytest.mark.parametrize("below", ["", "docs", "crawler/sources"])
def test_it_finds_the_seeds_in_any_folder_of_the_checkout(
    below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / below)
    assert [*demo.find_seeds(Settings({"SEEDS_DIR": "seeds"})).glob("*.txt")]


def test_it_takes_the_seeds_that_are_named(tmp_path: Path) -> None:
    assert demo.find_seeds(Settings({"SEEDS_DIR": str(tmp_path)})) == tmp_path
