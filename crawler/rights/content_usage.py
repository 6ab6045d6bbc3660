"""Content-Usage of the IETF's AI Preferences: what may be made of a page, by robots.txt and by header fields.

How it is attached: https://datatracker.ietf.org/doc/draft-ietf-aipref-attach/, as of its version 05. The words of
https://datatracker.ietf.org/doc/draft-ietf-aipref-vocab/ are not settled: each is kept as it is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from crawler.http.robots_rules import RobotsRules
from crawler.items import Declaration
from crawler.rights.declarations import HTTP, REFUSED_USE

_PREFERENCE = re.compile(r"\s*([a-z*][a-z0-9_.*-]{0,31})\s*=\s*([yn])\s*(?:;.*)?")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Usage:
    """One rule of a robots.txt."""

    preferences: tuple[str, ...]
    """`train-ai=n`, `search=y`."""
    pattern: str = ""
    """The paths for which it is meant; empty: all."""

    @classmethod
    def of(cls, value: str) -> Self:
        """The rule of what follows the colon: a path, if there is one, then preferences."""
        pattern, _, rest = (
            value.replace("\t", " ").partition(" ") if value.startswith("/") else ("", "", value)
        )
        return cls(tuple(_preferences(rest)), pattern)

    def concerns(self, url: str) -> bool:
        return not self.pattern or not RobotsRules.against(self.pattern).allow(url)


def of_url(rules: Iterable[Usage], url: str) -> list[str]:
    """The preferences for a URL: those of the longest path that covers it; of two that differ the refusal counts."""
    closest = [rule for rule in rules if rule.concerns(url)]
    longest = max((len(rule.pattern.encode()) for rule in closest), default=0)
    said = [each for rule in closest if len(rule.pattern.encode()) == longest for each in rule.preferences]
    return [
        each for each in dict.fromkeys(said) if each.endswith(REFUSED_USE) or f"{each[:-2]}=n" not in said
    ]


def in_headers(headers: Mapping[str, str]) -> Iterator[Declaration]:
    """What the header field says, a dictionary of structured fields (RFC 9651)."""
    yield from (Declaration(HTTP, each) for each in _preferences(headers.get("content-usage", "")))


def _preferences(text: str) -> list[str]:
    """`train-ai=n` and the like, each name as it is said last; what says neither `y` nor `n` says nothing."""
    parts = [_PREFERENCE.fullmatch(part) for part in re.split(r"[,\n]", text.lower())]
    said = {match[1]: match[2] for match in parts if match}
    return [f"{name}={value}" for name, value in said.items()][:_MOST]
