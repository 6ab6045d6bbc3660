"""How a listing ends by what was read of it, and what an address turns out to be that a sitemap names."""

import logging
from dataclasses import replace

from crawler.discovery import is_sitemap
from crawler.fates import Fate
from crawler.frontier.listing_reader import MAX_DEPTH, ReadListing
from crawler.http.answers import Answer
from crawler.items import Discovery, Link, UrlKind, Validators
from crawler.outcome import Outcome

logger = logging.getLogger(__name__)

_FROM_SITEMAPS = (Discovery.SITEMAP, Discovery.NEWS_SITEMAP)


def end_of_listing(listing: ReadListing, link: Link, answer: Answer) -> Outcome:
    """The end of a feed, sitemap or section page, with the links that it names and the account of its entries."""
    account = listing.account
    if account.unread:
        logger.warning(
            "%s was not read whole: %s. What was read is followed, and the next visit reads all of it again.",
            link.url,
            "; ".join(account.unread),
        )
    fate = Fate.PARTLY_READ if account.unread else Fate.DISCOVERY
    return replace(
        Outcome.of(link, fate, account.sentence(), answer.capture),
        links=listing.links,
        listing=account,
        # What was not read must not answer the next visit with "nothing has changed".
        validators=Validators() if account.unread or link.evidence.period else Validators.of(answer.headers),
    )


def as_it_turned_out(link: Link, answer: Answer) -> Link:
    """The link to a page, or to a sitemap if that is what a sitemap named as a page."""
    if link.kind is not UrlKind.ARTICLE or link.evidence.how not in _FROM_SITEMAPS or link.depth > MAX_DEPTH:
        return link
    if not (200 <= answer.status < 300 and is_sitemap(answer.page(link))):
        return link
    return replace(link, kind=UrlKind.SITEMAP)
