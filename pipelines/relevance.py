"""Refuse articles that are not about what the seed documents describe."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.extraction.legibility import is_legible
from crawler.fates import Fate
from crawler.items import Article, Decision, Relevance
from crawler.refusal import Refused
from crawler.relevance import Scorer
from crawler.relevance.seeds import scorer_in_force
from crawler.run.recorder import recorder_of

logger = logging.getLogger(__name__)

_WAR_NAMES = ("entity weapon", "entity group")


class OffTopic(Refused):
    """The article is not about the conflicts that the seeds describe."""

    fate = Fate.OFF_TOPIC


class Doubtful(Refused):
    """Neither surely related nor surely not: a person decides (`scrapy review`)."""

    fate = Fate.REVIEW


class Damaged(Refused):
    """Its letters were read, or published, in the wrong encoding: a person decides (`scrapy review`)."""

    fate = Fate.REVIEW


class Rejected(Refused):
    """A person decided that the page does not belong."""

    fate = Fate.OFF_TOPIC


class RelevancePipeline:
    """Keep related articles and note how sure we are; what a person decided about a page holds, whatever its scores."""

    def __init__(self, scorer: Scorer, decision_on: Callable[[str], ReviewDecision | None]) -> None:
        self._scorer, self._decision_on = scorer, decision_on
        self._unknown = Counter[str]()
        """Refused articles by language, where no word list could judge them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        scorer = scorer_in_force(crawler.settings)
        recorder = recorder_of(crawler)
        # Looked up at each call: the decisions are read when the run begins.
        return cls(scorer, lambda url: recorder.decisions.decision_on(url))

    def process_item(self, item: Article) -> Article:
        relevance = item.relevance or self._scorer.score(item.title, item.paragraphs, item.language)
        article = replace(item, relevance=relevance)
        decision = self._decision_on(item.url)
        if decision is not None:
            if decision.choice is ReviewChoice.REJECT:
                raise Rejected(article, f"rejected by {decision.who} on {decision.decided[:10]}")
            return article
        # What cannot be read cannot be judged; what is off topic in spite of some damage is.
        if article.damage and (relevance.decision is not Decision.REFUSE or not is_legible(article.text)):
            raise Damaged(article, article.damage)
        # Of an article on several pages the first one may leave it open.
        is_open = relevance.decision is Decision.REVIEW and item.missing
        if relevance.decision is Decision.ACCEPT or is_open:
            return article
        raise self._refusal(article, relevance)

    def close_spider(self) -> None:
        if self._unknown:
            languages = ", ".join(f"{language} {count}" for language, count in self._unknown.most_common())
            logger.warning(
                "%s refused articles are in languages without a word list (%s): conflict cannot be judged in them. "
                "Those that name anything of war or of the seeds wait for `scrapy review`. The extra `encoder` judges "
                "some such languages; topic.toml takes words of your own.",
                self._unknown.total(),
                languages,
            )

    def _refusal(self, article: Article, relevance: Relevance) -> Refused:
        scores = f"conflict {relevance.conflict:.2f}, related {relevance.related:.2f}"
        if relevance.decision is Decision.REVIEW:
            return Doubtful(article, scores)
        if article.language is None or self._scorer.can_judge(article.language):
            return OffTopic(article, scores)
        self._unknown[article.language] += 1
        scores = f"{scores}, no word list for {article.language}"
        if not (relevance.related or _names_war(relevance)):
            return OffTopic(article, scores)
        return Doubtful(replace(article, relevance=replace(relevance, decision=Decision.REVIEW)), scores)


def _names_war(relevance: Relevance) -> bool:
    """Whether a text has a word of war, a weapon or an armed group that some word list knows."""
    return any(
        reason.conflict > 0 and (reason.seen or reason.name in _WAR_NAMES) for reason in relevance.reasons
    )
