"""Recognises a listing by its content and reads its links."""

import re
from collections.abc import Iterable

from crawler.discovery.feeds import read_feed, read_json_feed
from crawler.discovery.links import first_of_each
from crawler.discovery.sections import read_section
from crawler.discovery.sitemaps import read_sitemap, read_url_list
from crawler.http.decoding import (
    MAX_BYTES,
    MAX_SITEMAP_BYTES,
    ContentError,
    TooLarge,
    decode_content,
    decode_text,
    gunzip,
)
from crawler.items import Link, RawPage, UrlKind

_HEAD_BYTES = 64 * 1024
"""Bytes within which the root element must begin, after declarations, comments and output of a broken server."""

_ROOT = re.compile(
    rb"<(?:!doctype\s+)?(?:[\w.-]+:)?(html|rss|rdf|feed|urlset|sitemapindex)[\s/>]", re.IGNORECASE
)
_URL_LINE = re.compile(r"https?://\S+\s*$", re.IGNORECASE | re.MULTILINE)
_TAG = re.compile(r"<[a-z]", re.IGNORECASE)


class NotAListing(ContentError):
    """The page is not a feed, sitemap or section page; the message says what was expected."""


def discover(raw: RawPage, kind: UrlKind) -> list[Link]:
    """The links in a feed, sitemap or section page, in its order, each URL once.

    The content decides what the page is. `kind` is what was expected: a web page is read as a section page only if no
    feed or sitemap was, because then it is an error page or the home page of a parked domain. Each link has the source,
    zone and language of `raw.evidence`, and title and dates as the page writes them. An empty listing gives an empty
    list. NotAListing, or ContentError and TooLarge of `crawler.http.decoding`.
    """
    body = decode_content(raw.body, raw.headers.get("content-encoding", ""), MAX_SITEMAP_BYTES)
    body = gunzip(body, MAX_SITEMAP_BYTES)
    root = _root_name(body)
    if root in ("urlset", "sitemapindex"):
        return first_of_each(read_sitemap(raw, body))
    if len(body) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES} bytes and no XML sitemap")
    text = decode_text(body, raw.headers.get("content-type"))
    links = _read_text(raw, text.lstrip("\ufeff \t\r\n"), root, kind)
    if links is None:
        expected = "listing" if kind is UrlKind.LISTING else kind
        raise NotAListing(
            f"{'a web page' if root == 'html' else 'something else'} where a {expected} was expected"
        )
    return first_of_each(links)


def _root_name(body: bytes) -> str:
    """The name of the root element or of the document type, the first that is known."""
    # Without the NULs of UTF-16 the names of elements are ASCII in every encoding in use.
    match = _ROOT.search(body[:_HEAD_BYTES].replace(b"\0", b""))
    return match[1].decode().lower() if match else ""


def _read_text(raw: RawPage, text: str, root: str, kind: UrlKind) -> Iterable[Link | None] | None:
    if text.startswith("{") and (items := read_json_feed(raw, text)) is not None:
        return items
    if _URL_LINE.match(text):
        return read_url_list(raw, text)
    if root in ("rss", "rdf", "feed"):
        return read_feed(raw, text)
    if kind in (UrlKind.FEED, UrlKind.SITEMAP) or not (root or _TAG.search(text, 0, _HEAD_BYTES)):
        return None
    return read_section(raw, text)
