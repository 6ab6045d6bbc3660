"""Robots directives of a page: X-Robots-Tag and meta elements, for all robots or for one.

https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag; `noai` and `noimageai` are DeviantArt's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from crawler.items import Declaration
from crawler.rights.ai_agents import BY_NAME, agent_name
from crawler.rights.declarations import HTML, HTTP

DIRECTIVES = ("noindex", "none", "noarchive", "nocache", "nosnippet", "noai", "noimageai")
"""Those that speak of a use; others (`nofollow`, `max-snippet`) say how to crawl or to show."""

_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_AGENT = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]{0,39}|\*)\s*:")
_META_AGENTS = {
    **BY_NAME,
    **{name: name for name in ("googlebot", "googlebot-news", "bingbot")},
    "robots": "",
}
_MOST = 40


def in_headers(headers: Mapping[str, str]) -> Iterator[Declaration]:
    """What X-Robots-Tag says, one value of it a line; a robot's name is of all directives that follow it there."""
    found = dict.fromkeys(
        pair for line in headers.get("x-robots-tag", "").split("\n") for pair in _directives(line)
    )
    yield from (Declaration(HTTP, says, whom) for whom, says in [*found][:_MOST])


def _directives(line: str) -> Iterator[tuple[str, str]]:
    """Each directive with the robot it is said to."""
    whom = ""
    for part in line.split(","):
        if (match := _AGENT.match(part)) and match[1].lower() not in _WITH_VALUE:
            whom = "" if match[1] == "*" else agent_name(match[1])
            part = part[match.end() :]
        elif ":" in part:
            continue  # a date, a number, or the name of nobody
        yield from ((whom, word) for word in part.lower().split() if word in DIRECTIVES)


def in_metas(metas: Mapping[str, Sequence[str]]) -> Iterator[Declaration]:
    """What meta elements say whose name is `robots` or that of a robot we know."""
    for name in filter(_META_AGENTS.__contains__, metas):
        words = (word for content in metas[name] for word in re.split(r"[\s,]+", content.lower()))
        said = dict.fromkeys(word for word in words if word in DIRECTIVES)
        yield from (Declaration(HTML, word, _META_AGENTS[name]) for word in said)
