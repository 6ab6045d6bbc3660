"""The exception by which a pipeline keeps an article out of the corpus."""

from scrapy.exceptions import DropItem

from crawler.fates import Fate
from crawler.items import Article


class Refused(DropItem):
    """An article does not enter the corpus; each subclass has one fate."""

    fate: Fate

    def __init__(self, article: Article, reason: str) -> None:
        super().__init__(f"{reason}: {article.url}")
        self.article = article
        self.reason = reason
