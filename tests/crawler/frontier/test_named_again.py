"""What becomes of a URL that has ended when a page names it again, by how it ended; and which kinds go first."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import PASSING, Fate
from crawler.frontier.revisit_policy import FAILURES_S
from crawler.frontier.url_rows import PRIORITIES, enter
from crawler.items import Discovery, Link, UrlKind
from tests.support.leasing import Run, set_rows, urls, value_of
from tests.support.outcomes import ended, link

UNREAD = {Fate.PARTLY_READ, Fate.SOFT_404, Fate.QUARANTINED}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def named(fate: Fate, kind: UrlKind) -> Link:
    """A link that says of a listing that it is what it was."""
    found = link(f"{kind}-{fate}", kind)
    return replace(found, evidence=replace(found.evidence, modified="2021-01-28"))


def later_run(catalogue: Catalogue, kind: UrlKind) -> tuple[int, list[Link]]:
    """A run after one in which a URL of this kind ended in each fate."""
    first, links = begin_run(catalogue, "news", {}, ""), [named(fate, kind) for fate in Fate]
    enter(catalogue, first, links)
    ends = [(ended(each, fate), None) for each, fate in zip(links, Fate, strict=True)]
    commit_outcomes(catalogue, first, ends)
    end_run(catalogue, first, "finished", 0)
    return begin_run(catalogue, "news", {}, ""), links


def queued(catalogue: Catalogue, kind: UrlKind) -> set[Fate]:
    """The fates of those that are queued again."""
    with catalogue.read() as connection:
        rows = connection.execute(schema.url.select().where(schema.url.c.state == "queued")).all()
    names = {named(fate, kind).url: fate for fate in Fate}
    return {names[row.url] for row in rows}


@pytest.mark.parametrize(
    ("kind", "again"),
    [
        (UrlKind.ARTICLE, PASSING),
        (UrlKind.IMAGE, PASSING),
        (UrlKind.STYLE, PASSING),
        (UrlKind.SITEMAP, PASSING | UNREAD),
        (UrlKind.SECTION, PASSING | UNREAD),
    ],
)
def test_what_may_have_healed_is_fetched_again_and_what_says_it_is_the_same_is_not(
    catalogue: Catalogue, kind: UrlKind, again: set[Fate]
) -> None:
    run, links = later_run(catalogue, kind)
    assert enter(catalogue, run, links, only_new=True) == 0
    assert enter(catalogue, run, links) == len(again)
    assert queued(catalogue, kind) == again
    assert enter(catalogue, run, links) == 0, "it is queued already"
    assert enter(catalogue, run, links, again=True) == len(set(Fate) - again)


@pytest.mark.parametrize(
    ("fate", "failures", "is_entered"),
    [
        (Fate.TIMEOUT, len(FAILURES_S), True),
        (Fate.TIMEOUT, len(FAILURES_S) + 1, False),
        (Fate.ROBOTS_DISALLOWED, 99, True),
    ],
)
def test_what_failed_too_often_is_given_up_unless_rules_forbade_it(
    catalogue: Catalogue, fate: Fate, failures: int, is_entered: bool
) -> None:
    run, links = later_run(catalogue, UrlKind.ARTICLE)
    set_rows(catalogue, schema.url, failures=failures)
    enter(catalogue, run, links)
    assert (fate in queued(catalogue, UrlKind.ARTICLE)) is is_entered


def test_listings_go_first_and_pictures_last_wherever_they_were_named(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    kinds = sorted(UrlKind)
    enter(catalogue, run.id, [link(kind, kind) for kind in kinds])
    order = [each.rpartition("/")[2] for each in urls(run.take())]
    listings = ["feed", "listing", "section", "sitemap", "cdx", "gdelt", "warc_paths", "warc"]
    assert order == [*listings, "article", "style", "font", "image"]
    assert PRIORITIES.keys() == set(UrlKind)


def test_further_pages_of_an_article_are_kept_for_the_run_that_found_them(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    for how in Discovery:
        found = link(str(how))
        enter(catalogue, run, [replace(found, evidence=replace(found.evidence, how=how))])
    with catalogue.read() as connection:
        rows = connection.execute(schema.url.select().where(schema.url.c.kept_for.is_not(None))).all()
    assert [(row.url, row.kept_for) for row in rows] == [(link(str(Discovery.PART)).url, run)]


def test_what_cannot_be_fetched_has_ended(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {}, "")
    assert enter(catalogue, run, [replace(link("one"), url="mailto:desk@marisol.example")]) == 1
    assert (value_of(catalogue, schema.url.c.state), value_of(catalogue, schema.url.c.fate)) == (
        "done",
        "bad_url",
    )


@pytest.mark.parametrize(
    ("first", "fate", "then", "is_fetched"),
    [
        ("", Fate.GONE, "wayback", True),
        ("wayback", Fate.GONE, "", True),
        ("", Fate.GONE, "", False),
        ("wayback", Fate.GONE, "wayback", False),
        ("", Fate.ROBOTS_DISALLOWED, "wayback", False),
        ("", Fate.SAVED, "wayback", False),
    ],
)
def test_a_page_that_could_not_be_had_is_fetched_from_elsewhere_in_the_same_run(
    catalogue: Catalogue, first: str, fate: Fate, then: str, is_fetched: bool
) -> None:
    page, run_id = link("ferry"), begin_run(catalogue, "backfill", {}, "")
    at_first, later = (
        replace(page, evidence=replace(page.evidence, origin=origin)) for origin in (first, then)
    )
    enter(catalogue, run_id, [at_first])
    commit_outcomes(catalogue, run_id, [(ended(at_first, fate), None)])
    assert bool(enter(catalogue, run_id, [later])) is is_fetched
