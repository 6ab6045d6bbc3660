"""What a feed does not tell: entries that came and went between two visits, and where it has moved to."""

import logging
from collections.abc import Iterable
from dataclasses import replace

from crawler.fates import Fate
from crawler.items import Discovery, Evidence, Link, UrlKind
from crawler.outcome import Outcome
from crawler.sources.source import Source

logger = logging.getLogger(__name__)

_FEEDS = (UrlKind.FEED, UrlKind.LISTING)


def told_whole(outcome: Outcome, marks: bytes, sources: Iterable[Source]) -> Outcome:
    """The end of a listing, with what else the run reads of its source so that nothing is lost.

    `marks` are those of the visit before. If a feed has no entry that it had then, some may have come and gone
    between: the news sitemaps list two days, and where there are none, section pages list more than feeds. A feed that
    is gone may be named by the front page, where it is now.
    """
    listing = outcome.listing.after(marks) if outcome.listing is not None else None
    source = next((each for each in sources if each.id == outcome.evidence.source), None)
    outcome = replace(outcome, listing=listing)
    if source is None:
        return outcome
    if listing is not None and listing.has_gap:
        return replace(outcome, besides=_fillers(source, outcome))
    is_lost = outcome.fate is Fate.GONE and outcome.kind in _FEEDS and outcome.evidence.how is Discovery.START
    return replace(outcome, besides=[_front_page(source, UrlKind.FEED, outcome)]) if is_lost else outcome


def _fillers(source: Source, outcome: Outcome) -> list[Link]:
    links = {kind: [link for link in source.start_links() if link.kind is kind] for kind in UrlKind}
    news = [
        link for link in links[UrlKind.SITEMAP] if link.url in {each.url for each in source.news_sitemaps}
    ]
    fillers = news or links[UrlKind.SECTION] or [_front_page(source, UrlKind.SECTION, outcome)]
    logger.warning(
        "No entry of %s was there at the visit before: what came and went between is looked for in %s.",
        outcome.url,
        ", ".join(link.url for link in fillers),
    )
    return fillers


def _front_page(source: Source, kind: UrlKind, outcome: Outcome) -> Link:
    """The front page as a section page; or as a feed, which is read for the feeds that it names."""
    evidence = Evidence(
        source.id, outcome.evidence.how, outcome.url, outcome.evidence.zone, outcome.evidence.language
    )
    return Link(source.homepage, kind, evidence)
