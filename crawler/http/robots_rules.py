"""What a robots.txt says to one crawler, by RFC 9309, and where that says nothing, as google/robotstxt reads it.

Protego, which Scrapy brings, reads `Frontwire/1.0` as the name of another crawler, takes every byte that is no UTF-8
for the same one, lets a Crawl-delay end a list of names, and takes `?` and `%3F` for one.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Self
from urllib.parse import unquote_to_bytes, urlsplit

_LINE = re.compile(
    rb"(?P<name>user[- ]?agent|dis{1,2}al{1,2}[oa]w|diasllow|allow|crawl[- ]?delay)"
    rb"(?:[^:/*]*:|[ \t]+(?=\S+$))[ \t]*(?P<value>.*)",
    re.IGNORECASE,
)
"""A line that counts: misspelled, or without its colon, as site owners write it; other records interrupt nothing."""

_LINE_END = re.compile(rb"\r\n?|\n")
_AROUND = b" \t\v\f"
_NAME = re.compile(rb"[A-Za-z_-]*")  # RFC 9309, 2.2.1: what follows is a version or a comment
_EVERYONE = re.compile(rb"\*(?:\s|$)")
_NUMBER = re.compile(rb"\d+(?:[.,]\d+)?$")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = {code: 0x100 + code for code in range(256) if not re.match(rb"[A-Za-z0-9._~-]", bytes([code]))}
"""Bytes that are escaped before they are compared, or are already, as characters that stand for nothing else."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One Allow or Disallow."""

    allows: bool
    pieces: tuple[str, ...]
    """What stands between its asterisks, as `_path` and `_escaped_bytes` give it."""
    is_anchored: bool
    """Nothing may follow."""
    length: int
    """In bytes: the longest rule that matches counts (RFC 9309, 2.2.2)."""

    @classmethod
    def of(cls, allows: bool, value: bytes) -> Self:
        is_anchored = value.endswith(b"$")
        path, mark, query = value.removesuffix(b"$").partition(b"?")
        written = "*".join(map(_path, path.split(b"*"))) + mark.decode()
        pieces = (written + "*".join(map(_escaped_bytes, query.split(b"*")))).split("*")
        return cls(allows, tuple(pieces), is_anchored, len(value) + 2 * sum(byte > 127 for byte in value))

    def matches(self, url: str) -> bool:
        """Whether a URL begins as the rule says; in time that grows with the URL alone, whatever was written."""
        first, *others = self.pieces
        if not url.startswith(first):
            return False
        at = len(first)
        for piece in others[:-1]:
            found = url.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        if not self.is_anchored:
            return not others or url.find(others[-1], at) >= 0
        return url.endswith(others[-1], at) if others else at == len(url)


