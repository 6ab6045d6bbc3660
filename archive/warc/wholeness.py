"""Whether a body is a whole document, judged by its content: servers announce wrong lengths for whole pages."""

import json
import re

from archive.warc.content_codings import ContentError, decode_content, is_text
from archive.warc.http import header

_EDGE_BYTES = 8192
"""How much of a document's beginning and end is looked at."""

_PROLOG = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!(?!--)[^>]*>)", re.DOTALL)
_ROOT = re.compile(rb"\s*<([a-z][\w:.-]*)")
_LAST_TAG = re.compile(rb"</([a-z][\w:.-]*)\s*>$")
_PAGE_ENDS = (b"html", b"body")
_FEED_ROOTS = (b"rss", b"feed", b"rdf:rdf", b"urlset", b"sitemapindex", b"opml")
_BEFORE_ROOT = b"\xef\xbb\xbf\xfe\xff \t\r\n"  # byte order marks and white space
_MARKED_UP = ("html", "xml", "json")
_MEDIA = ("image/", "audio/", "video/", "font/")


def is_whole_document(head: bytes, payload: bytes, is_orderly: bool = False) -> bool:
    """Whether a body that its head describes evidently has its end.

    A packed body has if its stream is whole; a page, a feed or a sitemap if its root element is closed; text if its
    last line is, or if the server itself ended the connection in order (`is_orderly`). Of pictures nobody can tell.
    """
    try:
        document = decode_content(payload, header(head, "Content-Encoding") or "")
    except ContentError:
        return False
    if document is not payload:
        return True
    beginning = document[:_EDGE_BYTES].replace(b"\0", b"").lstrip(_BEFORE_ROOT)  # NUL: UTF-16
    if beginning.startswith((b"{", b"[")):
        return _is_json(document)
    if beginning.startswith(b"<") or any(name in _media_type(head) for name in _MARKED_UP):
        return _is_closed(beginning.lower(), document[-_EDGE_BYTES:].replace(b"\0", b"").lower())
    is_media = _media_type(head).startswith(_MEDIA)
    return bool(beginning) and not is_media and is_text(document) and (is_orderly or document.endswith(b"\n"))


def _media_type(head: bytes) -> str:
    return (header(head, "Content-Type") or "").lower()


def _is_json(document: bytes) -> bool:
    try:
        json.loads(document)
    except (ValueError, RecursionError):
        return False
    return True


def _is_closed(beginning: bytes, end: bytes) -> bool:
    """Whether the root element is closed, and nothing but comments follows."""
    end = end.rstrip()
    while end.endswith(b"-->") and b"<!--" in end:
        end = end[: end.rfind(b"<!--")].rstrip()
    last, root = _LAST_TAG.search(end), _root(beginning)
    return last is not None and (last[1] == root if root in _FEED_ROOTS else last[1] in _PAGE_ENDS)


def _root(beginning: bytes) -> bytes:
    """The name of the root element."""
    start = 0
    while prolog := _PROLOG.match(beginning, start):
        start = prolog.end()
    root = _ROOT.match(beginning, start)
    return root[1] if root else b""
