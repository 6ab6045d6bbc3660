"""Fetches single articles that an operator names, and judges them as a crawl does."""

from pathlib import Path
from typing import ClassVar

from scrapy.settings import BaseSettings

from crawler.http.url_identity import wire_url
from crawler.items import Discovery, Evidence, Link, UrlKind
from crawler.scouting.own_urls import OwnUrlsSpider
from crawler.sources.choice import Choice
from crawler.sources.imports import host_of
from crawler.sources.registry import load_sources
from crawler.sources.start_urls import source_of


class ArticleSpider(OwnUrlsSpider):
    """Each URL is an article; of a host that the registry knows it gets that source's zone and language."""

    name = "add"
    arguments_help: ClassVar[dict[str, str]] = {"urls": "URLs of articles, separated by blanks"}

    def choose_sources(self, settings: BaseSettings) -> None:
        own = [Path(name) for name in settings.getlist("SOURCES")]
        self._known = {host_of(source.homepage): source for source in load_sources(None, Choice(), own)}

    def start_links(self) -> list[Link]:
        return [self._link(wire_url(url)) for url in self.arguments["urls"].split()]

    def _link(self, url: str) -> Link:
        source = self._known.get(host_of(url)) or source_of(url)
        only = source.languages[0] if len(source.languages) == 1 else ""
        evidence = Evidence(source.id, Discovery.START, zone=source.timezone, language=only)
        return Link(url, UrlKind.ARTICLE, evidence)