@dataclass(slots=True)
class _Group:
    """The rules for one crawler, or for all."""

    is_named: bool = False
    rules: dict[_Rule, None] = field(default_factory=dict)
    """Each once: some files repeat one a hundred thousand times."""
    delay_s: float = 0.0
    """The longest pause that is wanted."""

    def add(self, name: bytes, value: bytes) -> None:
        if name.startswith(b"crawl"):
            self.delay_s = max(self.delay_s, _seconds(value))
        elif value:
            self.rules |= dict.fromkeys(_rules_of(name == b"allow", value))


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules that bind a crawler, those that count more first."""

    rules: tuple[_Rule, ...]
    delay_s: float
    is_named: bool = False
    """A group names the crawler; otherwise it is bound by what is said to all."""

    @classmethod
    def read(cls, body: bytes, token: str) -> Self:
        """The rules for the crawler with the name `token`; what is no rule says nothing, HTML included."""
        ours, everyones = _Group(), _Group()
        bound: list[_Group] = []
        is_list_over = True
        for name, value in _records(body):
            if name.startswith(b"user"):
                if is_list_over:
                    bound, is_list_over = [], False
                if group := _named(value, token, ours, everyones):
                    group.is_named = True
                    bound.append(group)
            else:
                is_list_over = is_list_over or not name.startswith(b"crawl")
                for group in bound:
                    group.add(name, value)
        group = ours if ours.is_named else everyones
        # Of rules of one length the one that allows counts.
        return cls(
            tuple(sorted(group.rules, key=lambda rule: (-rule.length, not rule.allows))),
            group.delay_s,
            ours.is_named,
        )

    @classmethod
    def against(cls, pattern: str) -> Self:
        """Rules that disallow what a pattern covers, and nothing else."""
        return cls(tuple(_rules_of(False, pattern.encode("utf-8", "surrogatepass"))), 0.0)

    def allow(self, url: str) -> bool:
        """Whether a URL may be fetched, however its server reads `..`, `\\` and `//` in it."""
        parts = urlsplit(url.partition("#")[0])
        mark, query = ("?" if "?" in url else ""), parts.query.encode("utf-8", "surrogatepass")
        path = _resolved(parts.path)
        if path == "/robots.txt":
            return True
        return all(
            self._allow(f"{_path(each.encode('utf-8', 'surrogatepass'))}{mark}", query)
            for each in {path, re.sub("//+", "/", path)}
        )

    def _allow(self, before: str, query: bytes) -> bool:
        # A slash in a query may be escaped or not (RFC 9309, 2.2.2), and an asterisk may reach into the query.
        urls = {before + _escaped_bytes(query), before + _path(query)}
        return next((rule.allows for rule in self.rules if any(map(rule.matches, urls))), True)


def lines_of(body: bytes) -> Iterator[bytes]:
    """The lines of a file without comments and what surrounds them, in an encoding whose ASCII is ASCII."""
    for line in _LINE_END.split(_unified(body)):
        # Files that were joined have the mark of UTF-8 within them.
        yield line.partition(b"#")[0].removeprefix(codecs.BOM_UTF8).strip(_AROUND)


def _records(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The lines that count: name in lower case and value."""
    for line in lines_of(body):
        if match := _LINE.match(line):
            yield match["name"].lower(), match["value"].strip(_AROUND)


def _unified(body: bytes) -> bytes:
    """The file in an encoding whose ASCII is ASCII, without the NULs that some editors leave."""
    encoding = next((name for bom, name in _BOMS if body.startswith(bom)), None)
    if encoding is None and len(body) > 3 and not body[3]:  # the first two characters are ASCII: `Us`, `# `
        encoding = "utf-16-le" if not body[1] and body[0] else None
    if encoding is None and len(body) > 3 and not body[0] and not body[2] and body[1]:
        encoding = "utf-16-be"
    if encoding:
        body = body.decode(encoding, "replace").encode("utf-8", "replace")
    return body.replace(b"\0", b"")


def _named(value: bytes, token: str, ours: _Group, everyones: _Group) -> _Group | None:
    """The group that a User-agent line means."""
    if _EVERYONE.match(value):
        return everyones
    name = _NAME.match(value)
    return ours if name and name[0].lower() == token.lower().encode() else None


def _rules_of(allows: bool, value: bytes) -> Iterable[_Rule]:
    """What one line means, in each way in which its bytes may be meant."""
    value = value if value.startswith((b"/", b"*")) else b"/" + value
    yield _Rule.of(allows, value)
    if allows and (folder := re.sub(rb"/index\.html?$", b"/$", value)) != value:
        yield _Rule.of(allows, folder)
    try:
        value.decode()
    except UnicodeDecodeError:  # written in Latin-1, while URLs are in UTF-8
        yield _Rule.of(allows, value.decode("cp1252", "replace").encode())


def _seconds(value: bytes) -> float:
    seconds = float(value.replace(b",", b".")) if _NUMBER.match(value) else 0.0
    return seconds if isfinite(seconds) else 0.0


def _path(text: bytes) -> str:
    """Bytes to compare, among which slashes separate, and are others than escaped ones."""
    return "/".join(map(_escaped_bytes, text.split(b"/")))


def _escaped_bytes(text: bytes) -> str:
    """Bytes to compare: escaped or not, they are the same."""
    return unquote_to_bytes(text).decode("latin-1").translate(_ESCAPED)


def _resolved(path: str) -> str:
    """A path without backslashes and dot segments (URL Standard, 4.4); `/` of none."""
    *before, last = path.replace("\\", "/").removeprefix("/").split("/")
    resolved: list[str] = []
    for segment in before:
        match segment.lower().replace("%2e", "."):
            case ".":
                pass
            case "..":
                del resolved[-1:]
            case _:
                resolved.append(segment)
    match last.lower().replace("%2e", "."):
        case ".":
            last = ""
        case "..":
            del resolved[-1:]
            last = ""
    return "/" + "/".join([*resolved, last])
