"""Where a page sends its readers by itself: a refresh in its head or its HTTP fields, or a canonical page."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.http.standard_urls import clean_url
from crawler.http.urls import base_url

AT_ONCE_S = 1.0
"""A page that is left so soon is read by no one."""

SOON_S = 10.0
"""What is left later than this has not moved: it is shown anew from time to time."""

_REFRESH = re.compile(r"\s*(\d*)([\d.]*)(?:\s*[;,]|\s)\s*(.*)", re.DOTALL)
_NAMED = re.compile(r"url\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<([^>]*)>((?:[^,<\"]|\"[^\"]*\")*)")
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


class Refresh(NamedTuple):
    """A page that has its readers fetch another one."""

    url: str
    after_s: float
    is_for_all: bool
    """Not only for those whose browsers run no scripts."""


def find_refresh(
    url: str, headers: Mapping[str, str], tree: HtmlElement | None, charset: str = "utf-8"
) -> Refresh | None:
    """The first refresh that names a page; what is for all readers goes before what is for some."""
    base = url if tree is None else base_url(tree, url, charset)
    found = [
        Refresh(target, refresh[0], is_for_all)
        for content, is_for_all in _refreshes(headers, tree)
        if (refresh := parse_refresh(content)) and (target := clean_url(refresh[1], base, charset))
    ]
    return min(found, key=lambda refresh: not refresh.is_for_all, default=None)


def find_canonical(
    url: str, headers: Mapping[str, str], tree: HtmlElement, charset: str = "utf-8"
) -> str | None:
    """The page that a page declares to be the one to read in its place.

    None for a site's front page: some sites declare it in every page.
    """
    base = base_url(tree, url, charset)
    for target in _canonicals(headers, tree):
        canonical = clean_url(target, base, charset)
        if canonical and (not is_front_page(canonical) or is_front_page(url)):
            return canonical
    return None


def parse_refresh(content: str) -> tuple[float, str] | None:
    """Seconds and target of a refresh (HTML, "shared declarative refresh steps"); None if it names no other page."""
    match = _REFRESH.fullmatch(content)
    if match is None or not (match[1] or match[2]):
        return None
    target = match[3]
    if named := _NAMED.fullmatch(target):
        target = named[1]
    if target[:1] in ("'", '"'):
        target = target[1:].partition(target[0])[0]
    return (float(match[1] or 0), target.strip()) if target.strip() else None


def is_front_page(url: str) -> bool:
    """Whether a URL is that of a whole site."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _refreshes(headers: Mapping[str, str], tree: HtmlElement | None) -> Iterator[tuple[str, bool]]:
    """The contents of all refreshes in their order, each with whether it is for all readers."""
    if content := headers.get("refresh"):
        yield content, True
    for element in () if tree is None else tree.iter("meta"):
        if str(element.get("http-equiv") or "").strip().lower() == "refresh":
            yield str(element.get("content") or ""), next(element.iterancestors("noscript"), None) is None


def _canonicals(headers: Mapping[str, str], tree: HtmlElement) -> Iterator[str]:
    for link in _LINK.finditer(headers.get("link", "")):
        relation = _RELATION.search(link[2])
        if relation and "canonical" in (relation[1] or relation[2]).lower().split():
            yield link[1]
    for element in tree.iter("link"):
        if "canonical" in str(element.get("rel") or "").lower().split():
            yield str(element.get("href") or "")
