"""Reads one `[[source]]` of a registry, and says what is wrong with it."""

import re
import zoneinfo
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from crawler.errors import OperatorError
from crawler.http.standard_urls import NoUrl, standard_url
from crawler.sources.choice import suggest
from crawler.sources.source import KINDS, OWNERS, STARTS, Source, StartUrl


class RegistryError(OperatorError):
    """A registry is wrong; the message is one sentence that says what to do."""


_REQUIRED = ("id", "name", "homepage")
_LISTS = ("languages", "focus")
_FLAGS = ("enabled", "verify_tls", "paywalled")
_NUMBERS = ("max_pages", "max_pages_per_day")
_KEYS = tuple(field.name for field in fields(Source))
_START_KEYS = tuple(field.name for field in fields(StartUrl))
_PATTERNS = {
    "id": (r"[a-z0-9]+(?:-[a-z0-9]+)*", "lower-case ASCII letters and digits, separated by hyphens"),
    "name": (r"\S.*", "the publisher's name"),
    "country": (r"[A-Z]{2}", "two capital letters (ISO 3166-1)"),
    "languages": (r"[a-z]{2,3}", "lower-case codes (ISO 639-1)"),
    "language": (r"[a-z]{2,3}", "a lower-case code (ISO 639-1)"),
    "focus": (r"[A-Z]{2}|[A-Z].{2,}", "countries in two capital letters (ISO 3166-1) or names of regions"),
    "kind": ("|".join(KINDS), " or ".join(KINDS)),
    "owner": ("|".join(OWNERS), " or ".join(OWNERS)),
}
"""Key -> pattern of its values, and the same in words."""
_LONGEST_QUOTE = 100
_CREDENTIALS = re.compile(r"[^?#]*://[^/\\?#]*@")


def read_source(table: dict[str, object], where: str) -> Source:
    """A source; RegistryError, beginning with `where`, for a wrong key or value."""
    _check_keys(table, _KEYS, _REQUIRED, where)
    source = Source(**{key: _read_value(key, value, where) for key, value in table.items()})
    if not source.starts:
        raise RegistryError(f"{where}: it names no URL to begin with; add one under {', '.join(STARTS)}.")
    return source


def web_url(text: str, where: str) -> str:
    """The URL by the standard; RegistryError for white space within, no host, and for a user name or password."""
    if _CREDENTIALS.match(text):
        raise RegistryError(
            f"{where} is a URL with a user name or password, and none is ever sent: leave it out, up to the @."
        )
    try:
        if re.search(r"\s", text) or "://" not in text:
            raise NoUrl
        return standard_url(text)
    except NoUrl:
        raise RegistryError(
            f"{where}: {shortened(text)!r} is not an http(s) URL; write a complete one."
        ) from None


def shortened(text: str) -> str:
    """The beginning of a text that is too long for a sentence."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _check_keys(
    table: dict[str, object], known: tuple[str, ...], required: tuple[str, ...], where: str
) -> None:
    for key in table:
        if key not in known:
            raise RegistryError(f"{where}: unknown key {shortened(key)!r}; {suggest(key, known)}")
    for key in required:
        if key not in table:
            raise RegistryError(f"{where}: the key {key!r} is missing; add it.")


def _read_value(key: str, value: object, where: str) -> Any:
    return _READERS.get(key, _read_text)(key, value, where)


def _read_flag(key: str, value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(key, value, where, "true or false")


def _read_number(key: str, value: object, where: str) -> int:
    if type(value) is int and 1 <= value < 2**31:  # True is an int in Python
        return value
    raise _wrong(key, value, where, "a whole number from 1, or leave it out for no limit")


def _read_list(key: str, value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(_read_text(key, each, where) for each in value)
    raise _wrong(key, value, where, "a list of texts")


def _read_starts(key: str, value: object, where: str) -> tuple[StartUrl, ...]:
    if isinstance(value, list) and all(isinstance(each, str | dict) for each in value):
        return tuple(_read_start(key, each, where) for each in value)
    raise _wrong(key, value, where, "a list of URLs")


def _read_start(key: str, value: str | dict[str, object], where: str) -> StartUrl:
    if isinstance(value, str):
        return StartUrl(web_url(value, f"{where}: {key}"))
    _check_keys(value, _START_KEYS, ("url",), f"{where}: {key}")
    return StartUrl(**{each: _read_value(each, given, f"{where}: {key}") for each, given in value.items()})


def _read_url(key: str, value: object, where: str) -> str:
    if isinstance(value, str):
        return web_url(value, f"{where}: {key}")
    raise _wrong(key, value, where, "a text")


def _read_day(key: str, value: object, where: str) -> str:
    if type(value) is date:
        return value.isoformat()
    raise _wrong(key, value, where, "a day without quotation marks: 2026-03-25")


def _read_zone(key: str, value: object, where: str) -> str:
    zone = _read_text(key, value, where)
    if zone not in _zones():
        raise RegistryError(f"{where}: {key} is {zone!r}, not an IANA time zone; {suggest(zone, _zones())}")
    return zone


def _read_text(key: str, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(key, value, where, "a text")
    pattern, form = _PATTERNS.get(key, (".*", "a text"))
    if not re.fullmatch(pattern, value, re.DOTALL):
        raise _wrong(key, value, where, form)
    return value


def _wrong(key: str, value: object, where: str, form: str) -> RegistryError:
    return RegistryError(f"{where}: {key} is {shortened(repr(value))}; write {form}.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


_READERS: dict[str, Callable[[str, object, str], Any]] = {
    **dict.fromkeys(STARTS, _read_starts),
    **dict.fromkeys(_FLAGS, _read_flag),
    **dict.fromkeys(_NUMBERS, _read_number),
    **dict.fromkeys(_LISTS, _read_list),
    **dict.fromkeys(("homepage", "url"), _read_url),
    "timezone": _read_zone,
    "checked": _read_day,
}
