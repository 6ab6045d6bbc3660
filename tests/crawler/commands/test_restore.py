"""Files of the corpus that are gone or were changed come back as they were."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.catalogues import articles, change, known, lone_articles, seed_files
from tests.support.commands import call
from tests.support.newsroom_runs import corpus
from tests.support.verifying import verify

pytestmark = pytest.mark.usefixtures("replays_here")


def restore(data: Path, *arguments: str) -> int:
    return call("restore", *arguments, DATA_DIR=str(data))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "one file is gone": lambda folder: first(folder).unlink(),
    "a letter was changed": lambda folder: first(folder).write_bytes(first(folder).read_bytes()[:-1] + b"?"),
    "a file is empty": lambda folder: first(folder).write_bytes(b""),
    "a month is gone": lambda folder: shutil.rmtree(first(folder).parent),
    "all is gone": shutil.rmtree,
}


def first(folder: Path) -> Path:
    return min(folder.glob("2*/*.txt"))


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_comes_back_byte_for_byte(
    damage: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = seed_files(data)
    DAMAGE[damage](data / "corpus")
    damaged = seed_files(data)
    names = {name for name, content in before.items() if damaged.get(name) != content}
    assert restore(data) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in names)
    assert "scrapy restore --apply" in said
    assert seed_files(data) == damaged
    assert restore(data, "--apply") == 0
    assert seed_files(data) == before
    capsys.readouterr()
    assert restore(data) == 0
    assert capsys.readouterr().out == "No file of the corpus is gone or was changed.\n"


def test_verify_names_the_command(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first(data / "corpus").unlink()
    assert verify(data) == 1
    assert "is gone: `scrapy restore` brings it back." in capsys.readouterr().out
    assert restore(data, "--apply") == 0
    assert verify(data) == 0


def test_a_changed_file_is_kept_where_a_takedown_finds_it(data: Path) -> None:
    row = lone_articles(data)[0]
    file = data / "corpus" / known(row.file)
    file.write_bytes(b" date 2021-01 Somebody wrote about Ferrowick.")
    assert restore(data, "--apply") == 0
    kept = [content for name, content in corpus(data).items() if name.startswith(".revisions")]
    assert b" date 2021-01 Somebody wrote about Ferrowick." in kept
    assert call("redact", row.url, "--reason", "as asked", "--yes", DATA_DIR=str(data)) == 0
    assert all(b"Ferrowick" not in content for content in corpus(data).values())


def test_what_the_catalogue_gives_no_more_is_derived_from_the_archive(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = lone_articles(data)[0]
    before = seed_files(data)
    (data / "corpus" / known(row.file)).unlink()
    change(data, "update article set text = 'Nothing happened.' where id = ?", row.id)
    assert restore(data, "--apply") == 0
    assert seed_files(data) == before


def test_what_nothing_gives_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = articles(data)[0]
    (data / "corpus" / known(row.file)).unlink()
    name = f"{known(row.file)[:12]}{'0' * 16}.txt"
    change(data, "update article set file = ?, sha256 = ? where id = ?", name, "0" * 64, row.id)
    assert restore(data, "--apply") == 1
    said = capsys.readouterr().out
    assert f"{name} of {row.url} is gone: neither catalogue nor archive give it." in said
    assert not (data / "corpus" / name).exists()
