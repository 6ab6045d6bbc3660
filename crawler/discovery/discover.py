"""Recognises a listing by its content and reads its links."""

from dataclasses import replace

from crawler.discovery.document_form import FEEDS, SITEMAPS, Document, Form, recognise
from crawler.discovery.feeds import read_feed
from crawler.discovery.json_feeds import read_json_feed
from crawler.discovery.links import Listing, Reading, collect
from crawler.discovery.moved_listing import Moved, find_move
from crawler.discovery.robots_sitemaps import is_robots_txt, read_robots_sitemaps
from crawler.discovery.sections import named_feeds, read_section
from crawler.discovery.sitemaps import read_sitemap
from crawler.discovery.unpacking import unpack
from crawler.discovery.url_lists import read_url_list
from crawler.http.charset import Decoded, read_text
from crawler.http.decoding import MAX_BYTES, ContentError, TooLarge
from crawler.items import RawPage, UrlKind

_HEAD_BYTES = 64 * 1024
_OFTEN_LONG = FEEDS | SITEMAPS | {Form.PLAIN}
"""Forms of which more than MAX_BYTES are read, or begun to be read."""


class NotAListing(ContentError):
    """The page is not a feed, sitemap or section page; the message says what was expected."""


def discover(raw: RawPage, kind: UrlKind) -> Listing:
    """The links in a feed, sitemap or section page, in its order, each URL once, and what became of its other entries.

    The content decides what the page is. `kind` is what was expected: a web page is read as a section page only if no
    feed or sitemap was, because then it is an error page or the home page of a parked domain. Each link has the source,
    zone and language of `raw.evidence`, and title and dates as the page writes them. Moved for a web page that sends
    its readers elsewhere; NotAListing, or ContentError and TooLarge of `crawler.http.decoding`.
    """
    body, unread = unpack(raw)
    is_long = len(body) > MAX_BYTES
    if is_long and _form_by_beginning(body, raw) not in _OFTEN_LONG:
        raise _too_large()
    decoded = read_text(body, raw.headers.get("content-type"))
    document = recognise(decoded.text)
    if is_long and document.form in FEEDS:  # too long to be parsed whole
        document = replace(document, text=document.text[:MAX_BYTES])
        unread.append(f"it is longer than {MAX_BYTES // 2**20} MiB")
    reading = _read(raw, document, kind, decoded, is_long, unread)
    listing = None if reading is None else collect(raw, reading)
    is_page = document.form not in FEEDS | SITEMAPS
    if is_page and (target := find_move(raw, document.text, listing, decoded.charset)):
        raise Moved(target)
    if listing is None:
        if is_long:
            raise _too_large()
        raise NotAListing(f"{_NAMES.get(document.form, 'something else')} where a {kind} was expected")
    return listing


def is_sitemap(raw: RawPage) -> bool:
    """Whether an answer is an XML sitemap, by the beginning of its content."""
    try:
        body, _ = unpack(replace(raw, body=raw.body[:_HEAD_BYTES]), MAX_BYTES)
    except ContentError:
        return False
    return _form_by_beginning(body, raw) in SITEMAPS


def _form_by_beginning(body: bytes, raw: RawPage) -> Form:
    text = read_text(body[:_HEAD_BYTES], raw.headers.get("content-type")).text
    # In blanks alone no document begins.
    return recognise(text).form if text.strip() else Form.OTHER


def _too_large() -> TooLarge:
    return TooLarge(f"more than {MAX_BYTES} bytes and no feed or sitemap")


_NAMES = {
    Form.HTML: "a web page",
    Form.OPML: "an OPML list of feeds",
    Form.JSON: "a JSON document that is no feed",
}


def _read(
    raw: RawPage, document: Document, kind: UrlKind, decoded: Decoded, is_long: bool, unread: list[str]
) -> Reading | None:
    """What a document lists, read by its form; None if it lists nothing that was expected."""
    if document.form in SITEMAPS:
        return read_sitemap(raw, document, unread)
    if document.form in FEEDS:
        return read_feed(raw, document, unread)
    if document.form is Form.PLAIN and is_robots_txt(raw):
        return read_robots_sitemaps(raw, document.text, unread)
    if document.form is Form.PLAIN:
        return read_url_list(raw, document.text, unread)
    if is_long:
        return None
    if document.form is Form.JSON:
        return read_json_feed(raw, document.text, unread)
    return _read_page(raw, decoded, kind, unread) if document.form is Form.HTML else None


def _read_page(raw: RawPage, decoded: Decoded, kind: UrlKind, unread: list[str]) -> Reading | None:
    """The articles that a web page names; where a feed was expected, the feeds that it names."""
    if kind not in (UrlKind.FEED, UrlKind.SITEMAP):
        return read_section(raw, decoded.text, decoded.charset, unread)
    feeds = named_feeds(raw, decoded.text) if kind is UrlKind.FEED else []
    clause = "it is a web page where a feed was expected: the feeds that it names are read instead"
    return Reading("web page", feeds, [*unread, clause]) if feeds else None
