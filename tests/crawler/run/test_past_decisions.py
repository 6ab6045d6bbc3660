"""What people decided before a run holds in it, however a page's URL is spelled."""

from dataclasses import replace

import pytest

from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.database.catalogue import Catalogue
from crawler.items import REQUISITES, UrlKind
from crawler.run.past_decisions import PastDecisions
from tests.support.outcomes import link

ONE, TWO = link("one"), link("two")


@pytest.mark.parametrize("kind", UrlKind)
def test_what_was_taken_down_is_passed_over_unless_it_lists_articles(
    catalogue: Catalogue, kind: UrlKind
) -> None:
    note_redaction(catalogue, ONE.url, "2021-01-28T10:00:00Z", "as asked")
    past = PastDecisions.read(catalogue)
    passed_over = [past.is_redacted(replace(each, kind=kind)) for each in (ONE, TWO)]
    assert passed_over == [kind in REQUISITES | {UrlKind.ARTICLE}, False]


def test_a_decision_holds_for_every_spelling_of_its_page(catalogue: Catalogue) -> None:
    decision = ReviewDecision.now(ONE.url, ReviewChoice.REJECT, "Ada")
    catalogue.write(lambda connection: note_decisions(connection, [decision]))
    past = PastDecisions.read(catalogue)
    assert past.decision_on(f"{ONE.url}?utm_source=feed") == decision
    assert past.decision_on(TWO.url) is None
