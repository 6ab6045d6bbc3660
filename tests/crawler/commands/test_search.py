"""`scrapy search` finds articles by their words, and never what was taken down."""

import json
import shutil
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from tests.support.catalogues import lone_articles
from tests.support.commands import call
from tests.support.takedowns import redact


@pytest.fixture
def data(newsroom_crawl: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(newsroom_crawl, tmp_path / "data"))


def found(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    """The hits that the command prints as JSON."""
    capsys.readouterr()
    assert call("search", *arguments, "--json", DATA_DIR=str(data)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_articles_are_found_by_words_place_day_and_language(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soldiers = found(data, capsys, "soldats")
    assert len(soldiers) > 1
    assert all("soldats" in each["passage"].casefold() for each in soldiers)
    assert [each["published"] for each in soldiers] == sorted(
        (e["published"] for e in soldiers), reverse=True
    )
    assert found(data, capsys, "soldats", "--language", "en") == []
    assert {each["language"] for each in found(data, capsys, "-soldats")} == {"en", "fr"}
    since = found(data, capsys, "soldats", "--since", soldiers[0]["published"][:10])
    assert [each["url"] for each in since] == [soldiers[0]["url"]]
    assert found(data, capsys, "--place", "Сирия")  # in any language
    assert found(data, capsys, "--place", "Tahmar") and not found(data, capsys, "--place", "Nowhere-by-Sea")
    assert len(found(data, capsys, "--fate", "any", "--limit", "1000")) > len(
        found(data, capsys, "--limit", "1000")
    )


def test_a_person_reads_headline_passage_and_address(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("search", "soldats", "--limit", "1", DATA_DIR=str(data)) == 0
    headline, passage, address, summary = capsys.readouterr().out.splitlines()
    assert " fr le-courrier-du-levant  " in headline
    assert "soldats" in passage
    assert "http://127.0.0.1" in address
    assert summary.endswith("1 of them shown: --limit shows more.")
    assert call("search", '"', "((", "NEAR(zzyzx)", "*", DATA_DIR=str(data)) == 0
    assert "Nothing was found." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "--since is 'yesterday': give a day"),
        (["--limit", "0"], "--limit is 0"),
        (["--langage", "fr"], "Unknown argument '--langage'"),
    ],
)
def test_a_wrong_argument_is_one_sentence(data: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        call("search", "port", *arguments, DATA_DIR=str(data))


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_is_taken_down_is_not_found_and_not_in_the_index(
    data: Path, capsys: pytest.CaptureFixture[str], is_damaged: bool
) -> None:
    row = lone_articles(data)[0]
    assert row.title is not None
    assert row.url in [each["url"] for each in found(data, capsys, f'"{row.title}"')]
    index = data / "search.sqlite"
    if is_damaged:
        index.write_bytes(index.read_bytes()[:4096] + b"\xff" * 9000)
    assert redact(data, row.url) == 0
    assert found(data, capsys, f'"{row.title}"') == []
    word = max(row.text.split(), key=len).casefold().encode()
    others = [each for each in lone_articles(data) if word.decode() in each.text.casefold()]
    assert others or word not in b"".join(path.read_bytes() for path in data.glob("search.sqlite*"))


def test_a_catalogue_without_an_index_gets_none_by_a_takedown(data: Path) -> None:
    assert redact(data, lone_articles(data)[0].url) == 0
    assert not (data / "search.sqlite").exists()


def test_an_index_that_cannot_be_written_is_one_sentence(data: Path) -> None:
    (data / "search.sqlite").mkdir()
    with pytest.raises(OperatorError, match=r"search.sqlite cannot be used: unable to open"):
        call("search", "port", DATA_DIR=str(data))
