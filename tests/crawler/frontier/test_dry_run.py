"""A plan names what a run would ask for, and changes nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run, end_leases, end_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.dry_run import Part, Plan, Why, describe, plan_run, remaining_for
from crawler.frontier.leases import Leases
from crawler.frontier.quotas import Limits
from crawler.frontier.url_rows import enter
from crawler.items import Evidence, Link, UrlKind
from tests.support.outcomes import FEED, ended, link

HOST = "marisol.example"
ONE, TWO = link("one"), link("two")
PAGES = set(UrlKind) - {UrlKind.IMAGE}


def plan(catalogue: Catalogue | None, only_due: bool = False, starts: tuple[Link, ...] = (FEED,)) -> Plan:
    return plan_run(catalogue, starts, {"marisol"}, PAGES, only_due)


def run(
    catalogue: Catalogue,
    links: list[Link],
    fates: dict[Link, Fate],
    retry_in_s: float | None = None,
    limits: dict[str, Limits] | None = None,
) -> None:
    """A run that enters links and ends some of them."""
    run_id = begin_run(catalogue, "news", {}, "frontwire/0.1", "a")
    enter(catalogue, run_id, links, again=True)
    leases = Leases(catalogue, run_id, {"marisol"}, limits=limits)
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)
    outcomes = [replace(ended(link, fate), retry_in_s=retry_in_s) for link, fate in fates.items()]
    commit_outcomes(catalogue, run_id, [(outcome, None) for outcome in outcomes], leased=True)
    end_leases(catalogue, run_id)
    end_run(catalogue, run_id, "finished", 0)


def be_due(catalogue: Catalogue) -> None:
    """Let an hour pass for all that waits."""
    url = schema.url
    with catalogue.engine.begin() as connection:
        waiting = update(url).where(url.c.not_before > 0)
        connection.execute(waiting.values(not_before=url.c.not_before - 3_700_000))


def part(why: Why, kind: UrlKind) -> Part:
    return Part(HOST, why, kind)


def test_without_a_store_a_run_begins_with_its_start_urls() -> None:
    assert plan(None) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(None, only_due=True) == {part(Why.START, UrlKind.FEED): 1}


def test_start_urls_are_fetched_again_but_with_due_only_in_their_time(catalogue: Catalogue) -> None:
    run(catalogue, [FEED], {FEED: Fate.DISCOVERY})
    assert plan(catalogue) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(catalogue, only_due=True) == {}
    be_due(catalogue)
    assert plan(catalogue) == {part(Why.START, UrlKind.FEED): 1}
    assert plan(catalogue, only_due=True) == {part(Why.DUE, UrlKind.FEED): 1}


def test_what_a_run_left_is_counted(catalogue: Catalogue) -> None:
    run(catalogue, [FEED, ONE, TWO], {FEED: Fate.DISCOVERY, ONE: Fate.SAVED})
    assert plan(catalogue, only_due=True) == {part(Why.LEFT, UrlKind.ARTICLE): 1}


def test_failures_are_tried_again_when_their_time_has_come(catalogue: Catalogue) -> None:
    run(catalogue, [FEED, ONE], {ONE: Fate.TIMEOUT}, retry_in_s=30.0)
    assert plan(catalogue) == {part(Why.LEFT, UrlKind.FEED): 1}
    be_due(catalogue)
    assert plan(catalogue) == {part(Why.LEFT, UrlKind.FEED): 1, part(Why.RETRY, UrlKind.ARTICLE): 1}


@pytest.mark.parametrize("other", [Evidence(source="tarn"), Evidence(source="marisol")])
def test_other_sources_and_kinds_are_left_out(catalogue: Catalogue, other: Evidence) -> None:
    kind = UrlKind.ARTICLE if other.source == "tarn" else UrlKind.IMAGE
    run(catalogue, [Link(f"https://{HOST}/other", kind, other)], {})
    assert plan(catalogue, starts=()) == {}


def test_planning_changes_nothing(catalogue: Catalogue) -> None:
    run(catalogue, [FEED, ONE], {FEED: Fate.DISCOVERY})

    def rows() -> list[object]:
        with catalogue.read() as connection:
            return [list(connection.execute(select(table))) for table in schema.metadata.sorted_tables]

    before = rows()
    plan(catalogue)
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


def test_limits_say_how_many_requests_are_allowed_now(catalogue: Catalogue) -> None:
    limits = {"marisol": Limits(per_run=5, per_day=4), "tarn": Limits()}
    assert remaining_for(None, limits) == {"marisol": 4}
    run(catalogue, [FEED, ONE], {FEED: Fate.DISCOVERY}, limits=limits)
    assert remaining_for(catalogue, limits) == {"marisol": 2}
