"""Licences that a page names, by the header Link, by link elements, and as RSL within it; and what RSL files prohibit.

RSL: https://rslstandard.org/rsl
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.http.robots_rules import RobotsRules
from crawler.http.standard_urls import clean_url
from crawler.items import Declaration
from crawler.rights.declarations import HTML, HTTP

RSL = "application/rsl+xml"
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)")
_PARAMETER = re.compile(r"([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))")
_PLACE = re.compile(r"(?:https?://([^/?#]+))?([^#]*)", re.IGNORECASE)
_MOST, _LONGEST, _MOST_CONTENTS = 10, 64 * 1024, 500


def in_headers(headers: Mapping[str, str], url: str) -> Iterator[Declaration]:
    """The licences of the header `Link` (RFC 8288)."""
    links = [
        (match[1], _parameters(match[2])) for match in _LINK.finditer(headers.get("link", "")[:_LONGEST])
    ]
    yield from _declared(
        HTTP, ((target, said.get("rel", ""), said.get("type", "")) for target, said in links), url
    )


def _parameters(text: str) -> dict[str, str]:
    return {match[1].lower(): match[2] or match[3] or "" for match in _PARAMETER.finditer(text)}


def in_tree(tree: HtmlElement, base: str) -> Iterator[Declaration]:
    """The licences of link elements, and what an RSL document within the page prohibits."""
    links = (
        (each.get("href") or "", each.get("rel") or "", each.get("type") or "") for each in tree.iter("link")
    )
    yield from _declared(HTML, links, base)
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == RSL:
            yield Declaration(HTML, "rsl=in the page")
            prohibited = dict.fromkeys(_prohibited_uses((script.text or "")[:_LONGEST]))
            if prohibited:
                yield Declaration(HTML, f"rsl-prohibits: {', '.join(prohibited)}")


def _declared(where: str, links: Iterable[tuple[str, str, str]], base: str) -> Iterator[Declaration]:
    found: dict[str, None] = {}
    for target, relation, media_type in links:
        if "license" in relation.lower().split() and (address := clean_url(target, base)):
            found[f"{'rsl' if media_type.strip().lower() == RSL else 'license'}={address}"] = None
    yield from (Declaration(where, says) for says in [*found][:_MOST])


@dataclass(frozen=True, slots=True)
class Terms:
    """What an RSL file says of some URLs."""

    place: str
    """The URLs as they are written: a path, or an address with a host."""
    prohibited: tuple[str, ...]

    def concern(self, url: str) -> bool:
        host, path = _split(self.place)
        is_there = not host or host == urlsplit(url).netloc.lower()
        return is_there and not RobotsRules.against(path or "/").allow(url)


def read_terms(document: bytes) -> tuple[Terms, ...] | None:
    """The terms of an RSL file; None if it is none."""
    root = _root(document)
    if root is None or etree.QName(root).localname != "rsl":
        return None
    contents = islice(root.iter("{*}content"), _MOST_CONTENTS)
    return tuple(Terms(each.get("url") or "/", tuple(dict.fromkeys(_uses(each)))) for each in contents)


def prohibited_of(terms: Iterable[Terms], url: str) -> list[str]:
    """The uses of a URL that terms prohibit, each once."""
    return [*dict.fromkeys(use for each in terms if each.concern(url) for use in each.prohibited)]


def _split(place: str) -> tuple[str, str]:
    """Host, if one is named, and path with its asterisks."""
    found = _PLACE.fullmatch(place)
    return (found[1] or "").lower() if found else "", found[2] if found else ""


def _prohibited_uses(document: str) -> Iterator[str]:
    """The uses that an RSL document prohibits for any of its contents; none of one that is not well-formed."""
    root = _root(document.strip().encode())
    yield from _uses(root) if root is not None else ()


def _root(document: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _uses(element: etree._Element) -> Iterator[str]:
    for each in element.iter("{*}prohibits"):
        if each.get("type", "usage") == "usage":
            yield from re.findall(r"[a-z][a-z0-9-]{0,31}", (each.text or "").lower())[:_MOST]
