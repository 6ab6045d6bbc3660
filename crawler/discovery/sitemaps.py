"""Reads sitemaps (sitemaps.org): of pages, news or other sitemaps, and plain text ones."""

import io
from collections.abc import Iterator

from lxml import etree

from crawler.discovery.links import make_link
from crawler.discovery.xml_references import mend_references
from crawler.items import Discovery, Link, RawPage, UrlKind

_PREAMBLE_BYTES = 64 * 1024
"""Most bytes of output of a broken server before the XML declaration, which must come first (XML 1.0, 2.8)."""


def read_sitemap(raw: RawPage, document: bytes) -> Iterator[Link | None]:
    """The entries of a sitemap or sitemap index, read as a stream without building a tree.

    Of malformed XML the entries before the error. Other vocabularies within an entry (images, videos) have URLs and
    titles of their own, so only direct children are read.
    """
    start = document.find(b"<?xml", 0, _PREAMBLE_BYTES)
    if b"\0" not in document:  # references are written in ASCII, whatever the encoding
        document = mend_references(document.decode("latin-1")).encode("latin-1")
    elements = etree.iterparse(
        io.BytesIO(document[start:] if start > 0 else document.lstrip()),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in elements:
            yield _entry_link(raw, element)
            _forget(element)
    except etree.XMLSyntaxError:  # beyond what lxml can recover
        return


def read_url_list(raw: RawPage, document: str) -> Iterator[Link | None]:
    """The lines of a text sitemap, one URL each (sitemaps.org, "Other Sitemap formats")."""
    lines = (line.strip() for line in document.splitlines())
    return (
        make_link(raw, line, Discovery.SITEMAP)
        for line in lines
        if line.lower().startswith(("http:", "https:"))
    )


def _entry_link(raw: RawPage, entry: etree._Element) -> Link | None:
    fields = _children(entry)
    url, modified = _text(fields, "loc"), _text(fields, "lastmod")
    if _local_name(entry) == "sitemap":
        return make_link(raw, url, Discovery.SITEMAP, kind=UrlKind.SITEMAP, modified=modified)
    if "news" not in fields:
        return make_link(raw, url, Discovery.SITEMAP, modified=modified)
    news = _children(fields["news"])
    title, published = _text(news, "title"), _text(news, "publication_date")
    return make_link(raw, url, Discovery.NEWS_SITEMAP, title=title, published=published, modified=modified)


def _children(element: etree._Element) -> dict[str, etree._Element]:
    """The children of an element by name; the first of repeated ones."""
    children: dict[str, etree._Element] = {}
    for child in element:
        children.setdefault(_local_name(child), child)
    return children


def _text(children: dict[str, etree._Element], name: str) -> str:
    return (children[name].text or "").strip() if name in children else ""


def _local_name(element: etree._Element) -> str:
    """The name without its namespace, which varies and is missing in some files."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free an element and its earlier siblings, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
