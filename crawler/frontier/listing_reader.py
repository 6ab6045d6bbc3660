"""Reads a listing in a worker process, down to the links that are to be queued."""

from dataclasses import dataclass, replace

from crawler.discovery import Dropped, Listing, without
from crawler.frontier.link_score import discover_scored
from crawler.items import RawPage, UrlKind
from crawler.listing_account import ListingAccount
from crawler.packed_links import PackedLinks
from crawler.relevance import TopicProfile

MAX_DEPTH = 3
"""Sitemap indexes within sitemap indexes; the protocol knows just one level."""


@dataclass(frozen=True, slots=True)
class ReadListing:
    """What a listing gave, as it goes to the process that runs the crawl."""

    links: PackedLinks
    account: ListingAccount


def read_listing(raw: RawPage, kind: UrlKind, depth: int, profile: TopicProfile | None) -> ReadListing:
    """What `discover_scored` finds in a listing that itself lies so deep: links with their depth, none too deep."""
    listing = _within_depth(discover_scored(raw, kind, profile), depth)
    links = PackedLinks.of(replace(each, depth=depth + 1) for each in listing.links)
    return ReadListing(links, listing.account)


def _within_depth(listing: Listing, depth: int) -> Listing:
    """The listing without the listings that it names, where it lies too deep itself."""
    deeper = (
        [each for each in listing.links if each.kind is not UrlKind.ARTICLE] if depth >= MAX_DEPTH else []
    )
    clause = f"{len(deeper)} of its sitemaps lie more than {MAX_DEPTH} listings deep"
    return without(listing, deeper, Dropped.TOO_DEEP, clause)
