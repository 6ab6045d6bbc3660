"""`scrapy sources list` shows the registry, for people and for other programs."""

from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.commands import call

REGISTRY = """
[[source]]
id = "tarn-courier"
name = "Le Courrier de Tarn"
homepage = "https://tarn.example/"
country = "ML"
languages = ["fr"]
kind = "newspaper"
focus = ["ML", "Sahel"]
feeds = [{ url = "https://tarn.example/feed/", checked = 2026-03-25, by = "a robot" }, "https://tarn.example/b"]

[[source]]
id = "velmar"
name = "\u202eVelmar"
homepage = "https://velmar.example/"
sections = ["https://velmar.example/war"]
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


def test_each_source_has_a_line_of_cells(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("sources", "list", "--sources", str(registry)) == OK
    head, tarn, velmar, summary = capsys.readouterr().out.splitlines()
    assert head.split("\t") == [
        "id",
        "country",
        "languages",
        "kind",
        "owner",
        "focus",
        "URLs",
        "checked",
        "name",
    ]
    assert tarn.split("\t") == [
        "tarn-courier", "ML", "fr", "newspaper", "-", "ML Sahel", "2", "2026-03-25", "Le Courrier de Tarn",
    ]  # fmt: skip
    assert velmar.split("\t")[:-1] == ["velmar", "-", "-", "-", "-", "-", "1", "-"]
    assert "\u202e" not in velmar
    assert summary == "Sources: 2; countries: 1; languages: 1."


def test_options_choose_from_the_built_in_registry(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("sources", "list", "--focus", "SY", "--language", "ar") == OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert any(line.startswith("enab-baladi-ar\tSY\tar\tonline\tindependent\tSY\t") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "usage: scrapy sources list"),
        (("list", "all"), "usage: scrapy sources list"),
        (("list", "--kind", "agancy"), "did you mean agency?"),
        (("list", "--sources", "none.toml"), "Cannot read none.toml"),
    ],
)
def test_what_cannot_be_listed_is_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        call("sources", *arguments)
