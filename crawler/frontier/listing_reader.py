"""Reads a listing in a worker process, down to the links that are to be queued."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from crawler.discovery import Dropped, Listing, discover, without
from crawler.frontier.link_score import scored
from crawler.http.url_identity import url_key
from crawler.items import Discovery, Link, RawPage, UrlKind
from crawler.listing_account import MARK_BYTES, ListingAccount
from crawler.packed_links import PackedLinks
from crawler.past.period import read_period
from crawler.past.publishers import Publishers
from crawler.past.ways import READERS, read_past
from crawler.relevance import TopicProfile

MAX_DEPTH = 3
"""Sitemap indexes within sitemap indexes; the protocol knows just one level."""

_MOST_MARKED = 1000
"""Entries of a feed by which two visits are compared: the fullest feeds have some hundred."""

NOBODY = Publishers()


@dataclass(frozen=True, slots=True)
class ReadListing:
    """What a listing gave, as it goes to the process that runs the crawl."""

    links: PackedLinks
    account: ListingAccount


def read_listing(
    raw: RawPage, kind: UrlKind, depth: int, profile: TopicProfile | None, publishers: Publishers = NOBODY
) -> ReadListing:
    """What is found in a listing that itself lies so deep: links with score and depth, none too deep.

    Of a back-fill only what may be of its period; `publishers` are those whose articles its listings are read for.
    """
    is_past = kind in READERS
    listing = read_past(raw, kind, publishers) if is_past else _within_depth(discover(raw, kind), depth)
    listing = scored(_within_period(listing, raw.evidence.period), profile)
    deeper = depth if is_past else depth + 1  # what goes on page by page is no listing in a listing
    links = PackedLinks.of(replace(each, depth=deeper) for each in listing.links)
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


def _within_period(listing: Listing, wanted: str) -> Listing:
    """The listing without what cannot be of the days that a back-fill wants, of its publisher where they differ."""
    outside = [
        each
        for each in listing.links
        if (period := read_period(each.evidence.period or wanted)) is not None and not period.may_hold(each)
    ]
    return without(listing, outside, Dropped.OUT_OF_PERIOD)


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
