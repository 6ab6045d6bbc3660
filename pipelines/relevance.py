"""Refuse articles that are not about what the seed documents describe."""

from dataclasses import replace
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate, Refused
from crawler.items import Article
from crawler.relevance import Scorer
from pipelines.seed_format import SeedError, parse_seed


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


def read_seeds(folder: Path) -> list[tuple[str, ...]]:
    """The paragraphs of every seed document, in the order of their names."""
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise ValueError(
            f"No seed document (*.txt) in {folder}: put one there, or name another folder with -a seeds=."
        )
    return [_read_seed(file) for file in files]


def _read_seed(file: Path) -> tuple[str, ...]:
    try:
        return parse_seed(file.read_bytes()).paragraphs
    except SeedError as error:
        raise ValueError(f"{file} is no seed document: {error}") from None
