"""Looks for the feeds and sitemaps of a site: where its front page and robots.txt say, and at the common places."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from scrapy.settings import BaseSettings

from crawler.catalogue.robots_cache import StoredRobots
from crawler.http.answers import Answer
from crawler.http.robots import LIFETIME_S
from crawler.http.standard_urls import clean_url
from crawler.items import Discovery, Link, UrlKind
from crawler.outcome import Outcome
from crawler.packed_links import PackedLinks
from crawler.scouting.check_spider import LookSpider, looked_at
from crawler.scouting.site_hints import Hints, read_hints, sitemaps_of
from crawler.sources.start_urls import source_of
from crawler.spiders.news import NewsSpider

FEED_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where feeds are that no page names; asked for only if the front page names none."""

SITEMAP_PLACES = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
"""The same of sitemaps, if robots.txt names none."""

HEADLINES = 3

_MOST_SITEMAPS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A listing of the site."""

    url: str
    form: str
    items: int
    oldest: str
    newest: str
    headlines: tuple[str, ...]
    hints: Hints
    is_start: bool
    """Whether it is what was asked for, or where that redirects to."""
    key: str
    """The list of a registry's source in which it belongs: `feeds`, `news_sitemaps`, `sitemaps`, `sections`."""


class FindSpider(LookSpider):
    """Keeps what it finds in `found`."""

    name = "find"
    arguments_help: ClassVar[dict[str, str]] = {"url": "the front page of a site, or one of its feeds"}

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.found: list[Found] = []

    def choose_sources(self, settings: BaseSettings) -> None:
        self.sources = [source_of(self.arguments["url"])]

    async def _discover(self, answer: Answer, link: Link) -> Outcome:
        outcome = await NewsSpider._discover(self, answer, link)
        assert outcome.listing is not None
        form, is_start = outcome.listing.form, link.depth == 0
        if form == "web page":  # it names feeds, which the front page named too
            return looked_at(outcome)
        hints = await self.workers.run(read_hints, answer.page(link))
        some = [*islice(outcome.links, 1)]
        key = _key_of(form, some)
        facts = (outcome.listing.entries, outcome.listing.oldest, outcome.listing.newest)
        self.found.append(Found(link.url, form, *facts, headlines(outcome.links), hints, is_start, key))
        leads = await self._leads(link, hints) if is_start and key == "sections" else []
        return replace(looked_at(outcome), links=PackedLinks.of(leads))

    async def _leads(self, link: Link, hints: Hints) -> list[Link]:
        """Where a site may have feeds and sitemaps."""
        parts = urlsplit(link.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        robots = StoredRobots(self.recorder.catalogue)
        body = await asyncio.to_thread(robots.find, origin, LIFETIME_S) or b""
        sitemaps = sitemaps_of(body)[:_MOST_SITEMAPS] or [origin + place for place in SITEMAP_PLACES]
        feeds = hints.feeds or [origin + place for place in FEED_PLACES]
        kinds = (UrlKind.FEED, feeds), (UrlKind.SITEMAP, sitemaps)
        evidence = replace(link.evidence, via=link.url)
        return [
            Link(clean, kind, evidence, depth=1)
            for kind, urls in kinds
            for url in urls
            if (clean := clean_url(url, link.url))
        ]


def _key_of(form: str, links: list[Link]) -> str:
    if form == "section page":
        return "sections"
    if "sitemap" not in form:
        return "feeds"
    is_news = any(link.evidence.how is Discovery.NEWS_SITEMAP for link in links)
    return "news_sitemaps" if is_news else "sitemaps"


def headlines(links: Iterable[Link]) -> tuple[str, ...]:
    """The first titles of a listing; the ends of its addresses, where it gives none."""
    first = [*islice(links, HEADLINES)]
    return tuple(link.evidence.title or unquote(urlsplit(link.url).path) for link in first)
