"""Extracts and scores pages: what worker processes do for a page, so that the process of the crawl need not.

A text that its words leave open waits for the sentence encoder, which one process has, and only from the first such
text on: it takes seconds to load, and much memory.
"""

from collections.abc import Sequence
from dataclasses import replace

from crawler.extraction import extract
from crawler.fates import Fate
from crawler.items import Article, RawPage, Relevance
from crawler.relevance import TopicProfile
from crawler.relevance.scorer import scorer_of


def extract_and_judge(raw: RawPage, profile: TopicProfile) -> Article:
    """The article of a page, with its relevance if it is one and its words decide."""
    article = extract(raw)
    if not is_judged(article):
        return article
    scorer = scorer_of(profile)
    relevance = scorer.score_by_words(article.title, article.paragraphs, article.language)
    return replace(article, relevance=relevance)


def is_judged(article: Article) -> bool:
    """Whether relevance says what becomes of a page: of one that is no article its verdict does."""
    return article.verdict is None or article.verdict == Fate.LIVE_BLOG


def judge(
    title: str | None, paragraphs: Sequence[str], language: str | None, profile: TopicProfile
) -> Relevance:
    """The relevance of a text."""
    return scorer_of(profile).score(title, paragraphs, language)
