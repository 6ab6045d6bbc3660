"""How a listing ends by what was read of it, and what an address turns out to be that a sitemap names."""

import logging
from dataclasses import dataclass, replace

from crawler.discovery import is_sitemap
from crawler.discovery.links import BROKEN
from crawler.fates import Fate
from crawler.frontier.listing_reader import MAX_DEPTH, ReadListing
from crawler.http.answers import Answer
from crawler.items import Discovery, Link, UrlKind, Validators
from crawler.listing_account import ListingAccount
from crawler.outcome import Outcome
from crawler.past.ways import way_of

logger = logging.getLogger(__name__)

_FROM_SITEMAPS = (Discovery.SITEMAP, Discovery.NEWS_SITEMAP)


@dataclass(slots=True)
class _OfWay:
    """The lists of a way that were not read whole."""

    first: str
    """The first one, and what it lacks."""
    lists: int = 0
    broken: int = 0
    """Entries that cannot be read."""


class UnreadListings:
    """Tells of listings that were not read whole: of most at once, of those that only a way to the past has in the end.

    A month of GDELT has thousands of lists, and a row that cannot be read in many of them.
    """

    def __init__(self) -> None:
        self._by_way: dict[str, _OfWay] = {}

    def note(self, link: Link, account: ListingAccount) -> None:
        """Tell what was not read of a listing, now or with those of its way."""
        if not account.unread:
            return
        what, way = f"{link.url} was not read whole: {'; '.join(account.unread)}", way_of(link.kind)
        if way is None:
            logger.warning("%s. What was read is followed, and the next visit reads all of it again.", what)
            return
        those = self._by_way.setdefault(way, _OfWay(what))
        those.lists += 1
        those.broken += sum(account.dropped.get(reason, 0) for reason in BROKEN)

    def tell(self) -> None:
        """Say one sentence for each way; what each of its lists lacks is in the catalogue."""
        for way, those in self._by_way.items():
            logger.warning(
                "via=%s: lists that were not read whole: %s, entries that cannot be read: %s. The first: %s. What was "
                "read is followed; `scrapy explain URL` says what a list lacks.",
                way,
                those.lists,
                those.broken,
                those.first,
            )
        self._by_way.clear()


def end_of_listing(listing: ReadListing, link: Link, answer: Answer) -> Outcome:
    """The end of a feed, sitemap or section page, with the links that it names and the account of its entries."""
    account = listing.account
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
