"""`scrapy init` sets up a folder that works, asks at a terminal, and overwrites nothing."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli.new_seeds import seed_of
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.relevance.seeds import read_seeds
from crawler.sources.registry import every_source
from tests.support.commands import call
from tests.support.hostile_site import SETTINGS, Site, article
from tests.support.origin import serve

TEXT = "Обстрел Приозерья длился всю ночь.\n\nЖители ушли на юг.\n"


@pytest.fixture
def text(tmp_path: Path) -> str:
    file = tmp_path / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_a_folder_is_set_up_from_options(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "a folder"
    given = ("--operator", 'Ada "Desk" Veld, ada@veld.example', "--language", "fr,AR", "--seed", text)
    assert call("init", str(home), *given) == OK
    settings = tomllib.loads((home / "frontwire.toml").read_text(encoding="utf-8"))
    assert settings == {"OPERATOR": 'Ada "Desk" Veld, ada@veld.example', "SOURCES": ["sources.toml"]}
    assert read_seeds(home / "seeds") == [("Обстрел Приозерья длился всю ночь.", "Жители ушли на юг.")]
    assert every_source([home / "sources.toml"]) == every_source([])
    assert f"cd '{home}'" in (said := capsys.readouterr().out)
    assert "crawl news -a language=fr,ar" in said


def test_a_person_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["Ada Veld, ada@veld.example", ""])

    class Terminal:
        def isatty(self) -> bool:
            return True

        def __iter__(self) -> Iterator[str]:
            return iter([*TEXT.splitlines(keepends=True), ".\n", "not read\n"])

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    assert call("init", str(tmp_path / "news")) == OK
    assert "not read" not in (tmp_path / "news" / "seeds" / "own-1.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["frontwire.toml", "sources.toml", "seeds/own-1.txt"])
def test_nothing_is_overwritten(name: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "news" / "seeds").mkdir(parents=True)
    (tmp_path / "news" / name).write_text("mine", encoding="utf-8")
    with pytest.raises(OperatorError, match=f"{name} is there already: nothing was written"):
        call("init", str(tmp_path / "news"), "--operator", "Ada", "--seed", text)
    files = [path for path in (tmp_path / "news").rglob("*") if path.is_file()]
    assert [path.read_text(encoding="utf-8") for path in files] == ["mine"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "text.txt"], "Say who crawls: --operator"),
        (["--operator", "Ada"], "Give a text like those that you want"),
        (["--operator", "Ada", "--language", "qq"], "No source is in the language 'qq'"),
        (["--operator", "Ada", "--seed", "/no/such/file"], "Cannot read /no/such/file: No such file"),
        (["--operator", "Ada", "--seed", "http://"], "The seed document"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    options: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(OperatorError, match=said):
        call("init", str(tmp_path / "news"), *options)
    assert not (tmp_path / "news").exists()


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xff\xfe\xff", b"date 2021-13 Veld"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(OperatorError, match=r"^It (?:cannot be|is not) a seed document"):
        seed_of(data, "It")


def test_a_text_with_a_month_keeps_it() -> None:
    assert (
        seed_of(b"date 2021-03 Veld fell.\r\n\r\nNobody came.\r\n", "It")
        == b" date 2021-03 Veld fell.\n\nNobody came."
    )


@pytest.mark.slow
def test_the_address_of_an_article_gives_a_seed(tmp_path: Path) -> None:
    from tests.support.commands import start_scrapy

    with serve(Site({"/a": article("Veld")})) as origin:
        options = [part for name, value in SETTINGS.items() for part in ("-s", f"{name}={value}")]
        made = start_scrapy(
            "init", tmp_path / "news", "--operator", "Ada", "--seed", origin.url("/a"), *options
        )
        missed = start_scrapy(
            "init", tmp_path / "no", "--operator", "Ada", "--seed", origin.url("/b"), *options
        )
    assert made.returncode == OK, made.stderr
    assert "convoy near the village of Tarmil" in (tmp_path / "news/seeds/own-1.txt").read_text(
        encoding="utf-8"
    )
    assert missed.returncode == 1
    assert "No article was found at" in missed.stderr
