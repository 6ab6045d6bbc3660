"""Reads feeds: RSS 0.9x, 1.0 and 2.0, and Atom, alone or in one another."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import chain

from crawler.discovery.document_form import Document, Form
from crawler.discovery.links import Dropped, Entry, Reading, both_ends, make_link
from crawler.discovery.unpacking import note_end
from crawler.discovery.xml_entries import Entries, Piece, declared_entities, expand
from crawler.discovery.xml_references import NO_XML, mend_references
from crawler.items import Discovery, Link, RawPage

PART = 2_000
"""Entries that are parsed at a time: the parser takes 2 KB for each."""

MOST_ALONE = 2_000
"""Entries that are read one by one where one of them breaks the parser for all."""

_GUID = re.compile(r"<guid\b[^>]*>", re.IGNORECASE)
_NO_PERMALINK = re.compile(r"""ispermalink\s*=\s*["']\s*(?:false|no|0)\b""", re.IGNORECASE)
_OTHERS = re.compile(r"</?[\w.-]+:[\w.-]+[^>]*>")
"""Tags of vocabularies beside that of the feed."""

_NAMES, _ROOTS = ("item", "entry"), ("rss", "rdf", "feed", "channel")
_ROOT = re.compile(r"<((?:[\w.-]+:)?[\w.-]+)")
_SITE = re.compile(r"<link>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]+)", re.IGNORECASE)
_FAILURES = (AttributeError, LookupError, TypeError, ValueError)
"""What feedparser raises where it trusts the values of some vocabularies too much."""

Fields = Mapping[str, object]


def read_feed(raw: RawPage, document: Document, unread: list[str]) -> Reading:
    """The entries of an RSS or Atom document; malformed XML loses no complete entry."""
    text = mend_references(NO_XML.sub("", expand(document.text, declared_entities(document.prolog))))
    entries = Entries(text, _NAMES, _ROOTS)
    pieces = list(entries)
    is_cut = bool(pieces) and not pieces[-1].is_whole
    if not is_cut:
        note_end(entries.is_closed, unread)
    whole = pieces[:-1] if is_cut else pieces
    text = text[: pieces[-1].start] if is_cut else text
    links = _links(raw, document.form, text, whole)
    return Reading(document.form, both_ends(chain(links, [Dropped.CUT] * is_cut)), unread)


def _links(raw: RawPage, form: Form, text: str, pieces: list[Piece]) -> Iterator[Entry]:
    """The link of each entry, or why it has none."""
    head = text[: pieces[0].start] if pieces else text
    base = _base(raw, form, head)
    resolved = base if "xml:base" in text else ""
    if len(pieces) <= PART:
        yield from _part_links(raw, form, head, text, pieces, base, resolved, MOST_ALONE)
        return
    for first in range(0, len(pieces), PART):
        part = pieces[first : first + PART]
        some = head + text[part[0].start : part[-1].end]
        moved = len(head) - part[0].start
        part = [Piece(each.start + moved, each.end + moved, each.is_whole) for each in part]
        yield from _part_links(raw, form, head, some, part, base, resolved, max(MOST_ALONE - first, 0))


def _part_links(
    raw: RawPage,
    form: Form,
    head: str,
    text: str,
    pieces: list[Piece],
    base: str,
    resolved: str,
    most_alone: int,
) -> Iterator[Entry]:
    """The same of a feed, or of a part of it behind the head of the whole."""
    end = _end_tags(form, text)
    read = _parse(text + end, resolved)
    if read is None or len(read) < len(pieces):  # one of them breaks the parser, or hides the next
        alone = (
            _parse_alone(head, text[each.start : each.end], end, resolved) for each in pieces[:most_alone]
        )
        read = max(read or [], [entry for entries in alone for entry in entries], key=len)
    is_known = len(read) == len(pieces)  # which markup is whose
    for number, (has_dc_dates, fields) in enumerate(read):
        markup = text[pieces[number].start : pieces[number].end] if is_known else None
        link = _entry_link(raw, fields, base, has_dc_dates, _permalink(form, fields, markup))
        if link is Dropped.NO_ADDRESS and markup is not None and number < most_alone:
            # A `source` that an entry before it left open has the fields of all that follow.
            for has_dc_dates, fields in _parse_alone(head, markup, end, resolved):
                link = _entry_link(raw, fields, base, has_dc_dates, _permalink(form, fields, markup))
        yield link
    yield from [Dropped.UNREADABLE] * (len(pieces) - len(read))


