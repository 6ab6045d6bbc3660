"""What can be drawn, and what is known of pages that wait, on both stores."""

from dataclasses import replace

from crawler.catalogue.articles import articles_in_review
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.review_counts import ReviewCounts
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.catalogue.runs import begin_run
from crawler.catalogue.samples import (
    Answer,
    Cell,
    Judgement,
    Sample,
    SampledPage,
    enter_judgements,
    enter_sample,
    fetches_without_a_page,
    judgements,
    latest_sample,
    units,
)
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Decision, Relevance
from tests.support.outcomes import article, filed, link, outcome_of

RELEVANCE = Relevance(0.4, False, 0.5, True, 0.4, Decision.REVIEW)


def test_each_page_is_one_unit_by_its_text_in_the_corpus_or_its_newest_row(catalogue: Catalogue) -> None:
    run_id = begin_run(catalogue, "news", {}, "test")
    for name, fate in (
        ("one", Fate.REVIEW),
        ("one", Fate.OFF_TOPIC),
        ("two", Fate.SAVED),
        ("two", Fate.TOO_SHORT),
        ("three", Fate.REVIEW),
    ):
        page = article(name, relevance=RELEVANCE)
        page = filed(page) if fate is Fate.SAVED else page
        commit_outcomes(catalogue, run_id, [(replace(outcome_of(page), fate=fate), None)])
    found = {unit.url: (unit.fate, unit.conflict, unit.is_taken_down) for unit in units(catalogue)}
    assert found == {
        link("one").url: ("off_topic", 0.4, False),
        link("two").url: ("saved", 0.4, False),
        link("three").url: ("review", 0.4, False),
    }
    assert fetches_without_a_page(catalogue) == {}
    given = ReviewDecision.now(link("two").url, ReviewChoice.ACCEPT, "Ada")
    catalogue.write(lambda connection: note_decisions(connection, [given]))
    [waiting] = articles_in_review(catalogue)
    assert ReviewCounts.of(catalogue).decided(waiting) == (1, 1)


def test_the_latest_sample_and_all_judgements_are_read_as_they_were_given(catalogue: Catalogue) -> None:
    page = SampledPage("<urn:uuid:1>", "https://тарн.example/б", Cell("off_topic", "", "tarn", "uk"))
    when = "2026-05-03T10:00:00.000000Z"
    first = Sample(when, 2**62, "Åsa Öberg", (page,), {page.cell: 3}, {"taken down": 1})
    given = [Judgement(page.record_id, page.url, answer, "Ada", when) for answer in Answer]
    assert latest_sample(catalogue) is None
    catalogue.write(lambda connection: enter_sample(connection, first))
    catalogue.write(lambda connection: enter_sample(connection, first._replace(seed=-1)))
    catalogue.write(lambda connection: enter_judgements(connection, given))
    assert latest_sample(catalogue) == first._replace(seed=-1)
    assert judgements(catalogue) == given
