"""The sums of a run are of its own URLs, by how they ended; those that wait are counted apart."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.catalogue.tallies import Tally, fates_of_all, most_frequent_reason, requisite_fates, tally_of
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.items import UrlKind
from tests.support.leasing import Run
from tests.support.outcomes import ended, link


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def end(
    catalogue: Catalogue, name: str, fate: Fate, kind: UrlKind = UrlKind.ARTICLE, reason: str = ""
) -> int:
    """Let a URL end in a run of its own."""
    run = begin_run(catalogue, "news", {}, "")
    commit_outcomes(catalogue, run, [(replace(ended(link(name, kind), fate), reason=reason), None)])
    return run


def test_what_pages_are_shown_with_is_counted_by_kind_and_fate(catalogue: Catalogue) -> None:
    end(catalogue, "earlier.png", Fate.NOT_HTML, UrlKind.IMAGE)
    run = Run(catalogue, "a")
    pictures = [link(f"{number}.png", UrlKind.IMAGE) for number in range(4)]
    style = link("a.css", UrlKind.STYLE)
    enter(catalogue, run.id, [*pictures, style, link("one")])
    run.take()
    late = replace(ended(pictures[3], Fate.TIMEOUT), retry_in_s=60.0)
    run.end(*(ended(each, Fate.NOT_HTML) for each in pictures[:2]), ended(pictures[2], Fate.GONE), late)
    run.end(ended(link("one"), Fate.GONE), ended(style, Fate.NOT_HTML))
    counted = {UrlKind.IMAGE: {"not_html": 2, "gone": 1}, UrlKind.STYLE: {"not_html": 1}}
    assert requisite_fates(catalogue, run.id) == counted
    assert tally_of(catalogue, run.id) == Tally(6, {"not_html": 3, "gone": 2}, 1, failing=1)
    assert fates_of_all(catalogue) == {"not_html": 4, "gone": 2}


def test_what_waits_and_did_not_fail_is_pending_only(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [link("one"), link("two")])
    run.take(1)
    assert tally_of(catalogue, run.id) == Tally(2, {}, 2, failing=0)


@pytest.mark.parametrize(
    ("tally", "is_right"),
    [
        (Tally(3, {"gone": 2}, 1), True),
        (Tally(3, {"gone": 2}, 0), False),
        (Tally(2, {"gone": 2}, 1), False),
        (Tally(3, {"gone": 1, "saved": 1}, 1, failing=1), True),
    ],
)
def test_sums_reconcile_if_every_url_ended_or_waits(tally: Tally, is_right: bool) -> None:
    assert tally.reconciles is is_right


def test_of_equally_frequent_reasons_the_first_by_name_is_given(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    for number, reason in enumerate(("timed out", "HTTP 503", "", "", "")):
        outcome = replace(ended(link(str(number)), Fate.HTTP_ERROR), reason=reason)
        commit_outcomes(catalogue, run, [(outcome, None)])
    end(catalogue, "other", Fate.HTTP_ERROR, reason="A reason of another run")
    assert most_frequent_reason(catalogue, run, {Fate.HTTP_ERROR}) == "HTTP 503"
