"""The end of a crawl that is told to stop while an article of `start()` is in the pipelines."""

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

logger = logging.getLogger(__name__)

_LOOK_S = 0.2


class Closing:
    """A Scrapy extension that lets a crawl close as soon as its last article is out of the pipelines.

    A crawl that is to close waits until nothing is in the pipelines, but Scrapy 2.19 looks for that only
    when it is through with an answer. Articles that `start()` yields, as a replay's do, belong to no
    answer: where one of them was the last, the crawl would never end.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._watch = LoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        closing = cls(crawler)
        crawler.signals.connect(closing.spider_opened, signals.spider_opened)
        crawler.signals.connect(closing.spider_closed, signals.spider_closed)
        return closing

    def spider_opened(self) -> None:
        self._watch.start(_LOOK_S, now=False)

    def spider_closed(self) -> None:
        self._watch.stop()

    def _look(self) -> None:
        assert self._crawler.engine is not None
        scraper = self._crawler.engine.scraper
        slot = scraper.slot
        if slot is not None and slot.closing is not None and not slot.closing.called:
            scraper._check_if_closing()
