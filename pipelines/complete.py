"""Refuse pages that are no article, and those whose rights the operator's policy keeps out."""

from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate
from crawler.items import Article
from crawler.refusal import Refused


class NoArticle(Refused):
    """The page shows something else than one whole article; its verdict says what."""

    def __init__(self, article: Article) -> None:
        assert article.verdict is not None
        super().__init__(article, f"page is {article.verdict}")
        self.fate = Fate(article.verdict)


class RightsReserved(Refused):
    """The publisher reserves archiving or mining, and RIGHTS_POLICY is `drop`."""

    fate = Fate.RIGHTS_DROPPED


class CompletePipeline:
    """Let whole articles pass; a live blog passes too, and is flagged in the end."""

    def __init__(self, drops_reserved: bool) -> None:
        self.drops_reserved = drops_reserved

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["RIGHTS_POLICY"] == "drop")

    def process_item(self, item: Article) -> Article:
        if item.verdict is not None and item.verdict != Fate.LIVE_BLOG:
            raise NoArticle(item)
        if self.drops_reserved and item.rights:
            raise RightsReserved(item, f"publisher says {', '.join(item.rights)}")
        return item
