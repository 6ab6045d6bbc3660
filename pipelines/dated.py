"""Refuse articles without a trustworthy date: a wrong month is worse than a late article."""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.catalogue.stated_months import StatedMonth
from crawler.fates import Fate
from crawler.items import Article, DateEvidence, DateKind, DateSource
from crawler.past.period import read_period
from crawler.refusal import Refused
from crawler.run.recorder import recorder_of


class Undated(Refused):
    """No date can be trusted; the article waits in the catalogue until one is known."""

    fate = Fate.UNDATED


class OutOfRange(Refused):
    """A back-fill found it that wants articles of other days."""

    fate = Fate.OUT_OF_RANGE


class DatedPipeline:
    """Let articles pass whose month of first publication is known, of back-fills those of their period.

    The month that a person stated holds, whatever the page says.
    """

    def __init__(self, month_of: Callable[[str], StatedMonth | None] = lambda url: None) -> None:
        self._month_of = month_of

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = recorder_of(crawler)
        # Looked up at each call: the decisions are read when the run begins.
        return cls(lambda url: recorder.decisions.month_of(url))

    def process_item(self, item: Article) -> Article:
        stated = self._month_of(item.url)
        article = dated_by_person(item, stated) if stated else item
        if article.month is None:
            raise Undated(article, "no trustworthy date")
        period = read_period(article.evidence.period)
        if period is not None and not period.has(article.published or article.month):
            day = (article.published or article.month)[:10]
            raise OutOfRange(article, f"published {day}, not within {period}")
        return article


def dated_by_person(article: Article, stated: StatedMonth) -> Article:
    """An article of the month that a person stated; a day stays known if it lies in that month."""
    evidence = DateEvidence(stated.month, DateKind.PUBLISHED, DateSource.PERSON)
    is_known = article.published is not None and article.published.startswith(stated.month)
    return replace(
        article,
        month=stated.month,
        published=article.published if is_known else stated.month,
        date_source=DateSource.PERSON,
        date_conflict=False,
        dates=(evidence, *article.dates),
    )
