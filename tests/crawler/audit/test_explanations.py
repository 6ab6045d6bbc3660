"""Why a page ends otherwise than it did, in words; what nothing explains is a fault and has none."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.audit.explanations import Explanations
from crawler.catalogue.article_row import ArticleRow, row_of
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from tests.support.outcomes import Shelved, article, ended, link, outcome_of

Stores = tuple[Catalogue, Catalogue]
ONE, TWO = link("one").url, link("two").url
PAGE = replace(
    row_of(article("one", extractor="old"), Fate.SAVED), record_id="<urn:1>", model="words 1, terms 1"
)
TWIN = replace(PAGE, duplicate_of=TWO)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    """The live catalogue, and that of what was derived again."""
    with (
        closing(Catalogue.open("", tmp_path / "live")) as live,
        closing(Catalogue.open("", tmp_path / "again")) as again,
    ):
        yield live, again


def keep(
    catalogue: Catalogue, name: str, fate: Fate = Fate.SAVED, reason: str = "", extractor: str = "old"
) -> None:
    run = begin_run(catalogue, "news", {}, "")
    outcome = outcome_of(article(name, extractor=extractor, capture=Shelved(1)), fate)
    commit_outcomes(catalogue, run, [(replace(outcome, reason=reason), Shelved(1).durable())])


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (PAGE, PAGE, ""),
        (None, PAGE, ""),
        (PAGE, None, ""),
        (PAGE, replace(PAGE, extractor="new"), "extracted by old, now new"),
        (PAGE, replace(PAGE, model="words 1, terms 2"), "judged by terms 1, now terms 2"),
        (PAGE, replace(PAGE, model=None), ""),
        (replace(PAGE, model=None), PAGE, ""),
        (PAGE, replace(PAGE, fate=Fate.RIGHTS_DROPPED), "judged by another RIGHTS_POLICY"),
        (replace(PAGE, fate=Fate.RIGHTS_DROPPED), PAGE, "judged by another RIGHTS_POLICY"),
        (PAGE, replace(PAGE, fate=Fate.OFF_TOPIC), ""),
        (PAGE, replace(PAGE, extractor="new", model="words 2"), "extracted by old, now new"),
    ],
)
def test_other_means_explain_another_end(
    stores: Stores, before: ArticleRow | None, after: ArticleRow | None, why: str
) -> None:
    assert Explanations(*stores).explain(ONE, before, after) == why


@pytest.mark.parametrize("reason", ["took 9 s", ""])
@pytest.mark.parametrize("struck", [0, 1])
def test_what_quarantined_a_page_once_may_not_strike_again(stores: Stores, struck: int, reason: str) -> None:
    keep(stores[struck], "one", Fate.QUARANTINED, "took 3 s" if reason else "")
    keep(stores[struck], "one", Fate.QUARANTINED, reason)
    why = reason or "a limit of time or memory struck once"
    assert Explanations(*stores).explain(ONE, PAGE, PAGE) == why
    assert Explanations(*stores).explain(TWO, PAGE, PAGE) == ""


@pytest.mark.parametrize("before", [PAGE, None])
def test_a_row_that_was_quarantined_says_enough(stores: Stores, before: ArticleRow | None) -> None:
    keep(stores[0], "one", Fate.SAVED, "not the reason")
    quarantined = replace(PAGE, fate=Fate.QUARANTINED)
    assert Explanations(*stores).explain(ONE, before, quarantined).startswith("a limit of time or memory")
    assert Explanations(*stores).explain(ONE, quarantined, before).startswith("a limit of time or memory")


def test_what_a_killed_run_did_not_come_to_is_explained_by_that(stores: Stores) -> None:
    enter(stores[0], begin_run(stores[0], "news", {}, ""), [link("one")])
    explanations, killed = Explanations(*stores), "a run was killed before it came to this page"
    assert explanations.explain(ONE, None, PAGE) == killed
    assert explanations.explain(ONE, replace(PAGE, record_id="<urn:0>"), PAGE) == killed
    assert explanations.explain(ONE, PAGE, PAGE) == "", "the run came to this record"
    assert explanations.explain(ONE, PAGE, None) == "", "the archive should give it"
    keep(stores[0], "two")
    assert explanations.explain(TWO, None, PAGE) == "", "nothing of the page is waiting"


@pytest.mark.parametrize(("before", "after"), [(TWIN, PAGE), (PAGE, TWIN)])
def test_a_page_whose_text_it_repeats_explains_it(
    stores: Stores, before: ArticleRow, after: ArticleRow
) -> None:
    keep(stores[0], "two")
    assert Explanations(*stores).explain(ONE, before, after) == "", "nothing was derived of that page"
    keep(stores[1], "two", extractor="new")
    why = f"{TWO}, whose text it repeats, was extracted by old, now new"
    assert Explanations(*stores).explain(ONE, before, after) == why
    note_redaction(stores[0], TWO, "2026-05-03T10:00:00Z", "as asked")
    assert Explanations(*stores).explain(ONE, before, after) == f"{TWO}, whose text it repeats, was redacted"


@pytest.mark.parametrize(
    ("url", "before", "after", "why"),
    [
        (ONE, PAGE, PAGE, "accepted by Ada on 2026-05-03"),
        (ONE, TWIN, None, "accepted by Ada on 2026-05-03"),
        (f"{ONE}/copy", TWIN, PAGE, f"{TWO}, whose text it repeats, was rejected by Ben on 2026-05-04"),
        (f"{ONE}/copy", None, TWIN, f"{TWO}, whose text it repeats, was rejected by Ben on 2026-05-04"),
        (f"{ONE}/copy", PAGE, None, ""),
    ],
)
def test_a_person_s_decision_explains_it(
    stores: Stores, url: str, before: ArticleRow | None, after: ArticleRow | None, why: str
) -> None:
    given = [
        ReviewDecision(ONE, ReviewChoice.ACCEPT, "Ada", "2026-05-03T10:00:00.000000Z"),
        ReviewDecision(TWO, ReviewChoice.REJECT, "Ben", "2026-05-04T10:00:00.000000Z"),
    ]
    stores[0].write(lambda connection: note_decisions(connection, given))
    assert Explanations(*stores).explain_by_decisions(url, before, after) == why


def test_a_feed_that_was_quarantined_in_one_of_them_is_told_by_its_standing(stores: Stores) -> None:
    for catalogue, fate in zip(stores, (Fate.DISCOVERY, Fate.QUARANTINED), strict=True):
        run = begin_run(catalogue, "news", {}, "")
        commit_outcomes(catalogue, run, [(replace(ended(link("one"), fate), reason=f"{fate}"), None)])
    assert Explanations(*stores).explain(ONE, None, None) == "quarantined"
