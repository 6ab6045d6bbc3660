"""The last step of an article that enters the corpus: hand it to the committer."""

from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate
from crawler.items import Article
from crawler.store.recorder import Recorder, recorder_of


class CataloguePipeline:
    """Record how the article ended; refused ones are recorded by what refused them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(recorder_of(crawler))

    def process_item(self, item: Article) -> Article:
        self._recorder.record_article(item, fate_of(item))
        return item


def fate_of(article: Article) -> Fate:
    """The fate of an article that is in the corpus."""
    if article.verdict == Fate.LIVE_BLOG:
        return Fate.LIVE_BLOG
    return Fate.UPDATED if article.revises else Fate.SAVED
