"""What an operator can give, and what can come back, is documented."""

import re
from argparse import ArgumentParser
from importlib import import_module
from pkgutil import iter_modules

import pytest
from scrapy.commands import BaseRunSpiderCommand, ScrapyCommand
from scrapy.settings import Settings

import crawler.commands
from crawler import exit_codes
from crawler.cli.export import FOLDER
from crawler.cli.relevance import SCORE_FIELDS
from crawler.commands.export import FORMS
from crawler.exports.event_sheet import SHEET
from crawler.exports.export_columns import COLUMNS
from crawler.exports.formats import FORMATS
from crawler.fates import Fate
from crawler.settings import table
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.news import NewsSpider
from crawler.spiders.replay import ReplaySpider
from tests.support.checkout import ROOT
from tests.support.settings_page import PAGE, rendered

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
EXPORT = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
FATES = (ROOT / "docs" / "fates.md").read_text(encoding="utf-8")

NAMES = [module.name for module in iter_modules(crawler.commands.__path__)]
SCRAPYS = ("list", "settings")
"""Commands that are Scrapy's own, unchanged."""


def command(name: str) -> ScrapyCommand:
    made: ScrapyCommand = import_module(f"crawler.commands.{name}").Command()
    made.settings = Settings()
    return made


def own_options(name: str) -> set[str]:
    """The options of a command that Scrapy does not give to every command."""
    made = command(name)
    base = BaseRunSpiderCommand if isinstance(made, BaseRunSpiderCommand) else ScrapyCommand
    with_ours, without = ArgumentParser(), ArgumentParser()
    made.add_options(with_ours)
    base.add_options(made, without)
    return with_ours._option_string_actions.keys() - without._option_string_actions.keys()


def section(name: str) -> str:
    """The part of docs/commands.md on a command."""
    found = re.search(rf"^## [^\n]*`scrapy {name}`.*?(?=^## |\Z)", COMMANDS, re.DOTALL | re.MULTILINE)
    assert found, f"docs/commands.md has no section on scrapy {name}"
    return found[0]


def test_the_page_on_settings_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == rendered(), "run python -m tests.support.settings_page"


def test_every_setting_of_ours_is_in_the_table() -> None:
    ours = {name for name in vars(import_module("crawler.settings")) if name.isupper()}
    assert ours == table.keys()


@pytest.mark.parametrize("name", sorted({*NAMES} - {*SCRAPYS}))
def test_every_command_is_documented_with_usage_options_and_exit_codes(name: str) -> None:
    described = section(name)
    usage = f"scrapy {name} {command(name).syntax()}".strip()
    assert usage in described.splitlines()
    assert [option for option in own_options(name) if option not in described] == []
    assert "Exit codes: " in described


@pytest.mark.parametrize("name", SCRAPYS)
def test_a_command_of_scrapys_is_named(name: str) -> None:
    assert f"scrapy {name}" in section("settings")
    assert own_options(name) <= {"--get", "--getbool", "--getint", "--getfloat", "--getlist"}


def test_every_field_of_an_exported_object_is_documented() -> None:
    columns = EXPORT.partition("## Columns")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in columns.splitlines() if line.startswith("| `")]
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == [*COLUMNS]


def test_every_format_of_an_export_is_documented_and_offered() -> None:
    formats = EXPORT.partition("## Formats")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", formats, re.MULTILINE) == [*FORMS]
    assert {*FORMS} == {*FORMATS, FOLDER}


def test_every_column_of_the_event_sheet_is_documented() -> None:
    described = EXPORT.partition("## Event sheet")[2].partition("\n## ")[0]
    assert [name for name in SHEET if f"`{name}`" not in described] == []


def test_every_field_of_a_scored_text_is_documented() -> None:
    assert [name for name in ("id", *SCORE_FIELDS) if f"`{name}`" not in section("relevance")] == []


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"`scrapy (\w+)`", COMMANDS)) == {*NAMES}


def test_every_exit_code_is_documented_and_no_other() -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper()}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", COMMANDS, re.MULTILINE)} == codes
    assert {int(code) for code in re.findall(r"\*\*(\d+)\*\*", README)} == codes


@pytest.mark.parametrize("spider", [NewsSpider, ReplaySpider, BackfillSpider], ids=lambda spider: spider.name)
def test_every_spider_argument_is_documented(spider: type[NewsSpider | ReplaySpider]) -> None:
    documents = README + section("crawl")
    assert [name for name in spider.arguments_help if f"{name}=" not in documents] == []


def test_every_fate_is_documented_and_no_other() -> None:
    rows = [line.split("|")[1] for line in FATES.splitlines() if line.startswith("| `")]
    documented = [fate for row in rows for fate in re.findall(r"`(\w+)`", row)]
    assert sorted(documented) == sorted(map(str, Fate))
