"""Which rows an outcome, an adoption or a link changes, and which it must not."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.runs import begin_run, end_leases, end_run
from crawler.catalogue.tallies import fates_of_all
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import Fate
from crawler.frontier.url_ends import claim_archived_url
from crawler.frontier.url_rows import enter
from crawler.items import Link, UrlKind
from tests.support.leasing import Run, set_rows, two_runs, urls, value_of
from tests.support.outcomes import FEED, ended, link

ONE, TWO = link("one"), link("two")
SPELLING = replace(ONE, url="https://www.marisol.example/one", is_exact=True)
"""The same page under a URL of its own, for one redirects to the other."""


def states(catalogue: Catalogue) -> dict[str, tuple[str, str | None]]:
    url = schema.url.c
    with catalogue.read() as connection:
        rows = connection.execute(select(url.url, url.state, url.fate)).all()
    return {row.url: (row.state, row.fate) for row in rows}


def test_a_url_ends_once(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    run.take()
    late = ended(ONE, Fate.NO_TEXT)
    assert run.end(ended(ONE, Fate.GONE)) == []
    assert run.end(late) == [late]
    assert fates_of_all(catalogue) == {"gone": 1}
    assert run.reconciles


@pytest.mark.parametrize(("this", "other"), [(ONE, SPELLING), (SPELLING, ONE)])
def test_of_two_spellings_of_a_page_each_has_its_own_end(
    catalogue: Catalogue, this: Link, other: Link
) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, SPELLING])
    assert sorted(urls(run.take())) == sorted([ONE.url, SPELLING.url])
    run.end(ended(this, Fate.GONE))
    assert states(catalogue) == {this.url: ("done", "gone"), other.url: ("leased", None)}


@pytest.mark.parametrize(("this", "other"), [(ONE, SPELLING), (SPELLING, ONE)])
def test_what_is_found_in_an_archive_ends_its_own_spelling(
    catalogue: Catalogue, this: Link, other: Link
) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, SPELLING])
    commit_outcomes(catalogue, run.id, [(ended(this, Fate.GONE), None)])
    assert states(catalogue) == {this.url: ("done", "gone"), other.url: ("queued", None)}
    assert run.reconciles


def test_only_what_waits_under_this_very_url_is_adopted(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, TWO])
    assert not claim_archived_url(catalogue, run.id, SPELLING.url)
    assert claim_archived_url(catalogue, run.id, ONE.url)
    assert not claim_archived_url(catalogue, run.id, ONE.url)
    run.end(ended(ONE, Fate.GONE))
    assert not claim_archived_url(catalogue, run.id, ONE.url)
    assert states(catalogue) == {ONE.url: ("done", "gone"), TWO.url: ("queued", None)}
    assert run.reconciles


def test_what_an_ended_run_says_of_itself_stays_when_another_takes_its_urls(catalogue: Catalogue) -> None:
    first, second = two_runs(catalogue)
    enter(catalogue, first.id, [ONE, TWO])
    end_run(catalogue, first.id, "shutdown", 1)
    assert second.leases.keep() == 0
    assert len(second.take()) == 2
    run = schema.run.c
    assert value_of(catalogue, select(run.discovered).where(run.id == first.id).scalar_subquery()) == 2
    assert value_of(catalogue, select(run.discovered).where(run.id == second.id).scalar_subquery()) == 2


def test_what_an_ended_run_had_leased_is_free_although_it_would_be_alive_still(catalogue: Catalogue) -> None:
    first, second = two_runs(catalogue)
    enter(catalogue, first.id, [ONE])
    first.take()
    end_run(catalogue, first.id, "shutdown", 1)
    second.leases.keep()
    assert urls(second.take()) == [ONE.url]


@pytest.mark.parametrize(
    ("days", "is_named", "is_fetched"), [(6, True, False), (8, True, True), (8, False, False)]
)
def test_a_style_sheet_is_fetched_again_when_a_page_names_it_a_week_later(
    catalogue: Catalogue, days: int, is_named: bool, is_fetched: bool
) -> None:
    style, first = replace(ONE, kind=UrlKind.STYLE), Run(catalogue, "a")
    enter(catalogue, first.id, [style])
    first.take()
    first.end(ended(style, Fate.NOT_HTML))
    end_run(catalogue, first.id, "finished", 0)
    set_rows(catalogue, schema.url, not_before=schema.url.c.not_before - days * 86_400_000)
    later = Run(catalogue, "a")
    if is_named:
        enter(catalogue, later.id, [style])
    later.leases.keep()
    assert urls(later.take()) == ([style.url] if is_fetched else [])


@pytest.mark.parametrize("kind", [UrlKind.ARTICLE, UrlKind.SECTION, UrlKind.FEED])
def test_of_what_was_taken_down_only_articles_are_passed_over(catalogue: Catalogue, kind: UrlKind) -> None:
    run = Run(catalogue, "a")
    note_redaction(catalogue, ONE.url, "2021-01-28T10:00:00Z", "as asked")
    found = [replace(ONE, kind=kind), replace(SPELLING, kind=kind), TWO]
    entered = enter(catalogue, run.id, found)
    assert states(catalogue).keys() == (
        {TWO.url} if kind is UrlKind.ARTICLE else {each.url for each in found}
    )
    assert entered == len(states(catalogue))


@pytest.mark.parametrize("state", ["queued", "leased", "deferred"])
def test_what_waits_is_not_queued_anew(catalogue: Catalogue, state: str) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    set_rows(catalogue, schema.url, state=state, attempts=3)
    end_run(catalogue, run.id, "killed", 1)
    later = begin_run(catalogue, "news", {}, "frontwire/0.1", "a")
    set_rows(catalogue, schema.url, state=state, attempts=3)
    assert enter(catalogue, later, [ONE], again=True) == 0
    assert value_of(catalogue, schema.url.c.attempts) == 3


@pytest.mark.parametrize(
    ("before", "now", "is_entered"),
    [
        (UrlKind.IMAGE, UrlKind.ARTICLE, True),
        (UrlKind.ARTICLE, UrlKind.IMAGE, False),
        (UrlKind.ARTICLE, UrlKind.ARTICLE, False),
        (UrlKind.IMAGE, UrlKind.IMAGE, False),
        (UrlKind.STYLE, UrlKind.ARTICLE, True),
        (UrlKind.IMAGE, UrlKind.STYLE, False),
        (UrlKind.FEED, UrlKind.FEED, True),
        (UrlKind.FEED, UrlKind.ARTICLE, True),
    ],
)
def test_what_was_taken_for_a_picture_may_be_an_article(
    catalogue: Catalogue, before: UrlKind, now: UrlKind, is_entered: bool
) -> None:
    first = Run(catalogue, "a")
    enter(catalogue, first.id, [replace(ONE, kind=before)])
    first.take()
    first.end(ended(replace(ONE, kind=before), Fate.NOT_HTML))
    end_run(catalogue, first.id, "finished", 0)
    later = begin_run(catalogue, "news", {}, "frontwire/0.1", "a")
    assert enter(catalogue, later, [replace(ONE, kind=now)]) == int(is_entered)


@pytest.mark.parametrize(
    ("before", "now", "is_entered"),
    [
        ("", "", True),
        ("2021-01-28", "2021-01-28", False),
        ("2021-01-28", "2021-01-29", True),
        ("2021-01-28", "", True),
    ],
)
def test_a_listing_is_asked_again_unless_it_says_that_it_is_the_same(
    catalogue: Catalogue, before: str, now: str, is_entered: bool
) -> None:
    def sitemap(modified: str) -> Link:
        return replace(ONE, kind=UrlKind.SITEMAP, evidence=replace(ONE.evidence, modified=modified))

    first = Run(catalogue, "a")
    enter(catalogue, first.id, [sitemap(before)])
    first.take()
    first.end(ended(sitemap(before)))
    end_run(catalogue, first.id, "finished", 0)
    later = begin_run(catalogue, "news", {}, "frontwire/0.1", "a")
    assert enter(catalogue, later, [sitemap(now)]) == int(is_entered)


def test_a_success_ends_a_row_of_failures(catalogue: Catalogue) -> None:
    failures, waits = [], []
    for fate in (Fate.TIMEOUT, Fate.HTTP_ERROR, Fate.DISCOVERY, Fate.TIMEOUT, Fate.NETWORK_ERROR):
        run = Run(catalogue, "a")
        enter(catalogue, run.id, [FEED], again=True)
        assert len(run.take()) == 1
        run.end(ended(FEED, fate))
        end_leases(catalogue, run.id)
        end_run(catalogue, run.id, "finished", 0)
        failures.append(value_of(catalogue, schema.url.c.failures))
        waits.append(round(value_of(catalogue, schema.url.c.not_before - now_ms()) / 60_000))
        set_rows(catalogue, schema.host, due_at=now_ms())
    assert failures == [1, 2, 0, 1, 2]
    assert waits == [0, 60, 60, 0, 60]  # minutes: at once, after an hour; a feed is looked at each hour


def test_what_is_listed_first_goes_first(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    listed = [link(f"{number:03}") for number in range(8)]
    enter(catalogue, run.id, listed)
    [host] = run.hosts()
    assert [urls(run.leases.lease_urls([host.id], 1)) for _ in listed] == [[each.url] for each in listed]


@pytest.mark.parametrize("part", [1, 3, 8, 9])
def test_links_are_entered_part_by_part_as_if_at_once(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr("crawler.frontier.url_rows.PART", part)
    run = Run(catalogue, "a")
    listed = [link(f"{number:03}") for number in range(8)]
    assert enter(catalogue, run.id, [*listed, listed[0], listed[5]]) == 8
    assert enter(catalogue, run.id, listed) == 0
    [host] = run.hosts()
    assert [urls(run.leases.lease_urls([host.id], 1)) for _ in listed] == [[each.url] for each in listed]
    assert run.reconciles
