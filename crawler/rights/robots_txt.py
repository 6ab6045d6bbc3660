"""What a robots.txt declares of the use of a URL: which robots of AI it refuses, signals, preferences and licences.

Content-Signal: https://contentsignals.org. Content-Usage: see `content_usage.py`. License: RSL 1.0,
https://rslstandard.org/rsl. Groups are those of RFC 9309; a signal before the first group is said to all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self, TypeVar

from crawler.http.robots_rules import RobotsRules, lines_of
from crawler.http.standard_urls import clean_url
from crawler.items import Declaration
from crawler.rights.ai_agents import AGENTS, BY_NAME
from crawler.rights.content_usage import Usage, of_url
from crawler.rights.declarations import ROBOTS_TXT, UNKNOWN

_LINE = re.compile(
    rb"(?P<name>user-agent|allow|disallow|content-signal|content-usage|license)\s*:\s*(?P<value>.*)",
    re.IGNORECASE,
)
_SIGNAL = re.compile(r"([a-z][a-z0-9-]{0,31})\s*=\s*(yes|no)")
_MOST_LICENCES, _MOST_LINES = 5, 20
_MOST_RULES = 5000
"""Rules for robots of AI above which nobody compares a URL with them: no publisher has so many."""


Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Signals:
    """One Content-Signal line."""

    names: tuple[str, ...]
    """`ai-train=no`, `search=yes`."""
    covers: RobotsRules | None
    """Disallows the paths for which it is meant; None: for all."""

    @classmethod
    def of(cls, value: str) -> Self:
        pattern, _, rest = value.partition(" ") if value.startswith("/") else ("", "", value)
        names = tuple(f"{name}={said}" for name, said in _SIGNAL.findall(rest.lower()))
        return cls(names, RobotsRules.against(pattern) if pattern else None)

    def concern(self, url: str) -> bool:
        return self.covers is None or not self.covers.allow(url)


@dataclass(frozen=True, slots=True)
class RobotsDeclarations:
    """What a robots.txt declares, read once for all URLs of its host."""

    agents: dict[RobotsRules, list[str]]
    """The robots of AI that it names, by the rules for them."""
    signals: dict[str, list[Signals]] = field(default_factory=dict)
    """By the robot to which they are said; empty: to all."""
    usages: dict[str, list[Usage]] = field(default_factory=dict)
    """The same of Content-Usage."""
    licences: tuple[str, ...] = ()

    @classmethod
    def read(cls, body: bytes, robots_url: str) -> Self:
        body = b"\n".join(lines_of(body))
        agents: dict[RobotsRules, list[str]] = defaultdict(list)
        for name in _names_in(body):
            if (rules := RobotsRules.read(body, name)).is_named:
                agents[rules].append(name)
        return cls(dict(agents), *_extras(body, robots_url))

    def of(self, url: str) -> Iterator[Declaration]:
        """What concerns a URL of the host."""
        is_long = sum(len(rules.rules) for rules in self.agents) > _MOST_RULES
        for rules, names in self.agents.items():
            says = UNKNOWN if is_long else "allow" if rules.allow(url) else "disallow"
            yield from (Declaration(ROBOTS_TXT, says, name) for name in names)
        for whom, lines in self.signals.items():
            said = (name for line in lines if line.concern(url) for name in line.names)
            yield from (Declaration(ROBOTS_TXT, name, whom) for name in dict.fromkeys(said))
        for whom, rules_of_use in self.usages.items():
            yield from (Declaration(ROBOTS_TXT, each, whom) for each in of_url(rules_of_use, url))
        yield from (Declaration(ROBOTS_TXT, f"rsl={licence}") for licence in self.licences)


def _names_in(body: bytes) -> Iterator[str]:
    lower = body.lower()
    yield from (agent.name for agent in AGENTS if agent.name.lower().encode() in lower)


def _extras(
    body: bytes, robots_url: str
) -> tuple[dict[str, list[Signals]], dict[str, list[Usage]], tuple[str, ...]]:
    """Signals and rules of use by robot, and the licences, which are of no group (RSL 1.0)."""
    signals: dict[str, list[Signals]] = defaultdict(list)
    usages: dict[str, list[Usage]] = defaultdict(list)
    licences: dict[str, None] = {}
    agents, is_list_over = [""], False
    for name, value in _records(body):
        if name == "user-agent":
            agents = [*([] if is_list_over or agents == [""] else agents), value]
        elif name == "content-signal":
            _add(signals, agents, Signals.of(value))
        elif name == "content-usage":
            _add(usages, agents, Usage.of(value))
        elif name == "license" and (url := clean_url(value, robots_url)):
            licences[url] = None
        is_list_over = name != "user-agent" and (is_list_over or name != "license")
    return dict(signals), dict(usages), tuple(licences)[:_MOST_LICENCES]


def _add(lines: dict[str, list[Line]], agents: list[str], line: Line) -> None:
    for agent in agents:
        whom = "" if agent in ("", "*") else BY_NAME.get(agent.lower())
        if whom is not None and len(lines[whom]) < _MOST_LINES:
            lines[whom].append(line)


def _records(body: bytes) -> Iterator[tuple[str, str]]:
    for line in body.split(b"\n"):
        if match := _LINE.match(line):
            yield match["name"].decode().lower(), match["value"].decode("utf-8", "replace").strip()
