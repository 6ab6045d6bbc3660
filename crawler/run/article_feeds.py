"""Scrapy's feeds (`-o`, `-O`, FEEDS) with what `scrapy export --text` writes, as articles become durable.

Scrapy's own extension would take each item when it leaves the pipelines: before it has its record and its row, and
before other workers had their say.
"""

from collections.abc import Iterable
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exporters import CsvItemExporter
from scrapy.extensions.feedexport import FeedExporter, FeedSlot

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.exported_articles import csv_cell, exported


class ArticleFeeds(FeedExporter):
    """Writes the feeds of a run; the recorder says when they begin, what is in them, and when they end."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        feeds = super().from_crawler(crawler)
        crawler.signals.disconnect(feeds.open_spider, signals.spider_opened)
        crawler.signals.disconnect(feeds.item_scraped, signals.item_scraped)
        crawler.signals.disconnect(feeds.close_spider, signals.spider_closed)
        return feeds

    def take(self, rows: Iterable[ArticleRow], spider: Spider) -> None:
        """Write articles that are committed; OSError if a disk refuses."""
        for row in rows:
            self.item_scraped(exported(row), spider)
        for slot in [*self.slots]:
            self._flush(slot)

    def _flush(self, slot: FeedSlot) -> None:
        try:
            if slot.file is not None:
                slot.file.flush()  # at its end Scrapy only logs what a disk refuses
        except OSError:
            self.slots.remove(slot)  # it would log a traceback for it
            raise


class ArticleCsv(CsvItemExporter):
    """CSV as `scrapy export --format csv` writes it."""

    def serialize_field(self, field: Any, name: str, value: Any) -> Any:
        return csv_cell(value)
