"""Makes the links of all kinds of listings: clean URLs, and evidence within limits."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from crawler.http.urls import clean_url
from crawler.items import Discovery, Link, RawPage, UrlKind

MAX_LINKS = 50_000
"""Most links of one page: as many as the sitemap protocol allows in a file (sitemaps.org, "Sitemap index files")."""

MAX_TEXT_CHARS = 500
"""Longest title: each is written into a record of the archive, and no headline is that long."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text on one line, without control characters and surrogates, as an archive can store it."""
    words = _CONTROLS.sub(" ", _SURROGATES.sub("", text)).split()
    return " ".join(words)[:MAX_TEXT_CHARS].strip()


def make_link(
    raw: RawPage,
    url: str,
    how: Discovery,
    *,
    kind: UrlKind = UrlKind.ARTICLE,
    base: str = "",
    title: str = "",
    published: str = "",
    modified: str = "",
) -> Link | None:
    """A link on a page, with the source, zone and language of the page; None if it is not a web URL."""
    cleaned = clean_url(url, base or raw.url)
    if cleaned is None:
        return None
    evidence = replace(
        raw.evidence,
        how=how,
        via=raw.url,
        title=clean_text(title),
        published=clean_text(published),
        modified=clean_text(modified),
    )
    return Link(cleaned, kind, evidence)


def first_of_each(links: Iterable[Link | None]) -> list[Link]:
    """The links in the order of the page, each URL once, at most MAX_LINKS of them."""
    unique: dict[str, Link] = {}
    for link in islice(links, 2 * MAX_LINKS):
        if link is not None:
            unique.setdefault(link.url, link)
        if len(unique) == MAX_LINKS:
            break
    return list(unique.values())
