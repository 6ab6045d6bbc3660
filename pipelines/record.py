"""The last step of an article that enters the corpus: hand it to the committer."""

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate
from crawler.http.belongings import names_more
from crawler.http.requisites import image_links, wants_images
from crawler.items import Article
from crawler.run.recorder import Recorder, recorder_of


class RecordPipeline:
    """Record how the article ended, and what it is shown with that is to be archived.

    Refused articles are recorded by what refused them. A replay asks for nothing more: it finds what was archived by
    itself.
    """

    def __init__(self, recorder: Recorder, wants_images: bool = False) -> None:
        self._recorder = recorder
        self._wants_images = wants_images

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        follows = getattr(crawler.spider, "follows", False)
        return cls(recorder_of(crawler), follows and wants_images(crawler.settings["ARCHIVE_REQUISITES"]))

    def process_item(self, item: Article) -> Article:
        if self._wants_images and names_more(item):
            item = replace(item, requisites=(*image_links(item), *item.look))
        self._recorder.record_article(item, fate_of(item), item.verdict_reason)
        return item


def fate_of(article: Article) -> Fate:
    """The fate of an article that is in the corpus."""
    if article.verdict == Fate.LIVE_BLOG:
        return Fate.LIVE_BLOG
    return Fate.UPDATED if article.revises else Fate.SAVED
