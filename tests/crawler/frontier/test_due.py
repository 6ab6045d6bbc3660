"""When a URL or a host has its turn: pauses, waits, visits that are due, and clocks that were wrong."""

import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crawler.catalogue.runs import end_leases, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.frontier.quotas import Limits
from crawler.frontier.revisit_policy import LATEST_S
from crawler.frontier.url_rows import enter
from crawler.items import Evidence, Link, UrlKind
from tests.support.leasing import Run, set_rows, urls, value_of
from tests.support.outcomes import FEED, ended, link

ONE, TWO = link("one"), link("two")
TARN = Link("https://tarn.example/one", UrlKind.ARTICLE, Evidence(source="tarn"))
LATEST_MS = int(1000 * LATEST_S)
YEAR_MS = 365 * 86_400_000


def seen_before(catalogue: Catalogue, found: Link, due_in_ms: int) -> None:
    """Let an earlier run have looked at a feed that is due at some time."""
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [found])
    run.take()
    run.end(ended(found))
    end_leases(catalogue, run.id)
    end_run(catalogue, run.id, "finished", 0)
    set_rows(catalogue, schema.url, not_before=now_ms() + due_in_ms)
    set_rows(catalogue, schema.host, due_at=now_ms())


@pytest.mark.parametrize(
    ("due_in_ms", "is_due"),
    [
        (-1000, True),
        (60_000, False),
        (-LATEST_MS + 60_000, True),
        (-LATEST_MS - 60_000, False),  # missed for too long: a clock was wrong
    ],
)
def test_a_feed_is_fetched_again_when_it_is_due(catalogue: Catalogue, due_in_ms: int, is_due: bool) -> None:
    seen_before(catalogue, FEED, due_in_ms)
    leased = Run(catalogue, "a").take()
    assert [(each.link.url, each.attempts) for each in leased] == ([(FEED.url, 1)] if is_due else [])


def test_what_becomes_due_while_a_run_goes_on_is_left_to_the_next(catalogue: Catalogue) -> None:
    """Else a run over feeds that change often would never end."""
    seen_before(catalogue, FEED, 60_000)
    run = Run(catalogue, "a")
    set_rows(catalogue, schema.url, not_before=now_ms() + 5)
    time.sleep(0.02)
    run.leases.keep()
    assert value_of(catalogue, schema.url.c.state) == "done"
    assert len(Run(catalogue, "a").take()) == 1


def test_many_that_are_due_are_queued_a_part_at_a_time(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.frontier.leases.DUE_AT_ONCE", 2)
    run = Run(catalogue, "a")
    feeds = [replace(FEED, url=f"https://marisol.example/feed{number}") for number in range(3)]
    enter(catalogue, run.id, feeds)
    run.take()
    run.end(*map(ended, feeds))
    end_run(catalogue, run.id, "finished", 0)
    set_rows(catalogue, schema.url, not_before=now_ms() - 1000)
    set_rows(catalogue, schema.host, due_at=0, locked_by=None)
    later = Run(catalogue, "a")
    assert len(later.take()) == 2
    later.leases.keep()
    assert len(later.leases.lease_urls([1], 100)) == 1


def test_a_run_leaves_what_is_due_of_other_sources(catalogue: Catalogue) -> None:
    seen_before(catalogue, FEED, -1000)
    Run(catalogue, "a", "tarn")
    assert value_of(catalogue, schema.url.c.state) == "done"


def test_to_go_on_changes_no_pause_and_no_wait_that_can_be_meant(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, TWO, TARN])
    leased = run.take()
    assert len(leased) == 3
    run.end(replace(ended(ONE, Fate.HTTP_ERROR), retry_in_s=3600.0), ended(TWO, Fate.TIMEOUT), ended(TARN))
    run.leases.release_hosts({each.host: 3600.0 for each in leased})
    times = [schema.host.c.due_at, schema.url.c.not_before]

    def all_times() -> list[list[int]]:
        with catalogue.read() as connection:
            return [list(connection.execute(select(each).order_by(each)).scalars()) for each in times]

    before = all_times()
    for _ in range(2):
        run.leases.keep()
    assert all_times() == before
    assert run.hosts() == []


