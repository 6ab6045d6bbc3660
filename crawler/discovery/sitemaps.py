"""Reads sitemaps (sitemaps.org): of pages, news or other sitemaps."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.document_form import Document, Form
from crawler.discovery.links import Dropped, Entry, Reading, both_ends, make_link
from crawler.discovery.unpacking import note_end
from crawler.discovery.xml_entries import Entries, Piece, declared_entities, expand
from crawler.discovery.xml_references import NO_XML, mend_references
from crawler.items import Discovery, RawPage, UrlKind

_NAMES, _ROOTS = ("url", "sitemap"), ("urlset", "sitemapindex")
_SITEMAP_PATH = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)


def read_sitemap(raw: RawPage, document: Document, unread: list[str]) -> Reading:
    """The entries of a sitemap or sitemap index, each parsed by itself: a broken one costs no other."""
    return Reading(document.form, _entries(raw, document, unread), unread)


def _entries(raw: RawPage, document: Document, unread: list[str]) -> Iterator[Entry]:
    pieces = Entries(document.text, _NAMES, _ROOTS)
    entities = declared_entities(document.prolog)
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_cut = False
    for piece in both_ends(pieces):
        if isinstance(piece, Dropped):
            yield piece
        elif not piece.is_whole:
            is_cut = True
            yield Dropped.CUT
        else:
            yield from _entry_links(raw, document, _element(document, piece, entities, parser))
    if not is_cut:
        note_end(pieces.is_closed, unread)


def _element(
    document: Document, piece: Piece, entities: dict[str, str], parser: etree.XMLParser
) -> etree._Element | None:
    """The element of an entry; None if it cannot be read."""
    markup = expand(document.text[piece.start : piece.end], entities)
    try:
        # An entry alone declares no prefixes; recovering, the parser takes them for parts of names.
        return etree.fromstring(mend_references(NO_XML.sub("", markup)).encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _entry_links(raw: RawPage, document: Document, entry: etree._Element | None) -> Iterator[Entry]:
    """The links of an entry: other vocabularies in it have URLs and titles of their own, so only its children count."""
    if entry is None:
        yield Dropped.UNREADABLE
        return
    children: dict[str, list[etree._Element]] = {}
    for child in entry:
        children.setdefault(_local_name(child), []).append(child)
    for url in _addresses(entry, children) or [""]:
        yield _link(raw, document, _local_name(entry), url, children)


def _addresses(entry: etree._Element, children: dict[str, list[etree._Element]]) -> list[str]:
    """The addresses of an entry: of each `loc`; where there is none, of a `link`, or what stands in its place."""
    found = [_text(each) or each.get("href", "") for each in children.get("loc", ())]
    if not any(found):
        found = [each.get("href", "") or _text(each) for each in children.get("link", ())]
    if not any(found) and (entry.text or "").strip().lower().startswith("http"):
        found = [_text(entry)]
    return [url for url in found if url]


def _link(
    raw: RawPage, document: Document, name: str, url: str, children: dict[str, list[etree._Element]]
) -> Entry:
    modified = _first(children, "lastmod")
    # What an index calls a page is one of its sitemaps; the answer tells in the end.
    is_sitemap = document.form is Form.INDEX and _SITEMAP_PATH.search(_path(url)) is not None
    if name == "sitemap" or is_sitemap:
        return make_link(raw, url, Discovery.SITEMAP, kind=UrlKind.SITEMAP, modified=modified)
    if "news" not in children:
        return make_link(raw, url, Discovery.SITEMAP, modified=modified)
    news: dict[str, list[etree._Element]] = {}
    for child in children["news"][0]:
        news.setdefault(_local_name(child), []).append(child)
    title, published = _first(news, "title"), _first(news, "publication_date")
    return make_link(raw, url, Discovery.NEWS_SITEMAP, title=title, published=published, modified=modified)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _first(children: dict[str, list[etree._Element]], name: str) -> str:
    return _text(children[name][0]) if name in children else ""


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _local_name(element: etree._Element) -> str:
    """The name without its namespace, which varies and is missing in some files."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
