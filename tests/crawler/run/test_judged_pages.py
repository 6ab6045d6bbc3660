"""Workers score what they extract; what words leave open is scored by the worker that has the encoder."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.fates import Fate
from crawler.items import Decision
from crawler.relevance import TopicProfile
from crawler.relevance.encoder import ENCODER_BYTES, find_encoder
from crawler.relevance.scorer import MEANING, scorer_of
from crawler.run.judged_pages import extract_and_judge, is_judged, is_settled, judge
from crawler.run.workers import WorkerPool
from tests.support.pages import news_page, raw_page

SEED = ("Warplanes bombed the port of Tarn at dawn.",)
BY_WORDS, ASKING = TopicProfile((SEED,), "conflict"), TopicProfile((SEED,), "conflict", asks_encoder=True)
DUTCH = "Zeven doden bij beschieting", ("Granaten troffen maandag de markt van de belegerde stad.",), "nl"


def test_a_page_comes_with_its_relevance() -> None:
    article = extract_and_judge(raw_page(news_page("en")), BY_WORDS)
    text = article.title, article.paragraphs, article.language
    assert article.relevance == scorer_of(BY_WORDS).score(*text) == judge(*text, BY_WORDS).relevance


def test_what_is_no_article_is_not_judged() -> None:
    article = extract_and_judge(raw_page("<html><body></body></html>"), BY_WORDS)
    assert article.verdict is Fate.NO_TEXT
    assert article.relevance is None


@pytest.mark.parametrize(
    ("verdict", "expected"), [(None, True), (Fate.LIVE_BLOG, True), (Fate.TOO_SHORT, False)]
)
def test_live_blogs_are_judged_and_stubs_are_not(verdict: Fate | None, expected: bool) -> None:
    article = extract_and_judge(raw_page(news_page("en")), BY_WORDS)
    assert is_judged(replace(article, verdict=verdict)) is expected


def test_the_worker_with_the_encoder_says_the_same_each_time() -> None:
    if find_encoder() is None:
        pytest.skip("needs the extra `encoder`")
    preload = ["crawler.relevance.preload", "crawler.relevance.encoder_preload"]
    found = []
    for _ in range(2):
        with closing(WorkerPool(1, 60.0, 96 * 1024**2 + ENCODER_BYTES, preload, extracts=False)) as pool:
            found.append(asyncio.run(pool.run(judge, *DUTCH, ASKING)))
    assert found[0] == found[1] == judge(*DUTCH, ASKING)
    assert found[0].relevance.reasons[0].name == MEANING


def test_the_meaning_of_what_is_not_refused_is_asked_for() -> None:
    if find_encoder() is None:
        pytest.skip("needs the extra `encoder`")
    accepted, refused = (
        replace(scorer_of(BY_WORDS).score(*DUTCH), decision=decision)
        for decision in (Decision.ACCEPT, Decision.REFUSE)
    )
    article = replace(
        extract_and_judge(raw_page(news_page("en")), BY_WORDS), language="nl", relevance=accepted
    )
    assert not is_settled(article, ASKING)
    assert is_settled(article, BY_WORDS)
    assert is_settled(replace(article, relevance=refused), ASKING)
    assert is_settled(replace(article, language="hu"), ASKING)
    found = judge(*DUTCH, ASKING, accepted)
    assert found.relevance is accepted
    assert found.meaning is not None
    assert is_settled(replace(article, meaning=found.meaning), ASKING)
    assert judge(*DUTCH, BY_WORDS, accepted).meaning is None
