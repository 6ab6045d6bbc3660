"""Finds the data that a page carries for its scripts: that of Next, Nuxt, Fusion, Apollo, Redux, Inertia and others."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.lenient_json import Json, load_values
from crawler.extraction.state.flattened import read_flight, revive
from crawler.extraction.state.literals import read_value, unquoted

_LEAST = 400
"""Characters below which a script or an attribute holds no story."""

_MOST = 4_000_000
"""Characters of all scripts of a page that are read."""

_MOST_LITERAL = 500_000
"""Characters that are read of a literal that is not JSON: half a second of work."""

_MOST_ASSIGNMENTS = 40
_GLOBAL = r"(?:window|self|globalThis|Fusion|document)"
_ASSIGNMENT = re.compile(
    rf"(?:(?<![\w$.]){_GLOBAL}(?:\.[\w$.]+|\[\s*[\"'][^\"'\]]+[\"']\s*\])|(?:^|[;\s])(?:var|let|const)\s+[\w$]+|^\s*[\w$.]+)"
    r"\s*=\s*(?=[{\[]|JSON\s*\.\s*parse|\(\s*function|\(\([\w$,\s]*\)\s*=>)"
)
_FLIGHT = re.compile(r"__next_f\.push\(\[\s*1\s*,\s*(\"[^\"\\]*(?:\\.[^\"\\]*)*\")", re.DOTALL)


def has_state(tree: HtmlElement) -> bool:
    """Whether a page has as much data for scripts as a story needs."""
    return next(_sources(tree), None) is not None


def read_state(tree: HtmlElement) -> Iterator[Json]:
    """The values in the data of a page, largest work last; what cannot be read is passed over."""
    left = _MOST
    flight: list[str] = []
    for kind, text in _sources(tree):
        left -= len(text)
        if left < 0:
            return
        if kind == "flight":
            flight.extend(unquoted(string) for string in _FLIGHT.findall(text))
        elif kind == "script":
            yield from _read_assignments(text)
        else:
            values = load_values(text)
            yield from (revive(value) if kind == "devalue" else value for value in values)
    if flight:
        yield from read_flight("".join(flight))


def _sources(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """The kind and text of everything on a page that can hold state."""
    for element in tree.iter():
        if element.tag == "script":
            if (text := element.text) and len(text) >= _LEAST and (kind := _kind_of(element, text)):
                yield kind, text
            continue
        for name, value in element.items():
            if len(value) >= _LEAST and name.startswith("data-") and value.lstrip()[:1] in ("{", "["):
                yield "json", value


def _kind_of(script: HtmlElement, text: str) -> str:
    kind = (script.get("type") or "").lower()
    if "ld+json" in kind:
        return ""
    if "json" in kind:
        is_devalue = script.get("id") == "__NUXT_DATA__" or script.get("data-nuxt-data") is not None
        return "devalue" if is_devalue else "json"
    if "__next_f.push(" in text[:200]:
        return "flight"
    return "script" if _ASSIGNMENT.search(text) else ""


def _read_assignments(text: str) -> Iterator[Json]:
    at, found = 0, 0
    while (assignment := _ASSIGNMENT.search(text, at)) and found < _MOST_ASSIGNMENTS:
        at, found = assignment.end(), found + 1
        if len(text) - at < _LEAST:
            return
        try:
            value, at = read_value(text, at, _MOST_LITERAL)
        except ValueError:
            continue
        yield value
