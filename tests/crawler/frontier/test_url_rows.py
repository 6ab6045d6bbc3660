"""Which rows an outcome, an adoption or a link changes, and which it must not."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.database.clock import now_ms
from crawler.fates import Fate
from crawler.items import Link, UrlKind
from tests.support.leasing import Run, set_rows, two_runs, urls, value_of
from tests.support.outcomes import FEED, ended, link

ONE, TWO = link("one"), link("two")
SPELLING = replace(ONE, url="https://www.marisol.example/one", is_exact=True)
"""The same page under a URL of its own, for one redirects to the other."""


def states(store: Store) -> dict[str, tuple[str, str | None]]:
    url = schema.url.c
    with store.engine.connect() as connection:
        rows = connection.execute(select(url.url, url.state, url.fate)).all()
    return {row.url: (row.state, row.fate) for row in rows}


def test_a_url_ends_once(store: Store) -> None:
    run = Run(store, "a")
    store.enter(run.id, [ONE])
    run.take()
    late = ended(ONE, Fate.NO_TEXT)
    assert run.end(ended(ONE, Fate.GONE)) == []
    assert run.end(late) == [late]
    assert store.fates() == {"gone": 1}
    assert run.reconciles


@pytest.mark.parametrize(("this", "other"), [(ONE, SPELLING), (SPELLING, ONE)])
def test_of_two_spellings_of_a_page_each_has_its_own_end(store: Store, this: Link, other: Link) -> None:
    run = Run(store, "a")
    store.enter(run.id, [ONE, SPELLING])
    assert sorted(urls(run.take())) == sorted([ONE.url, SPELLING.url])
    run.end(ended(this, Fate.GONE))
    assert states(store) == {this.url: ("done", "gone"), other.url: ("leased", None)}


@pytest.mark.parametrize(("this", "other"), [(ONE, SPELLING), (SPELLING, ONE)])
def test_what_is_found_in_an_archive_ends_its_own_spelling(store: Store, this: Link, other: Link) -> None:
    run = Run(store, "a")
    store.enter(run.id, [ONE, SPELLING])
    store.commit(run.id, [(ended(this, Fate.GONE), None)])
    assert states(store) == {this.url: ("done", "gone"), other.url: ("queued", None)}
    assert run.reconciles


def test_only_what_waits_under_this_very_url_is_adopted(store: Store) -> None:
    run = Run(store, "a")
    store.enter(run.id, [ONE, TWO])
    assert not store.adopt(run.id, SPELLING.url)
    assert store.adopt(run.id, ONE.url)
    assert not store.adopt(run.id, ONE.url)
    run.end(ended(ONE, Fate.GONE))
    assert not store.adopt(run.id, ONE.url)
    assert states(store) == {ONE.url: ("done", "gone"), TWO.url: ("queued", None)}
    assert run.reconciles


def test_what_an_ended_run_says_of_itself_stays_when_another_takes_its_urls(store: Store) -> None:
    first, second = two_runs(store)
    store.enter(first.id, [ONE, TWO])
    store.end_run(first.id, "shutdown", 1)
    assert second.leases.keep() == 0
    assert len(second.take()) == 2
    run = schema.run.c
    assert value_of(store, select(run.discovered).where(run.id == first.id).scalar_subquery()) == 2
    assert value_of(store, select(run.discovered).where(run.id == second.id).scalar_subquery()) == 2


def test_what_an_ended_run_had_leased_is_free_although_it_would_be_alive_still(store: Store) -> None:
    first, second = two_runs(store)
    store.enter(first.id, [ONE])
    first.take()
    store.end_run(first.id, "shutdown", 1)
    second.leases.keep()
    assert urls(second.take()) == [ONE.url]


@pytest.mark.parametrize("kind", [UrlKind.ARTICLE, UrlKind.SECTION, UrlKind.FEED])
def test_of_what_was_taken_down_only_articles_are_passed_over(store: Store, kind: UrlKind) -> None:
    run = Run(store, "a")
    note_redaction(store, ONE.url, "2021-01-28T10:00:00Z", "as asked")
    found = [replace(ONE, kind=kind), replace(SPELLING, kind=kind), TWO]
    entered = store.enter(run.id, found)
    assert states(store).keys() == ({TWO.url} if kind is UrlKind.ARTICLE else {each.url for each in found})
    assert entered == len(states(store))


@pytest.mark.parametrize("state", ["queued", "leased", "deferred"])
def test_what_waits_is_not_queued_anew(store: Store, state: str) -> None:
    run = Run(store, "a")
    store.enter(run.id, [ONE])
    set_rows(store, schema.url, state=state, attempts=3)
    store.end_run(run.id, "killed", 1)
    later = store.begin_run("news", {}, "frontwire/0.1", "a")
    set_rows(store, schema.url, state=state, attempts=3)
    assert store.enter(later, [ONE], again=True) == 0
    assert value_of(store, schema.url.c.attempts) == 3


@pytest.mark.parametrize(
    ("before", "now", "is_entered"),
    [
        (UrlKind.IMAGE, UrlKind.ARTICLE, True),
        (UrlKind.ARTICLE, UrlKind.IMAGE, False),
        (UrlKind.ARTICLE, UrlKind.ARTICLE, False),
        (UrlKind.IMAGE, UrlKind.IMAGE, False),
        (UrlKind.FEED, UrlKind.FEED, True),
    ],
)
def test_what_was_taken_for_a_picture_may_be_an_article(
    store: Store, before: UrlKind, now: UrlKind, is_entered: bool
) -> None:
    first = Run(store, "a")
    store.enter(first.id, [replace(ONE, kind=before)])
    first.take()
    first.end(ended(replace(ONE, kind=before), Fate.NOT_HTML))
    store.end_run(first.id, "finished", 0)
    later = store.begin_run("news", {}, "frontwire/0.1", "a")
    assert store.enter(later, [replace(ONE, kind=now)]) == int(is_entered)


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
    store: Store, before: str, now: str, is_entered: bool
) -> None:
    def sitemap(modified: str) -> Link:
        return replace(ONE, kind=UrlKind.SITEMAP, evidence=replace(ONE.evidence, modified=modified))

    first = Run(store, "a")
    store.enter(first.id, [sitemap(before)])
    first.take()
    first.end(ended(sitemap(before)))
    store.end_run(first.id, "finished", 0)
    later = store.begin_run("news", {}, "frontwire/0.1", "a")
    assert store.enter(later, [sitemap(now)]) == int(is_entered)


def test_a_success_ends_a_row_of_failures(store: Store) -> None:
    failures, waits = [], []
    for fate in (Fate.TIMEOUT, Fate.HTTP_ERROR, Fate.DISCOVERY, Fate.TIMEOUT, Fate.NETWORK_ERROR):
        run = Run(store, "a")
        store.enter(run.id, [FEED], again=True)
        assert len(run.take()) == 1
        run.end(ended(FEED, fate))
        store.give_back(run.id)
        store.end_run(run.id, "finished", 0)
        failures.append(value_of(store, schema.url.c.failures))
        waits.append(round(value_of(store, schema.url.c.not_before - now_ms()) / 60_000))
        set_rows(store, schema.host, due_at=now_ms())
    assert failures == [1, 2, 0, 1, 2]
    assert waits == [0, 60, 60, 0, 60]  # minutes: at once, after an hour; a feed is looked at each hour