def test_visits_that_a_wrong_clock_put_off_are_spread_and_retries_are_not(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    feeds = [replace(FEED, url=f"https://h{number}.example/feed") for number in range(8)]
    enter(catalogue, run.id, [*feeds, ONE])
    run.take()
    run.end(*map(ended, feeds), replace(ended(ONE, Fate.TIMEOUT), retry_in_s=60.0))
    set_rows(catalogue, schema.url, not_before=now_ms() + YEAR_MS)
    run.leases.keep()
    url = schema.url.c
    with catalogue.read() as connection:
        waits = select(url.not_before - now_ms()).where(url.kind == UrlKind.FEED)
        spread = list(connection.execute(waits).scalars())
        retry = connection.execute(select(url.not_before - now_ms()).where(url.url == ONE.url)).scalar_one()
    assert all(0 < wait <= LATEST_MS for wait in spread)
    assert len({wait // 3_600_000 for wait in spread}) > 5
    assert retry <= 0


@pytest.mark.parametrize(("patience_s", "is_open"), [(50.0, False), (70.0, True)])
def test_a_run_waits_for_a_host_that_may_be_asked_soon(
    catalogue: Catalogue, patience_s: float, is_open: bool
) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, TWO])
    [leased] = run.take(1)
    run.end(ended(ONE, Fate.GONE))
    run.leases.release_hosts({leased.host: 60.0})
    assert run.leases.is_open(patience_s) is is_open


@pytest.mark.parametrize("state", ["queued", "leased", "deferred"])
def test_a_run_does_not_wait_for_other_sources(catalogue: Catalogue, state: str) -> None:
    run, other = Run(catalogue, "a", "marisol"), Run(catalogue, "b", "tarn")
    enter(catalogue, other.id, [TARN])
    set_rows(catalogue, schema.url, state=state, not_before=0)
    assert not run.leases.is_open(60.0)
    assert Leases(catalogue, run.id, {"tarn"}).is_open(60.0)
    assert other.leases.is_open(60.0) is (state != "leased"), "its own lease is no reason to wait"


def test_a_source_at_its_limit_does_not_hold_up_another_on_its_host(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    theirs = Link("https://marisol.example/theirs", UrlKind.ARTICLE, Evidence(source="tarn"))
    picture = replace(link("picture"), kind=UrlKind.IMAGE)
    nobodys = replace(theirs, url="https://marisol.example/nobodys", evidence=Evidence(source="orla"))
    enter(catalogue, run.id, [ONE, TWO, theirs, picture, nobodys])
    limits = {"marisol": Limits(per_run=1)}
    leases = Leases(catalogue, run.id, {"marisol", "tarn"}, set(UrlKind) - {UrlKind.IMAGE}, limits)
    leases.keep()
    [host] = leases.lease_hosts(9)
    assert [urls(leases.lease_urls([host.id], 1)) for _ in range(3)] == [[ONE.url], [theirs.url], []]
    assert leases.left_by_limits() == {"marisol": 1}  # the picture is not of the kinds that are asked for


def test_a_host_without_work_is_let_go_for_good(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, TWO, TARN])
    leased = run.take(1)
    run.end(ended(ONE, Fate.GONE), ended(TARN, Fate.GONE))
    run.leases.release_hosts({each.host: 0.0 for each in leased})
    host = schema.host.c
    with catalogue.read() as connection:
        idle = {row.name: row.idle for row in connection.execute(select(host.name, host.idle))}
    assert idle == {"marisol.example": False, "tarn.example": True}
    assert value_of(catalogue, func.count(host.locked_by)) == 0


@pytest.mark.parametrize(
    ("fate", "is_copy", "comes_again"),
    [
        (Fate.TIMEOUT, True, True),
        (Fate.GONE, True, False),
        (Fate.SAVED, True, False),
        (Fate.SAVED, False, True),
    ],
)
def test_a_copy_that_could_be_read_is_not_fetched_again_but_after_a_passing_failure(
    catalogue: Catalogue, fate: Fate, is_copy: bool, comes_again: bool
) -> None:
    copy = f"https://copies.example/web/20210128093015id_/{ONE.url}"
    found = replace(ONE, evidence=replace(ONE.evidence, copy=copy)) if is_copy else ONE
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [found])
    run.take()
    run.end(ended(found, fate))
    assert bool(value_of(catalogue, schema.url.c.not_before)) is comes_again
