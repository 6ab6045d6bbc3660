"""Settings can be given in a file and in the environment; a wrong name or value is refused, never ignored."""

import math
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from scrapy.addons import AddonManager
from scrapy.settings import Settings

import crawler.commands
from crawler.configuration import ConfigError, OperatorSettings, check_names, check_values, read_config
from crawler.setting_types import Setting
from crawler.settings import table
from tests.support.commands import start_scrapy

KNOWN = {"DATA_DIR", "DOWNLOAD_DELAY", "OPERATOR"}


def write(folder: Path, text: str) -> Path:
    file = folder / "frontwire.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_file_and_environment_nothing_is_given(tmp_path: Path) -> None:
    assert read_config(KNOWN, tmp_path / "frontwire.toml", {"PATH": "/bin"}) == {}


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, 'DATA_DIR = "a"\nDOWNLOAD_DELAY = 2.5\n')
    given = read_config(KNOWN, file, {"FRONTWIRE_DATA_DIR": "b"})
    assert given == {"DATA_DIR": "b", "DOWNLOAD_DELAY": 2.5}


@pytest.mark.parametrize(
    ("text", "environment", "words"),
    [
        ("DATA_DIRR = 'x'", {}, "did you mean DATA_DIR"),
        ("", {"FRONTWIRE_OPERATER": "x"}, "did you mean OPERATOR"),
        ("DATA_DIR = ", {}, "frontwire.toml"),
        ("xyzzy = 1", {}, "docs/settings.md"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, environment: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_config(KNOWN, write(tmp_path, text), environment)


@pytest.mark.parametrize("arguments", [("list",), ("fetch", "http://127.0.0.1:9/")], ids=["ours", "Scrapy's"])
def test_a_wrong_name_in_the_environment_ends_any_command_with_2(arguments: tuple[str, ...]) -> None:
    result = start_scrapy(*arguments, environment={"FRONTWIRE_DATADIR": "x"})
    assert result.returncode == 2
    assert result.stderr.strip() == (
        "frontwire: The environment sets FRONTWIRE_DATADIR, which is no setting: did you mean DATA_DIR?"
    )


def test_a_wrong_name_ends_whatever_builds_a_crawler(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTWIRE_DATADIR", "x")
    with pytest.raises(SystemExit) as left:
        OperatorSettings.update_pre_crawler_settings(project_settings())
    assert left.value.code == 2
    assert "The environment sets FRONTWIRE_DATADIR, which is no setting" in capsys.readouterr().err


def test_a_name_in_lower_case_is_a_slip_that_is_recognised() -> None:
    with pytest.raises(ConfigError, match="did you mean DATA_DIR"):
        check_names(["data_dir"], KNOWN)


# --- The order: -s, environment, file, default ------------------------------------------------
@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = write(tmp_path, 'DATA_DIR = "of the file"\nSEEDS_DIR = "of the file"\nOPERATOR = "of the file"\n')
    monkeypatch.setattr("crawler.configuration.FILE", path)
    monkeypatch.setenv("FRONTWIRE_DATA_DIR", "of the environment")
    monkeypatch.setenv("FRONTWIRE_SEEDS_DIR", "of the environment")
    return path


def project_settings() -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings")
    return settings


WANTED = ["of -s", "of the environment", "of the file", "both"]
NAMES = ["DATA_DIR", "SEEDS_DIR", "OPERATOR", "RELEVANCE_MODE"]


@pytest.mark.usefixtures("file")
def test_a_command_reads_each_setting_where_it_is_given_first() -> None:
    settings = process_options("export", "-s", "DATA_DIR=of -s")
    assert [settings[name] for name in NAMES] == WANTED


@pytest.mark.usefixtures("file")
def test_so_does_whatever_crawls() -> None:
    settings = project_settings()
    settings.set("DATA_DIR", "of -s", priority="cmdline")
    AddonManager.load_pre_crawler_settings(settings)
    assert [settings[name] for name in NAMES] == WANTED


def test_importing_the_settings_reads_neither(file: Path) -> None:
    file.write_text("broken = ")
    assert project_settings()["DATA_DIR"] == "data"


# --- Values -----------------------------------------------------------------------------------
def process_options(command: str, *arguments: str) -> Settings:
    """The settings with which a command would run."""
    running = import_module(f"crawler.commands.{command}").Command()
    running.settings = settings = project_settings()
    parser = ArgumentParser()
    running.add_options(parser)
    opts, left = parser.parse_known_args(arguments)
    running.process_options(left, opts)
    return settings


@pytest.mark.parametrize("command", [module.name for module in iter_modules(crawler.commands.__path__)])
@pytest.mark.parametrize("given", ["MIN_FREE_DISK=much", "RIGHTS_POLICY=ask", "LOG_LEVEL=LOUD"])
def test_every_command_refuses_a_wrong_value(
    command: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        process_options(command, "-s", given)
    assert end.value.code == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"frontwire: {given.partition('=')[0]} is {given.partition('=')[2]!r}: give ")


def check(name: str, value: object) -> None:
    settings = project_settings()
    settings.set(name, value, priority="cmdline")
    check_values(settings)


NUMBERS = [each for each in table.values() if type(each.default) in (int, float)]


@pytest.mark.parametrize(
    "setting", [each for each in NUMBERS if each.least is not None], ids=lambda each: each.name
)
def test_a_number_may_be_the_least_and_no_smaller(setting: Setting) -> None:
    assert setting.least is not None
    check(setting.name, str(setting.least))
    step = 1 if isinstance(setting.least, int) else setting.least / 1000 or 0.001
    with pytest.raises(
        ConfigError, match=f"^{setting.name} is .*: give a .*number of at least {setting.least}"
    ):
        check(setting.name, str(setting.least - step))


@pytest.mark.parametrize("value", ["", "much", "nan", "1.5.", None])
@pytest.mark.parametrize("setting", NUMBERS, ids=lambda each: each.name)
def test_a_number_must_be_one(setting: Setting, value: object) -> None:
    with pytest.raises(ConfigError, match=f"^{setting.name} is "):
        check(setting.name, value)


@pytest.mark.parametrize("value", ["4096.5", 4096.5, "1e9", math.inf])
@pytest.mark.parametrize("name", ["MIN_FREE_DISK", "EXTRACTION_WORKERS", "CLOSESPIDER_ITEMCOUNT"])
def test_what_is_counted_is_whole(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"^{name} is .*: give a whole number"):
        check(name, value)


@pytest.mark.parametrize("name", ["DOWNLOAD_TIMEOUT", "DOWNLOAD_DELAY", "DNS_TIMEOUT", "CLOSESPIDER_TIMEOUT"])
def test_seconds_may_have_fractions(name: str) -> None:
    check(name, "2.5")


@pytest.mark.parametrize(
    "setting", [each for each in table.values() if each.choices], ids=lambda each: each.name
)
def test_a_choice_is_one_of_its_words(setting: Setting) -> None:
    for choice in setting.choices:
        check(setting.name, choice)
    with pytest.raises(
        ConfigError, match=f"^{setting.name} is 'else': give .*{next(filter(None, setting.choices))}"
    ):
        check(setting.name, "else")


@pytest.mark.parametrize(
    "setting", [each for each in table.values() if isinstance(each.default, bool)], ids=lambda each: each.name
)
def test_a_switch_is_on_or_off(setting: Setting) -> None:
    for value in ("0", "1", "True", False):
        check(setting.name, value)
    with pytest.raises(ConfigError, match=f"^{setting.name} is 'maybe': give 0 or 1"):
        check(setting.name, "maybe")


def test_a_text_is_no_number() -> None:
    with pytest.raises(ConfigError, match=r"^OPERATOR is 5: give a text\."):
        check("OPERATOR", 5)


def test_the_defaults_pass() -> None:
    check_values(project_settings())
