"""Parses the bytes of a page into one tree, within limits and without requests."""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extraction.html5 import mend
from crawler.extraction.shown_tree import show
from crawler.http.charset import read_text
from crawler.http.decoding import decode_content
from crawler.items import RawPage

_PROLOG = r"\s*(?:<[?!][^>]*>\s*)*"
_FEED = re.compile(rf"{_PROLOG}<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml|svg)\b", re.IGNORECASE)
_OTHER_XML = re.compile(rf"\s*<\?xml\b[^>]*>{_PROLOG}<(?!(?:html|head|body|div)\b)[a-z]", re.IGNORECASE)
_DATA = re.compile(r"\s*(?:%PDF-|GIF8|\{\s*[\"}]|\[\s*[\"{\[\]\d])")
_ELEMENT = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|noscript|div|p|h[1-6]|a|br|span|article|main|section"
    r"|table|td|ul|ol|li|img|font|center|b|i|em|strong|pre)\b",
    re.IGNORECASE,
)
_MAX_JUNK = 0.05
"""Share of control characters above which a body is a picture, a PDF or in an unknown coding."""

# libxml2 ends a document at the first NUL; libraries that move text within the tree fail at the others.
_CONTROLS = bytes((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))
_NOT_CHARACTERS = tuple(char.encode() for char in "\ufffe\uffff")
_LOST = "\ufffd".encode()

_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html's own parser asks a function in Python which one each time it meets one."""


class NotHtml(ValueError):
    """The document is a feed, data, a picture or plain text, whatever its Content-Type says."""


def parse(raw: RawPage) -> tuple[HtmlElement, str, str] | None:
    """The tree of a page, the encoding in which it came and what decided that; None if it is empty.

    NotHtml for a document that is not a page; ContentError and TooLarge as `decode_content` raises them.
    """
    body = decode_content(raw.body, raw.headers.get("content-encoding", ""))
    if not body.strip():
        return None
    text, charset, why = read_text(body, raw.headers.get("content-type"))
    encoded = text.encode("utf-8", "replace")
    markup, junk = _without_junk(encoded)
    clean = text if len(markup) == len(encoded) else markup.decode()
    if junk > _MAX_JUNK * (len(text) - junk) or not is_html(clean):
        raise NotHtml(f"{raw.url} is no HTML document")
    try:
        tree = mend(_read_tree(markup), markup, _read_tree)
    except etree.ParserError:  # "Document is empty"
        return None
    show(tree, markup)
    return tree, charset, why


def _read_tree(markup: bytes) -> HtmlElement:
    # Without huge_tree libxml2 cuts at 256 levels, which keeps recursive libraries within their stack.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    parser.set_element_class_lookup(_CLASSES)
    return document_fromstring(markup, parser=parser)


def _without_junk(markup: bytes) -> tuple[bytes, int]:
    """UTF-8 without what XML does not allow, and how many characters that and lost ones were.

    U+FFFD stays: where letters of a story are lost, a person decides about it.
    On bytes, because `str.translate` takes 10 ms for a page that is not ASCII.
    """
    kept = markup.translate(None, _CONTROLS)
    junk = len(markup) - len(kept)
    if _LOST[:2] not in kept:
        return kept, junk
    for char in _NOT_CHARACTERS:
        junk += kept.count(char)
        kept = kept.replace(char, b"")
    return kept, junk + kept.count(_LOST)


def is_html(markup: str) -> bool:
    """Whether a browser would show this as a page: judged by the content, because labels are often wrong."""
    is_other = any(form.match(markup) for form in (_FEED, _OTHER_XML, _DATA))
    return not is_other and _ELEMENT.search(markup) is not None
