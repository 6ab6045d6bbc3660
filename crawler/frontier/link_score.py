"""How likely a link leads to an article on topic, judged by its title, its URL and the links beside it."""

import re
from dataclasses import replace
from statistics import fmean
from urllib.parse import unquote, urlsplit

from crawler.discovery import Listing, discover
from crawler.items import Link, RawPage, UrlKind
from crawler.relevance import TopicProfile
from crawler.relevance.scorer import scorer_of
from crawler.texts.markup import plain_title

MOST_SCORED = 5_000
"""Links of one listing that are scored: sitemaps name 50,000, usually with the newest side by side."""

_OWN_WEIGHT = 0.8
"""Weight of a link's own words; the rest is the mean over all links of the page."""

_SEPARATOR = re.compile(r"[-_+.]+")
_WORD = re.compile(r"[^\W\d_]{3}")


def discover_scored(raw: RawPage, kind: UrlKind, profile: TopicProfile | None) -> Listing:
    """What `discover` finds, each article with its score; without a profile none is scored."""
    return scored(discover(raw, kind), profile)


def scored(listing: Listing, profile: TopicProfile | None) -> Listing:
    """The listing, each article with its score; without a profile none is scored."""
    return listing if profile is None else replace(listing, links=_scored(listing.links, profile))


def _scored(links: list[Link], profile: TopicProfile) -> list[Link]:
    own = [_own_score(link, profile) for link in links[:MOST_SCORED]]
    known = [score for score in own if score is not None]
    if not known:
        return links
    usual = fmean(known)
    return [
        replace(link, score=_blend(score, usual)) if link.kind is UrlKind.ARTICLE else link
        for link, score in zip(links, own + [None] * (len(links) - len(own)), strict=True)
    ]


def words_of(url: str) -> str:
    """The words in a URL's path: `air strikes near veld html` of `/2021/01/air-strikes-near-veld.html`."""
    parts = [_SEPARATOR.sub(" ", unquote(part)) for part in urlsplit(url).path.split("/")]
    return " ".join(part for part in parts if _WORD.search(part))


def _own_score(link: Link, profile: TopicProfile) -> float | None:
    """From 0 to 1; None for a link that is not an article's, or that has no words."""
    title, words = plain_title(link.evidence.title), words_of(link.url)
    if link.kind is not UrlKind.ARTICLE or not (title or words):
        return None
    return scorer_of(profile).link_score(title or words, (words,) if title else ())


def _blend(own: float | None, usual: float) -> float:
    return usual if own is None else _OWN_WEIGHT * own + (1 - _OWN_WEIGHT) * usual
