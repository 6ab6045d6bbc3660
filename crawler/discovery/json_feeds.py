"""Reads feeds that are JSON: JSON Feed (jsonfeed.org, versions 1.0 and 1.1) and RSS written as JSON (rss.js)."""

import json
import re
from collections.abc import Iterator, Sequence

from crawler.discovery.feeds import Fields, text_of
from crawler.discovery.links import Dropped, Entry, Reading, both_ends, make_link
from crawler.discovery.unpacking import note_end
from crawler.items import Discovery, Link, RawPage

_DECODER = json.JSONDecoder(strict=False)  # control characters in strings are harmless
_ITEMS = re.compile(r'"items?"\s*:\s*\[')
_COMMA = re.compile(r"[\s,]*")


def read_json_feed(raw: RawPage, document: str, unread: list[str]) -> Reading | None:
    """The items of a feed in JSON; None if the document is none. Of one that is cut, its whole items."""
    try:
        feed, _ = _DECODER.raw_decode(document)
    except (ValueError, RecursionError):
        items = _whole_items(document)
        return Reading("JSON feed", [*_links(raw, items, raw.url), Dropped.CUT], unread) if items else None
    channel = _channel(feed)
    found = channel.get("items", channel.get("item")) if channel is not None else None
    if channel is None or not isinstance(found, list):
        return None
    home = text_of(channel, "home_page_url") or text_of(channel, "link")
    site = make_link(raw, home, Discovery.FEED)
    base = site.url if isinstance(site, Link) else raw.url
    note_end(True, unread)
    return Reading("JSON feed", both_ends(_links(raw, found, base)), unread)


def _channel(feed: object) -> Fields | None:
    """The object that holds the items."""
    for name in ("rss", "channel"):
        if isinstance(feed, dict) and isinstance(feed.get(name), dict):
            feed = feed[name]
    return feed if isinstance(feed, dict) else None


def _whole_items(document: str) -> list[object]:
    """The items before the place where a document breaks."""
    start, items = _ITEMS.search(document), list[object]()
    place = start.end() if start else len(document)
    while True:
        try:
            item, place = _DECODER.raw_decode(document, _COMMA.match(document, place).end())  # type: ignore[union-attr]
        except (ValueError, RecursionError):
            return items
        items.append(item)


def _links(raw: RawPage, items: Sequence[object], base: str) -> Iterator[Entry]:
    for item in items:
        yield _item_link(raw, item, base) if isinstance(item, dict) else Dropped.UNREADABLE


def _item_link(raw: RawPage, item: Fields, base: str) -> Entry:
    """The link of an item; what `external_url` names is the article only where the item has no page of its own."""
    name = text_of(item, "id")
    return make_link(
        raw,
        text_of(item, "url")
        or text_of(item, "link")
        or text_of(item, "external_url")
        or next((each for each in (name, _permalink(item)) if each.startswith("http")), ""),
        Discovery.FEED,
        base=base,
        title=text_of(item, "title"),
        published=text_of(item, "date_published") or text_of(item, "pubDate"),
        modified=text_of(item, "date_modified"),
    )


def _permalink(item: Fields) -> str:
    guid = item.get("guid")
    if isinstance(guid, dict):
        return text_of(guid, "#value") if guid.get("isPermaLink") in (None, True, "true") else ""
    return text_of(item, "guid")
