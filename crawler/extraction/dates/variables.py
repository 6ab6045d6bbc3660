"""Reads the publication that only a script knows: `var publishDate = "2021-01-28"`, WeChat's `ct = "1611828000"`."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.dates.timestamps import parse_timestamp
from crawler.items import DateEvidence, DateKind, DateSource

_HINT = "pub"
_BEFORE = frozenset(
    {
        "",
        "date",
        "first",
        "article",
        "original",
        "originally",
        "news",
        "page",
        "story",
        "content",
        "post",
        "doc",
    }
)
"""What may stand before `pub` in a name: not `re` or `un`."""

_PREFIX = re.compile(r"([a-z]*)_?$")
_VALUE = (
    r"\s*[:=]\s*(?:new\s+date\(\s*)?"
    r"(?:\\?[\"']\s*(?P<text>(?:\d|[a-z]{3,9}[ ,])[^\"'\\<>\n]{5,40})\\?[\"']"
    r"|(?P<number>1?\d{9}(?:\d{3})?)(?![\d.]))"
)
"""As it stands in a script or, escaped, in a string of one; in lower case, as the names are."""

_NAMED = re.compile(
    r"pub(?:lish(?:ed)?|lication)?_?(?:date_?time|date|time|at|on|ts)?(?:_?(?:utc|iso|gmt))?\\?[\"']?"
    + _VALUE
)
_WECHAT = re.compile(r"\bvar ct\s*=\s*[\"'](?P<text>1\d{9})[\"']")

_MOST, _MOST_NAMES = 1_000_000, 200
"""Characters of all scripts, and names in one, that are read."""


def read_script_dates(tree: HtmlElement) -> Iterator[DateEvidence]:
    """The date that a page's scripts name as its publication; none if they give several days: others' dates."""
    left, values = _MOST, set[str]()
    for script in tree.iter("script"):
        text = script.text or ""
        if text and "ld+json" not in (script.get("type") or ""):
            values.update(_values(text[:left].lower()))
            left = max(0, left - len(text))
    if len({value[:10] for value in values}) == 1:
        yield DateEvidence(max(sorted(values), key=len), DateKind.PUBLISHED, DateSource.SCRIPT)


def _values(text: str) -> Iterator[str]:
    for match in islice(_matches(text), _MOST_NAMES):
        if value := _read(match):
            yield value
    if "var ct" in text and (seen := _WECHAT.search(text)) and (value := parse_timestamp(seen["text"])):
        yield value


def _matches(text: str) -> Iterator[re.Match[str]]:
    at = text.find(_HINT)
    while at >= 0:
        if (match := _NAMED.match(text, at)) and _is_name(text, at):
            yield match
        at = text.find(_HINT, at + len(_HINT))


def _is_name(text: str, at: int) -> bool:
    before = _PREFIX.search(text, max(0, at - 20), at)
    return before is not None and before[1] in _BEFORE


def _read(match: re.Match[str]) -> str | None:
    # `parse_timestamp` knows the names of months in any case, but not a `t` before the time.
    return parse_timestamp((match["text"] or match["number"]).upper())
