"""What `scrapy demo` finds is what `scrapy verify` would find; `.ci/run` runs the whole of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.audit.rederivation import archives_of
from crawler.cli import demo
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from tests.support.catalogues import change, seed_files
from tests.support.checkout import ROOT
from tests.support.crawls import run_crawl
from tests.support.session import SIGNING_KEY


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


@pytest.mark.parametrize(
    ("live", "replayed", "said"),
    [
        ({"000_a": b"Orla"}, {"000_a": b"Orla"}, []),
        ({"000_a": b"Orla"}, {"000_a": b"Velm"}, ["000_a.txt differs"]),
        ({"000_a": b"Orla", "001_b": b"Tolm"}, {"000_a": b"Orla"}, ["001_b.txt differs"]),
        ({"000_a": b"Orla"}, {"000_a": b"Orla", "001_b": b"Tolm"}, ["001_b.txt differs"]),
        ({}, {}, ["No article in "]),
    ],
)
def test_it_finds_each_file_that_is_not_the_same_in_both(
    tmp_path: Path, live: dict[str, bytes], replayed: dict[str, bytes], said: list[str]
) -> None:
    for name, files in (("live", live), ("replayed", replayed)):
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / f"{file}.txt").write_bytes(content)
    sentences = [*demo.compare(tmp_path / "live", tmp_path / "replayed")]
    assert len(sentences) == len(said)
    assert all(sentence.startswith(begin) for sentence, begin in zip(sentences, said, strict=True))


@pytest.mark.parametrize("code", [0, 1, 3])
def test_its_crawls_are_none_of_the_operators_and_must_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    """Of a program in the place of `scrapy crawl`, which says how it was started."""
    program = f"import sys; print(*sys.argv[1:], sep='\\n'); sys.exit({code})"
    monkeypatch.setattr(demo, "scrapy_command", lambda *given: [sys.executable, "-c", program, *given])
    own = os.environ[SIGNING_KEY]
    with pytest.raises(OperatorError, match=f"exit code {code}") if code else nullcontext():
        demo.crawl(["news"], DataDir.at(tmp_path))
    given = dict(each.split("=", 1) for each in capfd.readouterr().out.splitlines() if "=" in each)
    assert given["DATA_DIR"] == str(tmp_path)
    assert [given[name] for name in ("STORE_URL", "ARCHIVE_DIR", "REPLAY_FROM")] == ["", "", ""]
    assert given["ARCHIVE_SIGNING_KEY"] != own
    assert not Path(given["ARCHIVE_SIGNING_KEY"]).exists()


@pytest.mark.parametrize("below", ["", "docs", "crawler/sources"])
def test_it_finds_the_seeds_in_any_folder_of_the_checkout(
    below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / below)
    assert [*demo.find_seeds(Settings({"SEEDS_DIR": "seeds"})).glob("*.txt")]


def test_it_takes_the_seeds_that_are_named(tmp_path: Path) -> None:
    assert demo.find_seeds(Settings({"SEEDS_DIR": str(tmp_path)})) == tmp_path
