"""What is known of a setting: default, limits, meaning, and whether a value fits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; what values it takes follows from the type of its default."""

    name: str
    default: Any
    meaning: str
    """For operators, in Markdown."""
    least: float | None = None
    """The smallest number; a float allows fractions, whatever the default."""
    choices: tuple[str, ...] = ()
    is_secret: bool = False
    """Whether it holds what nobody else may see: it is never shown."""
    shown: str = ""
    """The default as documents show it, where it depends on machine or version, or is long."""

    @property
    def kind(self) -> str:
        """What values it takes, in words."""
        if self.choices:
            return ", ".join(choice or "empty" for choice in self.choices)
        if isinstance(self.default, int | float) and not isinstance(self.default, bool):
            return self._range().removeprefix("a ")
        return _KINDS.get(type(self.default), "text")

    def fault(self, settings: BaseSettings) -> str:
        """What to give instead of the present value; empty if it can be used."""
        value = settings[self.name]
        if self.choices:
            return "" if value in self.choices else f"give {_one_of(self.choices)}"
        if isinstance(self.default, bool):
            return "" if _is_switch(settings, self.name) else "give 0 or 1"
        if isinstance(self.default, int | float):
            return "" if self._is_in_range(value) else f"give {self._range()}"
        if isinstance(self.default, str) and not isinstance(value, str):
            return "give a text"
        return ""

    @property
    def _takes_fractions(self) -> bool:
        return isinstance(self.default, float) or isinstance(self.least, float)

    def _is_in_range(self, value: Any) -> bool:
        number = _number(value) if self._takes_fractions else _whole(value)
        return number >= (-math.inf if self.least is None else self.least)

    def _range(self) -> str:
        number = "a number" if self._takes_fractions else "a whole number"
        return number if self.least is None else f"{number} of at least {self.least}"


class Secret(str):
    """A text that is shown as asterisks, also where Scrapy logs the settings that were given."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class Group:
    """Settings of one subject."""

    title: str
    settings: tuple[Setting, ...]


_KINDS: Mapping[type, str] = {
    bool: "0 or 1",
    list: "list, separated by commas",
    dict: "JSON object",
}


def _number(value: Any) -> float:
    """A value as `settings.getfloat` reads it; NaN if it is no number."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _whole(value: Any) -> float:
    """A value as `settings.getint` reads it; NaN if it is no whole number."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return number if number == _number(value) else math.nan


def _is_switch(settings: BaseSettings, name: str) -> bool:
    try:
        settings.getbool(name)
    except ValueError:
        return False
    return True


def _one_of(choices: tuple[str, ...]) -> str:
    named = [choice for choice in choices if choice]
    some = named[0] if len(named) == 1 else f"one of {', '.join(named)}"
    return some if "" not in choices else f"{some}, or leave it empty"
