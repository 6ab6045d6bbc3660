"""Refuse articles without a trustworthy date: a wrong month is worse than a late article."""

from crawler.fates import Fate
from crawler.items import Article
from crawler.refusal import Refused


class Undated(Refused):
    """No date can be trusted; the article waits in the catalogue until one is known."""

    fate = Fate.UNDATED


class DatedPipeline:
    """Let articles pass whose month of first publication is known."""

    def process_item(self, item: Article) -> Article:
        if item.month is None:
            raise Undated(item, "no trustworthy date")
        return item
