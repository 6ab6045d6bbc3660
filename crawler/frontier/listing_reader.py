"""Reads a listing in a worker process, down to the links that are to be queued."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from crawler.discovery import Dropped, Listing, without
from crawler.frontier.link_score import discover_scored
from crawler.http.url_identity import url_key
from crawler.items import Discovery, Link, RawPage, UrlKind
from crawler.listing_account import MARK_BYTES, ListingAccount
from crawler.packed_links import PackedLinks
from crawler.relevance import TopicProfile

MAX_DEPTH = 3
"""Sitemap indexes within sitemap indexes; the protocol knows just one level."""

_MOST_MARKED = 1000
"""Entries of a feed by which two visits are compared: the fullest feeds have some hundred."""


@dataclass(frozen=True, slots=True)
class ReadListing:
    """What a listing gave, as it goes to the process that runs the crawl."""

    links: PackedLinks
    account: ListingAccount


def read_listing(raw: RawPage, kind: UrlKind, depth: int, profile: TopicProfile | None) -> ReadListing:
    """What `discover_scored` finds in a listing that itself lies so deep: links with their depth, none too deep."""
    listing = _within_depth(discover_scored(raw, kind, profile), depth)
    links = PackedLinks.of(replace(each, depth=depth + 1) for each in listing.links)
    oldest, newest = _days(listing.links, raw)
    dated = replace(listing.account, oldest=oldest, newest=newest, marks=_marks(listing.links))
    return ReadListing(links, dated)


def _within_depth(listing: Listing, depth: int) -> Listing:
    """The listing without the listings that it names, where it lies too deep itself."""
    deeper = (
        [each for each in listing.links if each.kind is not UrlKind.ARTICLE] if depth >= MAX_DEPTH else []
    )
    clause = f"{len(deeper)} of its sitemaps lie more than {MAX_DEPTH} listings deep"
    return without(listing, deeper, Dropped.TOO_DEEP, clause)


def _days(links: Iterable[Link], raw: RawPage) -> tuple[str, str]:
    """The days of the oldest and the newest entry; what is dated later than tomorrow was not published yet."""
    # Not above: the months' names in sixty languages are for the workers alone.
    from crawler.extraction.dates.timestamps import date_in_url, parse_timestamp

    last = (raw.captured + timedelta(days=1)).date().isoformat()
    dated = (parse_timestamp(each.evidence.published or each.evidence.modified) for each in links)
    days = {day[:10] for day in dated if day and len(day) >= 10}
    if not days:
        days = {day for each in links if len(day := date_in_url(each.url) or "") == 10}
    days = {day for day in days if day <= last}
    return (min(days), max(days)) if days else ("", "")


def _marks(links: Iterable[Link]) -> bytes:
    named = (
        each.url for each in links if each.evidence.how is Discovery.FEED and each.kind is UrlKind.ARTICLE
    )
    marks = (hashlib.blake2b(url_key(url), digest_size=MARK_BYTES) for url in islice(named, _MOST_MARKED))
    return b"".join(mark.digest() for mark in marks)
