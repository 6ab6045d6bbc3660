"""A plan names what a run would ask for, and changes nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from crawler.catalogue.store import Store
from crawler.database import schema
from crawler.fates import Fate
from crawler.frontier.dry_run import Part, Plan, Why, describe, plan_run, room_for
from crawler.frontier.leases import Leases
from crawler.frontier.quotas import Limits
from crawler.items import Evidence, Link, UrlKind
from tests.support.outcomes import FEED, ended, link

HOST = "marisol.example"
ONE, TWO = link("one"), link("two")
PAGES = set(UrlKind) - {UrlKind.IMAGE}


def plan(store: Store | None, only_due: bool = False, starts: tuple[Link, ...] = (FEED,)) -> Plan:
    return plan_run(store, starts, {"marisol"}, PAGES, only_due)


def run(
    store: Store,
    links: list[Link],
    fates: dict[Link, Fate],
    retry_in_s: float | None = None,
    limits: dict[str, Limits] | None = None,
) -> None:
    """A run that enters links and ends some of them."""
    run_id = store.begin_run("news", {}, "frontwire/0.1", "a")
    store.enter(run_id, links, again=True)
    leases = Leases(store, run_id, {"marisol"}, limits=limits)
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)
    outcomes = [replace(ended(link, fate), retry_in_s=retry_in_s) for link, fate in fates.items()]
    store.commit(run_id, [(outcome, None) for outcome in outcomes], leased=True)
    store.give_back(run_id)
    store.end_run(run_id, "finished", 0)


def be_due(store: Store) -> None:
    """Let an hour pass for all that waits."""
    url = schema.url
    with store.engine.begin() as connection:
        waiting = update(url).where(url.c.not_before > 0)
        connection.execute(waiting.values(not_before=url.c.not_before - 3_700_000))


def part(why: Why, kind: UrlKind) -> Part:
    return Part(HOST, why, kind)


def test_without_a_store_a_run_begins_with_its_start_urls() -> None:
    assert plan(None) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(None, only_due=True) == {part(Why.START, UrlKind.FEED): 1}


def test_start_urls_are_fetched_again_but_with_due_only_in_their_time(store: Store) -> None:
    run(store, [FEED], {FEED: Fate.DISCOVERY})
    assert plan(store) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(store, only_due=True) == {}
    be_due(store)
    assert plan(store) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(store, only_due=True) == {part(Why.DUE, UrlKind.FEED): 1}


def test_what_a_run_left_is_counted(store: Store) -> None:
    run(store, [FEED, ONE, TWO], {FEED: Fate.DISCOVERY, ONE: Fate.SAVED})
    assert plan(store, only_due=True) == {part(Why.LEFT, UrlKind.ARTICLE): 1}


def test_failures_are_tried_again_when_their_time_has_come(store: Store) -> None:
    run(store, [FEED, ONE], {ONE: Fate.TIMEOUT}, retry_in_s=30.0)
    assert plan(store) == {part(Why.LEFT, UrlKind.FEED): 1}
    be_due(store)
    assert plan(store) == {part(Why.LEFT, UrlKind.FEED): 1, part(Why.RETRY, UrlKind.ARTICLE): 1}


@pytest.mark.parametrize("other", [Evidence(source="tarn"), Evidence(source="marisol")])
def test_other_sources_and_kinds_are_left_out(store: Store, other: Evidence) -> None:
    kind = UrlKind.ARTICLE if other.source == "tarn" else UrlKind.IMAGE
    run(store, [Link(f"https://{HOST}/other", kind, other)], {})
    assert plan(store, starts=()) == {}


def test_planning_changes_nothing(store: Store) -> None:
    run(store, [FEED, ONE], {FEED: Fate.DISCOVERY})

    def rows() -> list[object]:
        with store.engine.connect() as connection:
            return [list(connection.execute(select(table))) for table in schema.metadata.sorted_tables]

    before = rows()
    plan(store)
    assert rows() == before


def test_a_plan_is_described_host_by_host() -> None:
    lines = list(
        describe(plan(None, starts=(FEED, ONE, Link("https://b.example/", UrlKind.SECTION, Evidence()))))
    )
    assert lines == [
        f"{HOST}: 2 (1 article, start URL; 1 feed, start URL)",
        "b.example: 1 (1 section, start URL)",
        "Would fetch 3 URLs from 2 hosts, and what these name. Nothing was fetched.",
    ]
    assert list(describe(Plan())) == ["Would fetch nothing: nothing is due. Nothing was fetched."]


def test_limits_say_how_many_requests_are_allowed_now(store: Store) -> None:
    limits = {"marisol": Limits(per_run=5, per_day=4), "tarn": Limits()}
    assert room_for(None, limits) == {"marisol": 4}
    run(store, [FEED, ONE], {FEED: Fate.DISCOVERY}, limits=limits)
    assert room_for(store, limits) == {"marisol": 2}
