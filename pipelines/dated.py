"""Refuse articles without a trustworthy date: a wrong month is worse than a late article."""

from crawler.fates import Fate
from crawler.items import Article
from crawler.past.period import read_period
from crawler.refusal import Refused


class Undated(Refused):
    """No date can be trusted; the article waits in the catalogue until one is known."""

    fate = Fate.UNDATED


class OutOfRange(Refused):
    """A back-fill found it that wants articles of other days."""

    fate = Fate.OUT_OF_RANGE


class DatedPipeline:
    """Let articles pass whose month of first publication is known, of back-fills those of their period."""

    def process_item(self, item: Article) -> Article:
        if item.month is None:
            raise Undated(item, "no trustworthy date")
        period = read_period(item.evidence.period)
        if period is not None and not period.has(item.published or item.month):
            raise OutOfRange(item, f"published {(item.published or item.month)[:10]}, not within {period}")
        return item
