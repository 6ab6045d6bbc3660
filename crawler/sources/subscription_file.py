"""Reads the operator's subscriptions: a TOML file, or a Netscape cookies.txt. No message of it holds a value."""

import os
import re
import stat
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from crawler.errors import OperatorError
from crawler.http.standard_urls import clean_url
from crawler.sources.known_sources import known_sources
from crawler.sources.source import Source
from crawler.sources.subscriptions import PORTS, Cookie, Site, Subscription

PROJECT = Path(__file__).parents[2]

_KEYS = ("source", "sites", "cookies", "cookie_file", "headers")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]+")
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x3a\x3c-\x7e\x80-\xff \"]*")
_OURS = frozenset(
    {
        *(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "upgrade",
            "range",
            "user-agent",
        ),
        *("accept-encoding", "if-none-match", "if-modified-since", "cookie"),
    }
)
"""Header fields that are no subscription's: what they say decides how an answer is fetched and archived."""

_SITE = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<below>\*\.)?(?P<host>[^\s/:@*?#\[\]]+)(?P<port>:\d{1,5})?", re.IGNORECASE
)
_HTTP_ONLY = "#HttpOnly_"


class SubscriptionError(OperatorError):
    """The file of subscriptions cannot be used; the sentence says where, and never what it holds."""


def subscriptions_in_force(
    settings: BaseSettings, sources: Iterable[Source] = ()
) -> tuple[Subscription, ...]:
    """Those of the file that the setting names, for sources of the registries and these; none in a replay.

    SubscriptionError if the file cannot be used.
    """
    if not settings["SUBSCRIPTIONS"] or settings["REPLAY_FROM"]:
        return ()
    known = known_sources(None, [Path(name) for name in settings.getlist("SOURCES")])
    ids = {*known, *(source.id for source in sources)}
    return read_subscriptions(Path(settings["SUBSCRIPTIONS"]).expanduser(), ids, Path(settings["DATA_DIR"]))


def read_subscriptions(path: Path, known: Collection[str], kept_apart: Path) -> tuple[Subscription, ...]:
    """The subscriptions of a file for known sources; it may lie neither in the project nor in `kept_apart`."""
    text = _private_text(path, kept_apart)
    if _is_cookie_file(path, text):
        cookies = (*_cookies_of(path, text),)
        if not cookies:
            raise SubscriptionError(f"SUBSCRIPTIONS: {path} has no cookie: export it again, or leave it out.")
        # Without a word about sites nothing goes over a connection that others can read.
        sites = {Site("https", each.domain, 443, each.has_subdomains): None for each in cookies}
        return (Subscription("", (*sites,), cookies),)
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at (line \d+)", str(error))
        raise SubscriptionError(
            f"SUBSCRIPTIONS: {path}, {place[1] if place else 'its end'}, is no TOML: see docs/subscriptions.md."
        ) from None
    rows = tables.get("subscription")
    if (
        set(tables) != {"subscription"}
        or not isinstance(rows, list)
        or not all(isinstance(row, dict) for row in rows)
    ):
        raise SubscriptionError(f"SUBSCRIPTIONS: {path} must have [[subscription]] tables and nothing else.")
    return tuple(_Table(path, number, row).read(known, kept_apart) for number, row in enumerate(rows, 1))


def _private_text(path: Path, kept_apart: Path) -> str:
    try:
        place, mode = path.resolve(strict=True), path.stat().st_mode
        for folder, name in ((PROJECT, "the project's folder"), (kept_apart.resolve(), "DATA_DIR")):
            if place.is_relative_to(folder):
                raise SubscriptionError(
                    f"SUBSCRIPTIONS: {path} lies in {name}, which is copied and shared: move it elsewhere."
                )
        if not stat.S_ISREG(mode):
            raise SubscriptionError(f"SUBSCRIPTIONS: {path} is no file.")
        if mode & 0o077 or path.stat().st_uid not in (os.getuid(), 0):
            raise SubscriptionError(
                f"SUBSCRIPTIONS: others can read {path}: give `chmod 600 {path}` as its owner."
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SubscriptionError(f"SUBSCRIPTIONS: cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SubscriptionError(f"SUBSCRIPTIONS: {path} is no text in UTF-8.") from None


class _Table:
    """One [[subscription]] of a file."""

    def __init__(self, path: Path, number: int, row: Mapping[str, Any]) -> None:
        self._path, self._number, self._row = path, number, row

    def read(self, known: Collection[str], kept_apart: Path) -> Subscription:
        if others := sorted(set(self._row) - {*_KEYS}):
            raise self._fault(f"has the unknown key {others[0]!r}: there are {', '.join(_KEYS)}")
        source = self._text("source")
        if source not in known:
            raise self._fault(
                f"is for {source!r}, which no registry has: `scrapy sources list` shows the ids"
            )
        sites = self._row.get("sites")
        if not isinstance(sites, list) or not sites or not all(isinstance(each, str) for each in sites):
            raise self._fault('needs sites = ["https://www.…"]: the only places its values are sent to')
        found = Subscription(
            source,
            tuple(map(self._site, sites)),
            (*self._cookies(), *self._file(kept_apart)),
            tuple(self._headers()),
        )
        if not found.secrets:
            raise self._fault("has nothing to send: give cookies, cookie_file or headers")
        return found

    def _site(self, written: str) -> Site:
        match = _SITE.fullmatch(written.strip().rstrip("/"))
        scheme = ((match and match["scheme"]) or "https").lower()
        # As the addresses of requests are written: in lower case, other scripts as IDNA.
        address = clean_url(f"{scheme}://{match['host']}{match['port'] or ''}/", "") if match else None
        if match is None or address is None or (match["below"] and "." not in match["host"]):
            raise self._fault(
                "has a site that is none: write https://host, or https://*.host to mean those below too"
            )
        parts = urlsplit(address)
        return Site(scheme, parts.hostname or "", parts.port or PORTS[scheme], bool(match["below"]))

    def _cookies(self) -> Iterator[Cookie]:
        text = self._text("cookies", needed=False)
        for part in filter(None, map(str.strip, text.split(";"))):
            name, mark, value = part.partition("=")
            if not mark or not _TOKEN.fullmatch(name) or not _COOKIE_VALUE.fullmatch(value):
                raise self._fault('has cookies that are none: write cookies = "name=value; name=value"')
            yield Cookie(name, value)

    def _file(self, kept_apart: Path) -> Iterator[Cookie]:
        if name := self._text("cookie_file", needed=False):
            path = self._path.parent / Path(name).expanduser()
            yield from _cookies_of(path, _private_text(path, kept_apart))

    def _headers(self) -> Iterator[tuple[str, str]]:
        headers = self._row.get("headers", {})
        if not isinstance(headers, dict):
            raise self._fault('has headers that are none: write headers = { Authorization = "…" }')
        for name, value in headers.items():
            if not _TOKEN.fullmatch(name) or name.lower() in _OURS:
                raise self._fault(f"may not set the header field {name!r}")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise self._fault(f"has a value of {name} that no header field can have")
            yield name, value

    def _text(self, key: str, needed: bool = True) -> str:
        value = self._row.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            raise self._fault(f'needs {key} = "…"')
        return value

    def _fault(self, what: str) -> SubscriptionError:
        return SubscriptionError(f"SUBSCRIPTIONS: {self._path}, subscription {self._number}, {what}.")


def _is_cookie_file(path: Path, text: str) -> bool:
    return path.suffix == ".txt" or text.startswith(("# Netscape HTTP Cookie File", "# HTTP Cookie File"))


def _cookies_of(path: Path, text: str) -> Iterator[Cookie]:
    """The cookies of a cookies.txt, each for its own domain; no message of a refusal holds a line of it."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.removeprefix(_HTTP_ONLY)
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 7 or not _is_cookie(fields):
            raise SubscriptionError(
                f"SUBSCRIPTIONS: {path}, line {number}, is no cookie: it needs seven fields between tabs (domain, "
                "subdomains, path, secure, end, name, value)."
            )
        domain, subdomains, where, secure, ends, name, value = fields
        has_subdomains, is_secure = (flag.upper() == "TRUE" for flag in (subdomains, secure))
        yield Cookie(
            name, value, domain.lower().removeprefix("."), has_subdomains, where, is_secure, int(ends)
        )


def _is_cookie(fields: list[str]) -> bool:
    domain, subdomains, where, secure, ends, name, value = fields
    flags = {subdomains.upper(), secure.upper()} <= {"TRUE", "FALSE"}
    is_named = _TOKEN.fullmatch(name) and _COOKIE_VALUE.fullmatch(value)
    return bool(
        domain.strip(".") and flags and where.startswith("/") and re.fullmatch(r"\d{1,12}", ends) and is_named
    )
