"""Reads the registry of sources: which publishers are crawled, and from which URLs."""

import difflib
import re
import tomllib
import zoneinfo
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import OperatorError
from crawler.http.standard_urls import NoUrl, standard_url
from crawler.items import Discovery, Evidence, Link, UrlKind

BUILT_IN = files("crawler") / "sources"
"""The built-in registry; a Traversable, because scrapyd runs the project from a zip file."""

KINDS = ("agency", "broadcaster", "newspaper", "online", "monitor", "ngo", "official")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_CREDENTIALS = re.compile(r"[^?#]*://[^/\\?#]*@")


class RegistryError(OperatorError):
    """A registry or a choice of sources is wrong; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher, or one language of a publisher: a `[[source]]` of a registry."""

    id: str
    """Lower-case ASCII letters and digits, separated by hyphens; never change one: the catalogue stores it."""
    name: str
    homepage: str
    country: str = ""
    """Seat of the newsroom, ISO 3166-1 alpha-2 (XK is Kosovo); empty if unknown."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the articles that the URLs below list; empty if unknown."""
    timezone: str = ""
    """IANA name of the newsroom's zone, whose calendar decides the month of an article; empty if unknown."""
    kind: str = ""
    """agency | broadcaster | newspaper | online | monitor | ngo | official"""
    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    """Feeds, sitemaps or section pages, recognised by their content."""
    max_pages: int = 0
    """Most requests to the source in a run; 0 means no limit."""
    max_pages_per_day: int = 0
    """Most requests to the source in a day (UTC), by all runs and workers of a store; 0 means no limit."""
    verify_tls: bool = True
    """If false, the certificates of the hosts above are not verified, and each of their records says so."""
    enabled: bool = True
    notes: str = ""

    def start_links(self) -> list[Link]:
        """The URLs from which a crawl of the source begins, the freshest kind first."""
        language = self.languages[0] if len(self.languages) == 1 else ""
        evidence = Evidence(source=self.id, how=Discovery.START, zone=self.timezone, language=language)
        return [Link(url, kind, evidence) for name, kind in _STARTS.items() for url in getattr(self, name)]

    @property
    def unverified_hosts(self) -> set[str]:
        """Hosts whose certificates are not verified."""
        urls = [] if self.verify_tls else [self.homepage, *(link.url for link in self.start_links())]
        return {host for url in urls if (host := urlsplit(url).hostname)}


_STARTS = {
    "feeds": UrlKind.FEED,
    "news_sitemaps": UrlKind.SITEMAP,
    "sitemaps": UrlKind.SITEMAP,
    "sections": UrlKind.SECTION,
    "listings": UrlKind.LISTING,
}
_LISTS = ("languages", *_STARTS)
_FLAGS = ("enabled", "verify_tls")
_NUMBERS = ("max_pages", "max_pages_per_day")
_KEYS = tuple(field.name for field in fields(Source))
_PATTERNS = {
    "id": (r"[a-z0-9]+(?:-[a-z0-9]+)*", "lower-case ASCII letters and digits, separated by hyphens"),
    "name": (r"\S.*", "the publisher's name"),
    "country": (r"[A-Z]{2}", "two capital letters (ISO 3166-1)"),
    "languages": (r"[a-z]{2,3}", "lower-case codes (ISO 639-1)"),
    "kind": ("|".join(KINDS), " or ".join(KINDS)),
}
"""Key -> pattern of its values, and the same in words."""
_REQUIRED = ("id", "name", "homepage", "country", "languages", "timezone", "kind")


def load_sources(path: Path | None, names: Collection[str], languages: Collection[str]) -> list[Source]:
    """The enabled sources of a registry, limited to these ids and languages if any are given.

    `path` is a registry (.toml), a folder of such, or a text file with one feed, sitemap or section URL per line; None
    is the built-in registry. RegistryError if anything is wrong or no source is left.
    """
    place: Traversable = path or BUILT_IN
    sources = [source for source in _load(place) if source.enabled]
    _check_choice("source", names, {source.id for source in sources}, place)
    _check_choice("source in", languages, {name for source in sources for name in source.languages}, place)
    chosen = [
        source
        for source in sources
        if (not names or source.id in names)
        and (not languages or not set(languages).isdisjoint(source.languages))
    ]
    if not chosen:
        raise RegistryError(f"{place} has no enabled source of this choice; widen it, or add a source.")
    return chosen


def load_registry(paths: Iterable[Traversable]) -> list[Source]:
    """All sources of registry files in order, disabled ones too; RegistryError if anything is wrong."""
    sources: dict[str, Source] = {}
    for path in paths:
        for number, table in enumerate(_read_tables(path), 1):
            where = f"{path}, source {table.get('id', number)!r}"
            source = _read_source(table, where)
            if source.id in sources:
                raise RegistryError(f"{where}: another source has this id; choose one of its own.")
            sources[source.id] = source
    return list(sources.values())


