"""Reads section pages: which of their many links lead to articles."""

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.discovery.article_urls import is_article_link
from crawler.discovery.links import clean_text, make_link
from crawler.http.urls import base_url, clean_url, is_same_site
from crawler.items import Discovery, Link, RawPage

MAX_SECTION_LINKS = 2_000
"""Most links of one section page: the fullest front pages have about half as many."""


def read_section(raw: RawPage, document: str) -> list[Link | None]:
    """The links to articles of the same site, each with its longest link text as title.

    Feeds that the page declares are not followed: the registry says which ones a source has.
    """
    tree = _parse(document)
    if tree is None:
        return []
    base = base_url(tree, raw.url)
    texts: dict[str, str] = {}
    for anchor in tree.iter("a"):
        url = clean_url(anchor.get("href") or "", base)
        if url is None or (url not in texts and len(texts) == MAX_SECTION_LINKS):
            continue
        if is_same_site(url, raw.url):
            text = clean_text(str(anchor.text_content()))
            texts[url] = max(texts.get(url, ""), text, key=len)
    return [
        make_link(raw, url, Discovery.SECTION, title=text)
        for url, text in texts.items()
        if is_article_link(url, text, raw.url)
    ]


def _parse(document: str) -> HtmlElement | None:
    # libxml2 ends a document at the first NUL; without huge_tree it cuts at 256 levels.
    markup = document.replace("\0", "").encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return document_fromstring(markup, parser=parser)
    except etree.ParserError:  # "Document is empty"
        return None
