"""Licences that a page names, by the header Link, by link elements, and as RSL within it.

RSL: https://rslstandard.org/rsl
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree
from lxml.html import HtmlElement

from crawler.http.standard_urls import clean_url
from crawler.items import Declaration
from crawler.rights.declarations import HTML, HTTP

RSL = "application/rsl+xml"
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;]*))?)*)")
_PARAMETER = re.compile(r"([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]*))")
_MOST, _LONGEST = 10, 64 * 1024


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


def _prohibited_uses(document: str) -> Iterator[str]:
    """The uses that an RSL document prohibits for any of its contents; none of one that is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(document.strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    for element in root.iter("{*}prohibits"):
        if element.get("type", "usage") == "usage":
            yield from re.findall(r"[a-z][a-z0-9-]{0,31}", (element.text or "").lower())[:_MOST]
