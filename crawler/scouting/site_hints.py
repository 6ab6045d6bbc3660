"""What the pages of a site say of the site: its name, its language, and where its feeds are."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.discovery.document_form import Form, recognise
from crawler.discovery.sections import named_feeds, parse_document
from crawler.discovery.unpacking import unpack
from crawler.http.charset import read_text
from crawler.http.standard_urls import clean_url
from crawler.http.urls import base_url, is_same_site
from crawler.items import RawPage
from crawler.texts.markup import plain_title

MOST_FEEDS = 6
"""Feeds of a front page that are looked at: the first ones are of all news, later ones of sections."""

_HEAD_CHARS = 4_000
_OF_A_FEED = re.compile(
    r"<language>\s*([a-z]{2,3})\b|xml:lang=[\"']([a-z]{2,3})\b|[\"']language[\"']:\s*[\"']([a-z]{2,3})\b",
    re.I,
)
_TITLE = re.compile(r"<title[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)|[\"']title[\"']:\s*[\"']([^\"']+)", re.I)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)(?:/|\.xml|\.rss|\.php|\Z)|\.(?:rss|atom)\Z|/rss[/_-]", re.IGNORECASE
)
_SITEMAP_LINE = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hints:
    """What one document says; empty where it says nothing."""

    name: str = ""
    language: str = ""
    """ISO 639-1."""
    feeds: tuple[str, ...] = ()


def read_hints(raw: RawPage) -> Hints:
    """What a front page, or a feed, says of its site."""
    text = read_text(unpack(raw).body, raw.headers.get("content-type")).text
    if recognise(text).form is Form.HTML:
        tree = parse_document(text)
        return Hints() if tree is None else _of_page(raw, text, tree)
    language, title = _OF_A_FEED.search(text[:_HEAD_CHARS]), _TITLE.search(text[:_HEAD_CHARS])
    return Hints(
        plain_title((title[1] or title[2]) if title else ""),
        next(filter(None, language.groups()), "").lower() if language else "",
    )


def _of_page(raw: RawPage, text: str, tree: HtmlElement) -> Hints:
    declared = [link.url for link in named_feeds(raw, text)]
    base = base_url(tree, raw.url)
    urls = (clean_url(anchor.get("href") or "", base) for anchor in tree.iter("a"))
    linked = (url for url in urls if url and _FEED_PATH.search(url) and is_same_site(url, raw.url))
    feeds = [url for url in dict.fromkeys((*declared, *linked)) if "comment" not in url.lower()]
    language = re.match(r"[a-z]{2,3}\b", (tree.get("lang") or tree.get("xml:lang") or "").lower())
    return Hints(_name_of(tree), language[0] if language else "", tuple(feeds[:MOST_FEEDS]))


def _name_of(tree: HtmlElement) -> str:
    """The site's name as it gives it to networks; else the last part of its title, where such names stand."""
    named = (
        each.get("content") or "" for each in tree.iter("meta") if each.get("property") == "og:site_name"
    )
    if name := next(filter(None, named), ""):
        return plain_title(name)
    title = tree.findtext(".//title") or ""
    return plain_title(re.split(r"\s[|\u2013\u2014-]\s", title)[-1])


def sitemaps_of(robots: bytes) -> list[str]:
    """The sitemaps that a robots.txt names, those of news first."""
    named = [url.decode("utf-8", "replace") for url in _SITEMAP_LINE.findall(robots)]
    return sorted(dict.fromkeys(named), key=lambda url: "news" not in url.lower())
