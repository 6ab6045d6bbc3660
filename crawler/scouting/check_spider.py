"""Fetches the feeds, sitemaps and section pages of sources and reads them, as a crawl would; follows nothing."""

from dataclasses import replace
from typing import ClassVar

from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.frontier.leases import LeasedUrl
from crawler.http.answers import Answer
from crawler.items import Link, Validators
from crawler.outcome import Outcome
from crawler.scouting.own_urls import OwnUrlsSpider
from crawler.sources.choice import CHOICES
from crawler.spiders.arguments import select_sources
from crawler.spiders.news import NewsSpider


class LookSpider(OwnUrlsSpider):
    """What only looks: what listings name is left to the runs that gather."""

    name = "look"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("ITEM_PIPELINES", {}, priority="spider")
        settings.set("FRONTIER_FOCUS", False, priority="spider")

    def make_request(self, leased: LeasedUrl) -> Request:
        # "Nothing has changed" would not tell what it lists.
        return super().make_request(leased._replace(validators=Validators()))

    async def _discover(self, answer: Answer, link: Link) -> Outcome:
        return looked_at(await super()._discover(answer, link))


class CheckSpider(LookSpider):
    """Looks at every URL with which a crawl of the chosen sources begins."""

    name = "check"
    arguments_help: ClassVar[dict[str, str]] = {
        name: NewsSpider.arguments_help[name] for name in ("sources", *CHOICES)
    }

    def choose_sources(self, settings: BaseSettings) -> None:
        self.sources = select_sources(self.arguments, settings.getlist("SOURCES"))


def looked_at(outcome: Outcome) -> Outcome:
    """The end of a listing that was read, whose links are left to the runs that gather."""
    return replace(outcome, links=(), validators=None, is_look=True)
