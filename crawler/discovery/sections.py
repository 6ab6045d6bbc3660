"""Reads section pages: which of their many links lead to articles, and which feeds they name."""

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.discovery.article_urls import is_article_link
from crawler.discovery.links import Dropped, Entry, Reading, clean_text, make_link
from crawler.http.standard_urls import clean_url
from crawler.http.urls import base_url, is_same_site
from crawler.items import Discovery, Link, RawPage, UrlKind

MAX_SECTION_LINKS = 2_000
"""Most links of one section page: the fullest front pages have about half as many."""

MOST_FEEDS = 5
"""Feeds of a web page that are followed where a feed was expected."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


def read_section(raw: RawPage, document: str, charset: str, unread: list[str]) -> Reading:
    """The links to articles of the same site, each with its longest link text as title; others are counted.

    Feeds that the page declares are not followed: the registry says which ones a source has.
    """
    return Reading("section page", _entries(raw, document, charset), unread)


def _entries(raw: RawPage, document: str, charset: str) -> Iterator[Entry]:
    tree = parse_document(document)
    if tree is None:
        return
    base = base_url(tree, raw.url, charset)
    texts: dict[str, str] = {}
    for anchor in tree.iter("a"):
        url = clean_url(anchor.get("href") or "", base, charset)
        if url is None:
            continue
        if url not in texts and len(texts) == MAX_SECTION_LINKS:
            yield Dropped.OVER_LIMIT
            continue
        text = clean_text(str(anchor.text_content())) if is_same_site(url, raw.url) else ""
        texts[url] = max(texts.get(url, ""), text, key=len)
    for url, text in texts.items():
        yield _entry(raw, url, text)


def _entry(raw: RawPage, url: str, text: str) -> Entry:
    if not is_same_site(url, raw.url):
        return Dropped.ELSEWHERE
    return (
        make_link(raw, url, Discovery.SECTION, title=text)
        if is_article_link(url, text, raw.url)
        else Dropped.NO_ARTICLE
    )


def named_feeds(raw: RawPage, document: str) -> list[Link]:
    """The feeds that a web page names as its own (`link rel=alternate`), without those of comments."""
    tree = parse_document(document)
    if tree is None:
        return []
    base = base_url(tree, raw.url)
    links = [
        make_link(raw, element.get("href") or "", Discovery.FEED, kind=UrlKind.FEED, base=base)
        for element in tree.iter("link")
        if "alternate" in (element.get("rel") or "").lower().split()
        and (element.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
        and "comment" not in f"{element.get('href')} {element.get('title')}".lower()
    ]
    return [link for link in links if isinstance(link, Link) and is_same_site(link.url, raw.url)][:MOST_FEEDS]


def parse_document(document: str) -> HtmlElement | None:
    """The tree of a web page; None if it is empty."""
    # libxml2 ends a document at the first NUL; without huge_tree it cuts at 256 levels.
    markup = document.replace("\0", "").encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return document_fromstring(markup, parser=parser)
    except etree.ParserError:  # "Document is empty"
        return None
