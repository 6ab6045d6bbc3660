"""Extracts and scores pages: what worker processes do for a page, so that the process of the crawl need not.

A text that its words leave open, or do not refuse, waits for the sentence encoder, which one process has, and only from
the first such text on: it takes seconds to load, and much memory.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from crawler.extraction import extract
from crawler.fates import Fate
from crawler.items import Article, Decision, RawPage, Relevance
from crawler.relevance import TopicProfile
from crawler.relevance.encoder import find_encoder
from crawler.relevance.scorer import scorer_of
from crawler.relevance.translations import Meaning, has_meaning


class Unrelated(Exception):
    """A page begins as nothing does that is accepted, and was not read; the message has its scores."""


class Judged(NamedTuple):
    """What is known of a text once the encoder was asked, as far as it had to be."""

    relevance: Relevance
    meaning: bytes | None
    """As of `Article`."""


def extract_and_judge(raw: RawPage, profile: TopicProfile) -> Article:
    """The article of a page, with its relevance if it is one and its words decide."""
    article = extract(raw)
    if not is_judged(article):
        return article
    scorer = scorer_of(profile)
    relevance = scorer.score_by_words(article.title, article.paragraphs, article.language)
    return replace(article, relevance=relevance)


def extract_if_related(raw: RawPage, profile: TopicProfile) -> Article:
    """The same of a page whose beginning does not rule out that it is accepted; else Unrelated."""
    from crawler.extraction.first_look import look_at  # in a worker, as `extract` imports what it needs

    look = look_at(raw)
    if scores := scorer_of(profile).rules_out(look.title, look.paragraphs, look.languages):
        raise Unrelated(scores)
    return extract_and_judge(raw, profile)


def is_judged(article: Article) -> bool:
    """Whether relevance says what becomes of a page: of one that is no article its verdict does."""
    return article.verdict is None or article.verdict == Fate.LIVE_BLOG


def is_settled(article: Article, profile: TopicProfile) -> bool:
    """Whether nothing is left to find out about an article: no score, and nothing that only the encoder can say."""
    if article.relevance is None:
        return not is_judged(article)
    return article.meaning is not None or not _needs_meaning(article.relevance, article.language, profile)


def judge(
    title: str | None,
    paragraphs: Sequence[str],
    language: str | None,
    profile: TopicProfile,
    by_words: Relevance | None = None,
) -> Judged:
    """What is to be known of a text, whose words may have decided already."""
    relevance = by_words or scorer_of(profile).score(title, paragraphs, language)
    encoder = find_encoder()
    if encoder is None or language is None or not _needs_meaning(relevance, language, profile):
        return Judged(relevance, None)
    return Judged(relevance, Meaning.of(language, encoder.vector(title, paragraphs)).numbers)


def _needs_meaning(relevance: Relevance, language: str | None, profile: TopicProfile) -> bool:
    """Whether translations are to be found of a text: what is refused has none, as far as the corpus knows."""
    is_asked = profile.asks_encoder and find_encoder() is not None
    return is_asked and has_meaning(language) and relevance.decision is not Decision.REFUSE
