"""The settings that the operator gives (in `frontwire.toml` and as FRONTWIRE_<NAME>), and the check of all values."""

import difflib
import logging
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from scrapy.settings import BaseSettings, default_settings

from crawler.errors import OperatorError, leave
from crawler.setting_types import Secret, Setting
from crawler.settings import table

PREFIX = "FRONTWIRE_"
FILE = Path("frontwire.toml")
"""Of the folder in which a command is given, as `scrapy init` writes it; else that of the checkout."""

HOME = Path(__file__).parent.parent

_FRACTIONS = re.compile("DELAY|TIMEOUT|INTERVAL|CONCURRENCY|BACKOFF")
"""Scrapy's numbers that need not be whole, by their names: seconds, and averages."""


class ConfigError(OperatorError):
    """A setting's name or value is wrong, or the file."""


class OperatorSettings:
    """An add-on: whatever crawls gets the settings that the operator gave, `scrapy shell` and scrapyd too."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        try:
            apply_operator_settings(settings)
        except ConfigError as error:
            leave(error)  # Scrapy's own commands would show a traceback


def apply_operator_settings(settings: BaseSettings) -> None:
    """Replace defaults by the values of environment and file; those that `-s` gives have priority."""
    file = FILE if FILE.is_file() else HOME / FILE.name
    settings.setdict(read_config(list(settings), file, os.environ), priority="project")


def read_config(known: Collection[str], file: Path, environment: Mapping[str, str]) -> dict[str, object]:
    """The settings that the operator gave, the environment's before the file's; ConfigError if one is unknown."""
    given: dict[str, object] = {}
    for name, value in _read_file(file).items():
        _check_name(name, known, f"{file.name} sets {name}")
        given[name] = value
    for variable, text in environment.items():
        if variable.startswith(PREFIX):
            _check_name(variable.removeprefix(PREFIX), known, f"The environment sets {variable}")
            given[variable.removeprefix(PREFIX)] = text
    return given


def hide_secrets(settings: BaseSettings) -> None:
    """Let no one show the values that are secret."""
    for setting in table.values():
        if setting.is_secret and isinstance(value := settings[setting.name], str):
            settings.set(setting.name, Secret(value), priority=settings.getpriority(setting.name) or 0)


def check_names(given: Collection[str], known: Collection[str]) -> None:
    """ConfigError if one of the names that `-s` gives is no setting's."""
    for name in given:
        _check_name(name, known, f"-s sets {name}")


def check_values(settings: BaseSettings) -> None:
    """ConfigError for the first value that cannot be used, Scrapy's own settings included."""
    for name in sorted({*table, *filter(str.isupper, dir(default_settings))}):
        setting = table.get(name) or _scrapys(name)
        if fault := setting.fault(settings):
            raise ConfigError(f"{name} is {settings[name]!r}: {fault}.")
    if not isinstance(logging.getLevelName(str(settings["LOG_LEVEL"])), int):
        raise ConfigError(f"LOG_LEVEL is {settings['LOG_LEVEL']!r}: give DEBUG, INFO, WARNING or ERROR.")
    if settings["LOG_FILE"]:
        try:
            Path(settings["LOG_FILE"]).open("ab").close()
        except OSError as error:
            raise ConfigError(f"LOG_FILE: cannot write {error.filename}: {error.strerror}.") from None


def _scrapys(name: str) -> Setting:
    """A setting of Scrapy's own: a number or a switch if its default is one."""
    default = getattr(default_settings, name)
    if not isinstance(default, bool | int | float):
        return Setting(name, None, "")
    is_whole = isinstance(default, bool) or not _FRACTIONS.search(name)
    return Setting(name, default if is_whole else float(default), "")


def _read_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # the latter where the project runs out of a zip file
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"Cannot read {file}: {error}. Correct it or take it away.") from None


def _check_name(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        close = difflib.get_close_matches(name.upper(), known, 1)
        hint = f"did you mean {close[0]}?" if close else "docs/settings.md lists them."
        raise ConfigError(f"{what}, which is no setting: {hint}")
