"""Reads feeds: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed."""

import io
import json
import re
from collections.abc import Iterator

import feedparser

from crawler.discovery.links import make_link
from crawler.discovery.xml_references import NO_XML, mend_references
from crawler.http.decoding import ContentError
from crawler.items import Discovery, Link, RawPage

_DC_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_DC_TERMS = "http://purl.org/dc/terms/"

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed)[\s/>]", re.IGNORECASE)

Fields = dict[str, object]


def read_feed(raw: RawPage, document: str) -> Iterator[Link | None]:
    """The entries of an RSS or Atom document; malformed XML loses no complete entry.

    ContentError if feedparser itself fails, which trusts the values of some vocabularies too much.
    """
    try:
        parsed = feedparser.parse(
            # feedparser would take bytes for a file name and a string for a URL to fetch.
            io.BytesIO(_mend(document).encode()),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": raw.url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ContentError(f"the feed cannot be read: {type(error).__name__}: {error}") from None
    has_dc_dates = _has_dc_dates(parsed.get("version", ""), set(parsed.get("namespaces", {}).values()))
    return (_entry_link(raw, dict(entry), has_dc_dates) for entry in parsed["entries"])


def _mend(document: str) -> str:
    """The document from its root element on, without characters that XML forbids, its references mended.

    What precedes the root is not needed: the text is decoded already, and a DTD could only do harm.
    """
    root = _ROOT.search(document)
    return mend_references(NO_XML.sub("", document[root.start() :] if root else ""))


def _has_dc_dates(version: str, vocabularies: set[str]) -> bool:
    # feedparser reads dc:date as a modification; in RSS it is the publication (RSS 1.0, mod_dublincore).
    return version.startswith("rss") and _DC_ELEMENTS in vocabularies and _DC_TERMS not in vocabularies


def read_json_feed(raw: RawPage, document: str) -> Iterator[Link | None] | None:
    """The items of a JSON Feed (jsonfeed.org, version 1.1); None if the document is not one."""
    try:
        feed = json.loads(document)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    return (_item_link(raw, item) for item in feed["items"] if isinstance(item, dict))


def _entry_link(raw: RawPage, fields: Fields, has_dc_dates: bool) -> Link | None:
    published, modified = _text(fields, "published"), _text(fields, "updated")
    if has_dc_dates and not published:
        published, modified = modified, ""
    for url in _addresses(fields):
        link = make_link(
            raw, url, Discovery.FEED, title=_text(fields, "title"), published=published, modified=modified
        )
        if link is not None:
            return link
    return None


def _addresses(fields: Fields) -> Iterator[str]:
    """The URLs that an entry gives for its article: the one before FeedBurner's counter, then its links."""
    yield _text(fields, "feedburner_origlink")
    yield _text(fields, "link")  # feedparser fills it with a guid that is a permalink
    links = fields.get("links")
    for link in links if isinstance(links, list) else ():
        if link.get("rel") == "alternate":
            yield _text(link, "href")


def _item_link(raw: RawPage, item: Fields) -> Link | None:
    name = _text(item, "id")
    return make_link(
        raw,
        _text(item, "url") or _text(item, "external_url") or (name if name.startswith("http") else ""),
        Discovery.FEED,
        title=_text(item, "title"),
        published=_text(item, "date_published"),
        modified=_text(item, "date_modified"),
    )


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
