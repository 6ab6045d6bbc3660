"""Refuse articles that are not about what the seed documents describe."""

from dataclasses import replace
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate, Refused
from crawler.items import Article
from crawler.relevance import Scorer
from crawler.relevance.seeds import read_seeds


class OffTopic(Refused):
    """The article is not about the conflicts that the seeds describe."""

    fate = Fate.OFF_TOPIC


class RelevancePipeline:
    """Keep related articles and note how sure we are."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        seeds = read_seeds(Path(crawler.settings["SEEDS_DIR"]))
        return cls(Scorer.from_seeds(seeds, mode=crawler.settings["RELEVANCE_MODE"]))

    def process_item(self, item: Article) -> Article:
        article = replace(item, relevance=self._scorer.score(item.title, item.paragraphs))
        assert article.relevance is not None
        if not article.relevance.accept:
            scores = f"conflict {article.relevance.conflict:.2f}, related {article.relevance.related:.2f}"
            raise OffTopic(article, scores)
        return article