def _parse_alone(head: str, entry: str, end: str, base: str) -> list[tuple[bool, Fields]]:
    """An entry by itself; without other vocabularies, if these break the parser."""
    read = _parse(head + entry + end, base)
    return (_parse(head + _OTHERS.sub("", entry) + end, base) or []) if read is None else read


def _parse(text: str, base: str) -> list[tuple[bool, Fields]] | None:
    """The entries of a feed, each with whether its Dublin Core dates are of publication; None if the library fails."""
    # Workers read feeds. The process of a crawl, which needs the other names of this room, need not load the library.
    feed_parser = import_module("crawler.discovery.feed_parser")
    try:
        entries: list[tuple[bool, Fields]] = feed_parser.entries_of(text, base)
    except _FAILURES:
        return None
    return entries


def _end_tags(form: Form, text: str) -> str:
    """What ends a feed that is cut: with it, what is whole of it is well-formed."""
    found = _ROOT.match(text)
    root = found[1] if found else ""
    if re.search(rf"</{re.escape(root)}\s*>\s*\Z", text[-1_000:]):
        return ""
    return f"{'</channel>' if form is Form.RSS else ''}</{root}>"


def _base(raw: RawPage, form: Form, head: str) -> str:
    """To what relative links of RSS are relative: the site that the channel names; those of Atom to the feed."""
    site = _SITE.search(head) if form is not Form.ATOM else None
    link = make_link(raw, site[1], Discovery.FEED) if site else None
    return link.url if isinstance(link, Link) else raw.url


def _permalink(form: Form, fields: Fields, markup: str | None) -> str:
    """The name of an entry, where it is its address too: a guid that is not said to be none, or an `rdf:about`."""
    name = text_of(fields, "id")
    if markup is None:  # feedparser knows it of items without any link
        is_address = name == text_of(fields, "link")
    else:
        guid = _GUID.search(markup)
        is_address = form is Form.RDF or (guid is not None and not _NO_PERMALINK.search(guid[0]))
    return name if is_address and name.lower().startswith(("http:", "https:")) else ""


def _entry_link(raw: RawPage, fields: Fields, base: str, has_dc_dates: bool, permalink: str) -> Entry:
    published, modified = text_of(fields, "published"), text_of(fields, "updated")
    if has_dc_dates and not published:
        published, modified = modified, ""
    why: Dropped = Dropped.NO_ADDRESS
    for url in (*_addresses(fields), permalink, *_hrefs(fields, "self")):
        link = make_link(
            raw,
            url,
            Discovery.FEED,
            base=base,
            title=text_of(fields, "title"),
            published=published,
            modified=modified,
        )
        if isinstance(link, Link):
            return link
        why = link if why is Dropped.NO_ADDRESS else why
    return why


def _addresses(fields: Fields) -> Iterator[str]:
    """The URLs that an entry gives for its article: the one before FeedBurner's counter, then its links in order."""
    yield text_of(fields, "feedburner_origlink")
    yield from _hrefs(fields, "alternate", "text/html")
    if text_of(fields, "link") != text_of(fields, "id"):  # feedparser fills it with what may be no address
        yield text_of(fields, "link")
    yield from _hrefs(fields, "alternate")


def _hrefs(fields: Fields, rel: str, kind: str = "") -> Iterator[str]:
    links = fields.get("links")
    for link in links if isinstance(links, list) else ():
        if link.get("rel") == rel and link.get("type", "").startswith(kind):
            yield text_of(link, "href")


def text_of(fields: Fields, name: str) -> str:
    """A value that is text; empty if it is none."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
