"""Turn an article into its seed file: bytes, and a name within its month."""

from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.catalogue.pending_articles import PendingArticles
from crawler.items import Article
from crawler.run.recorder import recorder_of
from crawler.texts.seed_format import Seed, digest, render_seed, seed_name


class SeedFilePipeline:
    """Decide the file; the committer writes it once the record is on disk."""

    def __init__(self, pending: PendingArticles) -> None:
        self._pending = pending

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(recorder_of(crawler).pending)

    def process_item(self, item: Article) -> Article:
        assert item.month is not None
        content = render_seed(Seed(item.month, item.paragraphs))
        sha256 = digest(content)
        number = self._pending.file_number(item.month, sha256)
        name = seed_name(item.month, number, sha256)
        article = replace(item, content=content, number=number, file=name)
        self._pending.add(article)
        return article
