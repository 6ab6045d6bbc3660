"""What people decide about pages is kept, with who and when, and the last word counts."""

from dataclasses import replace

from crawler.catalogue.articles import articles_in_review
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.reviews import (
    ReviewChoice,
    ReviewDecision,
    decisions,
    decisions_on,
    note_decisions,
)
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Decision, Relevance
from tests.support.outcomes import article, link, outcome_of

URL = link("one").url
FIRST = ReviewDecision(URL, ReviewChoice.ACCEPT, "Ada", "2026-05-03T10:00:00.000000Z")
SECOND = ReviewDecision(f"{URL}?utm_source=feed", ReviewChoice.REJECT, "Ben", "2026-05-04T10:00:00.000000Z")
RELEVANCE = Relevance(0.4, False, 0.5, True, 0.4, Decision.REVIEW)


def give(catalogue: Catalogue, *given: ReviewDecision) -> None:
    with catalogue.engine.begin() as connection:
        note_decisions(connection, given)


def test_the_last_decision_on_a_page_holds_however_its_url_is_spelled(catalogue: Catalogue) -> None:
    assert decisions(catalogue) == {}
    give(catalogue, FIRST)
    give(catalogue, SECOND, replace_url(FIRST, "two"))
    held = decisions(catalogue)
    assert held[url_key(URL)] == SECOND
    assert held[url_key(link("two").url)].choice is ReviewChoice.ACCEPT
    assert decisions_on(catalogue, URL) == [FIRST, SECOND]


def test_a_page_waits_while_its_newest_text_is_doubtful(catalogue: Catalogue) -> None:
    run_id = begin_run(catalogue, "news", {}, "test")
    for name, fate in (
        ("one", Fate.REVIEW),
        ("two", Fate.REVIEW),
        ("two", Fate.OFF_TOPIC),
        ("three", Fate.SAVED),
    ):
        doubtful = article(name, relevance=RELEVANCE)
        commit_outcomes(catalogue, run_id, [(replace(outcome_of(doubtful), fate=fate), None)])
    assert [row.url for row in articles_in_review(catalogue)] == [URL]


def replace_url(decision: ReviewDecision, name: str) -> ReviewDecision:
    return decision._replace(url=link(name).url)
