"""Settings from `frontwire.toml` beside scrapy.cfg, and from FRONTWIRE_<NAME> in the environment."""

import difflib
import logging
import os
import re
import sys
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NoReturn

from scrapy.settings import BaseSettings, default_settings

from crawler.errors import OperatorError

PREFIX = "FRONTWIRE_"
FILE = Path(__file__).parent.parent / "frontwire.toml"
USAGE = 2

# Variables of that prefix that are no settings: they tell the tests where a tool lies.
_NO_SETTINGS = frozenset(
    {
        "FRONTWIRE_CDXJ_INDEXER",
        "FRONTWIRE_CHROMIUM",
        "FRONTWIRE_NODE_WARCIO",
        "FRONTWIRE_PYWB",
        "FRONTWIRE_REPLAYWEBPAGE",
        "FRONTWIRE_SCRAPYD",
        "FRONTWIRE_WACZ",
    }
)

_FRACTIONS = re.compile("DELAY|TIMEOUT|INTERVAL|CONCURRENCY|BACKOFF")
"""Numbers that need not be whole, by their names: seconds, and averages."""


class ConfigError(OperatorError):
    """A setting's name or the file is wrong; the message says what to do."""


def read_config(known: Collection[str], file: Path, environment: Mapping[str, str]) -> dict[str, object]:
    """The settings that the operator gave, the environment's before the file's; ConfigError if one is unknown."""
    given: dict[str, object] = {}
    for name, value in _read_file(file).items():
        _check(name, known, f"{file.name} sets {name}")
        given[name] = value
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and variable not in _NO_SETTINGS:
            _check(variable.removeprefix(PREFIX), known, f"The environment sets {variable}")
            given[variable.removeprefix(PREFIX)] = text
    return given


def operator_settings(known: Collection[str]) -> dict[str, object]:
    """What `read_config` gives for this checkout and process; ends the process with 2 if something is wrong."""
    try:
        return read_config(known, FILE, os.environ)
    except ConfigError as error:
        _leave(error)


def check_names(given: Collection[str], known: Collection[str]) -> None:
    """ConfigError if one of the names that `-s` gives is no setting's."""
    for name in given:
        _check(name, known, f"-s sets {name}")


def check_values(settings: BaseSettings) -> None:
    """ConfigError for numbers and switches of Scrapy's that are none, and for a log that cannot be written."""
    for name in filter(str.isupper, dir(default_settings)):
        if fault := _fault(settings, name):
            raise ConfigError(f"{name} is {settings[name]!r}: {fault}.")
    if not isinstance(logging.getLevelName(str(settings["LOG_LEVEL"])), int):
        raise ConfigError(f"LOG_LEVEL is {settings['LOG_LEVEL']!r}: give DEBUG, INFO, WARNING or ERROR.")
    if settings["LOG_FILE"]:
        try:
            Path(settings["LOG_FILE"]).open("ab").close()
        except OSError as error:
            raise ConfigError(f"LOG_FILE: cannot write {error.filename}: {error.strerror}.") from None


def _fault(settings: BaseSettings, name: str) -> str:
    """What a setting should be that has a number or a switch as its default, and is none; empty if it is fine."""
    default = getattr(default_settings, name)
    try:
        if isinstance(default, bool):
            settings.getbool(name)
        elif isinstance(default, int | float):
            number = settings.getfloat(name)
            if number != int(number) and not _FRACTIONS.search(name):
                return "give a whole number"
    except (TypeError, ValueError, OverflowError):
        return "give 0 or 1" if isinstance(default, bool) else "give a number"
    return ""


def _read_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # the latter where the project runs out of a zip file
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Cannot read {file}: {error}. Correct it or take it away.") from None


def _check(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        close = difflib.get_close_matches(name.upper(), known, 1)
        hint = f"did you mean {close[0]}?" if close else "see crawler/settings.py for those there are."
        raise ConfigError(f"{what}, which is no setting: {hint}")


def _leave(error: ConfigError) -> NoReturn:
    # Settings are read before any command runs: this is the only place that can end it in one sentence.
    print(f"frontwire: {error}", file=sys.stderr)
    raise SystemExit(USAGE)
