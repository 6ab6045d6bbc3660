"""Reads the sitemaps that a robots.txt names (sitemaps.org, "Informing search engine crawlers")."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.discovery.links import Entry, Reading, make_link
from crawler.items import Discovery, RawPage, UrlKind

_SITEMAP = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def is_robots_txt(raw: RawPage) -> bool:
    """Whether a page is a robots.txt, by its address."""
    return urlsplit(raw.url).path == "/robots.txt"


def read_robots_sitemaps(raw: RawPage, text: str, unread: list[str]) -> Reading:
    """The sitemaps that a robots.txt names."""
    return Reading("robots.txt", _entries(raw, text), unread)


def _entries(raw: RawPage, text: str) -> Iterator[Entry]:
    for found in _SITEMAP.finditer(text):
        yield make_link(raw, found[1], Discovery.SITEMAP, kind=UrlKind.SITEMAP)
