"""Redirects that lead round or astray, as the catalogue sees them."""

from itertools import permutations

import pytest
from sqlalchemy import select, update

from crawler.catalogue.tallies import tally_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import IN_CORPUS, Fate
from crawler.frontier.url_ends import end_found
from crawler.frontier.url_rows import enter
from crawler.http.answers import redirected
from crawler.items import Link
from crawler.outcome import Outcome
from tests.support.leasing import Run, urls
from tests.support.outcomes import Shelved, ended, link

ONE, TWO, THREE, FOUR = link("one"), link("two"), link("three"), link("four")


def to(source: Link, target: Link | str) -> Outcome:
    return redirected(source, target if isinstance(target, str) else target.url, Shelved(0))


def begin(catalogue: Catalogue, *links: Link) -> Run:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, links)
    run.take()
    return run


def release_all(run: Run) -> None:
    with run.catalogue.engine.begin() as connection:
        connection.execute(update(schema.host).values(locked_by=None, due_at=0))


def make_all_due(catalogue: Catalogue) -> None:
    url = schema.url.c
    with catalogue.engine.begin() as connection:
        past = update(schema.url).where(url.not_before > 0).values(not_before=now_ms() - 1000)
        connection.execute(past)


def due_later(catalogue: Catalogue) -> list[str]:
    """The URLs that another run fetches when all that was scheduled is due."""
    make_all_due(catalogue)
    return sorted(each.rpartition("/")[2] for each in urls(Run(catalogue, "a").take()))


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_each_url_of_a_loop_is_a_trap_whichever_comes_last(
    catalogue: Catalogue, order: tuple[int, ...]
) -> None:
    run = begin(catalogue, ONE, TWO, THREE, FOUR)
    steps = [to(ONE, TWO), to(TWO, THREE), to(THREE, ONE)]
    run.end(to(FOUR, TWO), *(steps[at] for at in order))
    assert tally_of(catalogue, run.id).fates == {"trap": 3, "redirected": 1}
    assert run.reconciles
    with catalogue.read() as connection:
        reasons = connection.execute(
            select(schema.visit.c.reason).where(schema.visit.c.fate == "trap")
        ).scalars()
        assert set(reasons) == {f"redirects in a loop of 3 URLs, one of which is {ONE.url}"}


@pytest.mark.parametrize(
    "other",
    [
        link("one").url.replace("https:", "http:"),
        link("one").url.replace("//", "//www."),
        f"{link('one').url}?utm_source=feed",
    ],
)
def test_spellings_of_one_page_that_lead_to_each_other_are_traps(catalogue: Catalogue, other: str) -> None:
    run = begin(catalogue, ONE)
    there = to(ONE, other)
    run.end(there)
    assert there.target is not None
    release_all(run)
    run.take()
    run.end(to(there.target, ONE))
    assert tally_of(catalogue, run.id).fates == {"trap": 2}


@pytest.mark.parametrize("which", [0, 1])
def test_of_two_spellings_the_row_of_the_very_one_ends(catalogue: Catalogue, which: int) -> None:
    run = begin(catalogue, ONE)
    there = to(ONE, link("one").url.replace("https:", "http:"))
    run.end(there)
    assert there.target is not None
    found = (ONE, there.target)[which]
    catalogue.write(lambda connection: end_found(connection, run.id, ended(found, Fate.GONE)))
    with catalogue.read() as connection:
        fates = {row.url: row.fate for row in connection.execute(select(schema.url.c.url, schema.url.c.fate))}
    assert fates[found.url] == "gone"
    assert len(fates) == 2
    assert "gone" not in (fate for url, fate in fates.items() if url != found.url)


def test_a_loop_that_closes_in_a_later_run_leaves_the_sums_of_the_earlier_one(catalogue: Catalogue) -> None:
    first = begin(catalogue, ONE)
    first.end(to(ONE, TWO))
    release_all(first)
    second = begin(catalogue, TWO)
    second.end(to(TWO, ONE))
    assert tally_of(catalogue, first.id).fates == {"redirected": 1}  # earlier fates stay with their run
    assert tally_of(catalogue, second.id).fates == {"trap": 1}
    assert second.reconciles


def test_visits_of_an_earlier_run_stay_what_they_were(catalogue: Catalogue) -> None:
    first = begin(catalogue, ONE)
    first.end(to(ONE, TWO))
    release_all(first)
    make_all_due(catalogue)
    second = begin(catalogue)
    second.end(to(ONE, TWO), to(TWO, ONE))
    assert tally_of(catalogue, second.id).fates == {"trap": 2}
    with catalogue.read() as connection:
        visits = connection.execute(select(schema.visit.c.run_id, schema.visit.c.fate)).all()
    assert sorted(map(tuple, visits)) == [(first.id, "redirected"), (second.id, "trap"), (second.id, "trap")]


def test_a_chain_is_no_loop(catalogue: Catalogue) -> None:
    run = begin(catalogue, ONE, TWO, THREE)
    run.end(to(ONE, TWO), to(TWO, THREE), ended(THREE, Fate.SAVED))
    assert tally_of(catalogue, run.id).fates == {"redirected": 2, "saved": 1}


ARTICLES = IN_CORPUS | {Fate.UNCHANGED, Fate.DUPLICATE, Fate.SYNDICATED, Fate.OFF_TOPIC, Fate.REVIEW}
ARTICLES |= {Fate.UNDATED, Fate.RIGHTS_DROPPED, Fate.OUT_OF_RANGE, Fate.PART}


def test_a_redirect_to_an_article_rests_and_one_to_anything_else_is_fetched_another_day(
    catalogue: Catalogue,
) -> None:
    run = begin(catalogue, *(link(f"{where}-{fate}") for fate in Fate for where in ("from", "to")))
    for fate in Fate:
        run.end(to(link(f"from-{fate}"), link(f"to-{fate}")), ended(link(f"to-{fate}"), fate))
    again = {name.removeprefix("from-") for name in due_later(catalogue) if name.startswith("from-")}
    assert {fate for fate in Fate if fate not in again} == ARTICLES


def test_traps_and_redirects_to_nowhere_are_fetched_another_day(catalogue: Catalogue) -> None:
    begin(catalogue, ONE, TWO, THREE).end(
        to(ONE, ONE), to(TWO, "mailto:desk@marisol.example"), to(THREE, FOUR)
    )
    assert due_later(catalogue) == ["four", "one", "three", "two"]


@pytest.mark.parametrize("name", ["", "login?back=one", "Consent/", "sign-in", "SignIn"])
def test_what_visitors_of_any_page_are_shown_is_not_taken_for_the_article(
    catalogue: Catalogue, name: str
) -> None:
    place = link(name)
    begin(catalogue, ONE, place).end(to(ONE, place), ended(place, Fate.SAVED))
    assert "one" in due_later(catalogue)


def test_a_page_to_which_several_lead_is_not_taken_for_their_article(catalogue: Catalogue) -> None:
    begin(catalogue, ONE, TWO, THREE).end(to(ONE, THREE), to(TWO, THREE), ended(THREE, Fate.SAVED))
    assert {"one", "two"} <= set(due_later(catalogue))


def test_a_chain_that_ends_at_an_article_rests_at_last(catalogue: Catalogue) -> None:
    begin(catalogue, ONE, TWO, THREE).end(to(ONE, TWO), to(TWO, THREE), ended(THREE, Fate.SAVED))
    later = due_later(catalogue)
    assert "two" not in later
