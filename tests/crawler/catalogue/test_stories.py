"""A cluster as a whole: one agency, who had it first, copies told from reports."""

from dataclasses import replace

import pytest

from crawler.catalogue.articles import articles
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.catalogue.stories import Story, StoryPage, story_of, with_stories
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Relation
from tests.support.outcomes import Shelved, article, filed, outcome_of

BARE = StoryPage("https://a.example/", None, None, None, None, None, None)


def story(*agencies: str | None, relation: Relation = Relation.COPY) -> Story:
    return Story((BARE, *(replace(BARE, agency=each, relation=relation) for each in agencies)))


def test_the_agency_that_most_copies_credit_is_that_of_the_story() -> None:
    assert story("Agence Tarn", "Marisol Presse", "Marisol Presse").agency == "Marisol Presse"
    assert story("Agence Tarn", "Marisol Presse").agency == "Agence Tarn"
    assert story(None).agency is None


@pytest.mark.parametrize("relation", Relation)
def test_an_own_report_does_not_say_where_the_others_are_from(relation: Relation) -> None:
    is_own = relation in (Relation.REPORT, Relation.TRANSLATION)
    assert story("Agence Tarn", relation=relation).agency == (None if is_own else "Agence Tarn")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2021-01-28T09:00:00+03:00", "2021-01-28T07:00:00+00:00"),
        ("2021-01-28T23:00:00", "2021-01-28"),
        ("2021-01-27", "2021-01-28T00:00:00+00:00"),
        ("2021-01-27", "2021-01"),
        ("2021-01-27", None),
    ],
)
def test_the_first_publication_counts_where_it_is_known(one: str, other: str | None) -> None:
    earlier, later = replace(BARE, url="https://b.example/", published=one), replace(BARE, published=other)
    assert Story((later, earlier)).first is earlier


def test_else_the_first_request_and_of_equals_the_first() -> None:
    late = replace(BARE, captured="2021-01-28T09:00:00.000000Z", published="2021-01")
    early = replace(BARE, captured="2021-01-28T08:00:00.000000Z")
    assert Story((late, early)).first is early
    assert Story((BARE, replace(BARE, url="https://b.example/"))).first is BARE


def test_the_pages_of_a_story_are_those_in_the_corpus_and_their_copies(catalogue: Catalogue) -> None:
    first = filed(article("one", published="2021-01-28T10:00:00+03:00", capture=Shelved(1)))
    copy = article("two", agency="Agence Tarn", published="2021-01-27", duplicate_of=first.url, known=0.75)
    newer = replace(filed(article("one", "La digue cède.", published="2021-01-28"), 1), revises=first.file)
    report = filed(article("three", "Le phare brille.", kinship=Relation.REPORT, kin=first.url), 2)
    lone, dropped = filed(article("four", "Le ferry repart."), 3), article("five")
    fates = (Fate.SAVED, Fate.SYNDICATED, Fate.UPDATED, Fate.SAVED, Fate.SAVED, Fate.OFF_TOPIC)
    run = begin_run(catalogue, "news", {}, "")
    made = (first, copy, newer, report, lone, dropped)
    places = [each.capture.durable() if each.capture else None for each in made]
    outcomes = [outcome_of(each, fate) for each, fate in zip(made, fates, strict=True)]
    commit_outcomes(catalogue, run, list(zip(outcomes, places, strict=True)))
    rows = list(with_stories(catalogue, articles(catalogue)))
    assert [(row.url[-3:], row.cluster_agency, row.cluster_first) for row in rows] == [
        ("one", "Agence Tarn", copy.url),
        ("ree", "Agence Tarn", copy.url),
        ("our", None, lone.url),
    ]
    found = story_of(catalogue, rows[0].cluster)
    assert found is not None
    assert [(page.url[-3:], page.relation, page.relates_to) for page in found.pages] == [
        ("two", Relation.COPY, first.url),
        ("one", None, None),
        ("ree", Relation.REPORT, first.url),
    ]
    assert story_of(catalogue, None) is None
    assert story_of(catalogue, "00" * 16) is None