def _load(place: Traversable) -> list[Source]:
    if place.is_dir():
        return load_registry(sorted((file for file in place.iterdir() if _is_toml(file)), key=str))
    return load_registry([place]) if _is_toml(place) else _load_urls(place)


def _is_toml(file: Traversable) -> bool:
    return file.name.endswith(".toml")


def _check_choice(what: str, wanted: Iterable[str], known: Collection[str], place: Traversable) -> None:
    for name in wanted:
        if name not in known:
            raise RegistryError(f"{place} has no enabled {what} {name!r}; {_suggest(name, known)}")


def _suggest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name."""
    choice = sorted(known)
    close = difflib.get_close_matches(name, choice, 3)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are {', '.join(choice[:10]) or 'none'}{' and others' if len(choice) > 10 else ''}."


# --- registry files -------------------------------------------------------------------------------
def _read_tables(path: Traversable) -> list[dict[str, object]]:
    try:
        document = tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"{path} is not valid TOML: {error}; correct it.") from None
    if unknown := sorted(document.keys() - {"source"}):
        raise RegistryError(f"{path}: unknown key {unknown[0]!r}; begin each source with [[source]].")
    tables = document.get("source")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RegistryError(f"{path} has no list of sources; begin each source with [[source]].")
    return tables


def _read_text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RegistryError(
            f"Cannot read {path}: {error.strerror}; name a file or folder of sources."
        ) from None
    except UnicodeDecodeError:
        raise RegistryError(f"{path} is not in UTF-8; convert it.") from None


def _read_source(table: dict[str, object], where: str) -> Source:
    for key in table:
        if key not in _KEYS:
            raise RegistryError(f"{where}: unknown key {key!r}; {_suggest(key, _KEYS)}")
    for key in _REQUIRED:
        if key not in table:
            raise RegistryError(f"{where}: the key {key!r} is missing; add it.")
    source = Source(**{key: _read_value(key, value, where) for key, value in table.items()})
    if not source.start_links():
        raise RegistryError(f"{where}: it names no URL to begin with; add one under {', '.join(_STARTS)}.")
    return source


def _read_value(key: str, value: object, where: str) -> Any:
    if key in _FLAGS and isinstance(value, bool):
        return value
    if key in _LISTS and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(_check(key, each, where) for each in value)
    if key in _NUMBERS and type(value) is int and 1 <= value < 2**31:  # True is an int in Python
        return value
    if key not in (*_FLAGS, *_NUMBERS, *_LISTS) and isinstance(value, str):
        return _check(key, value, where)
    raise RegistryError(f"{where}: {key} is {value!r}; write {_form_of(key)}.")


def _form_of(key: str) -> str:
    """The kind of value of a key, in words."""
    if key in _FLAGS:
        return "true or false"
    if key in _NUMBERS:
        return "a whole number from 1, or leave it out for no limit"
    return "a list of texts" if key in _LISTS else "a text"


def _check(key: str, text: str, where: str) -> str:
    if key in _PATTERNS:
        pattern, form = _PATTERNS[key]
        if not re.fullmatch(pattern, text):
            raise RegistryError(f"{where}: {key} is {text!r}; write {form}.")
    elif key == "timezone" and text not in _zones():
        raise RegistryError(f"{where}: {key} is {text!r}, not an IANA time zone; {_suggest(text, _zones())}")
    elif key in ("homepage", *_STARTS):
        return _web_url(text, f"{where}: {key}")
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _web_url(text: str, where: str) -> str:
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
        raise RegistryError(f"{where}: {text!r} is not an http(s) URL; write a complete one.") from None


# --- lists of URLs --------------------------------------------------------------------------------
def _load_urls(path: Traversable) -> list[Source]:
    """One source for each host in a text file with one URL per line; `#` begins a comment."""
    sources: dict[str, Source] = {}
    for number, line in enumerate(_read_text(path).splitlines(), 1):
        url = _COMMENT.sub("", line).strip()
        if not url:
            continue
        url = _web_url(url, f"{path}, line {number}")
        source = _source_of(url)
        known = sources.setdefault(source.id, source)
        sources[source.id] = replace(known, listings=tuple(dict.fromkeys((*known.listings, url))))
    return list(sources.values())


def _source_of(url: str) -> Source:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    place = f"{host}-{parts.port}" if parts.port else host
    return Source(
        id=re.sub(r"[^a-z0-9]+", "-", place).strip("-") or "source",
        name=parts.netloc,
        homepage=f"{parts.scheme}://{parts.netloc}/",
        listings=(url,),
    )
