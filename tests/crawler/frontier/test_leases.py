"""What is leased is one run's, until it gives it back or dies; the sums of all runs add up throughout."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import func, update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import end_leases, end_run
from crawler.catalogue.tallies import fates_of_all, tally_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import Fate
from crawler.frontier.states import LEASED
from crawler.frontier.url_rows import enter
from crawler.http.retry_after import LONGEST_PAUSE_S
from crawler.items import Evidence, Link, UrlKind
from tests.support.leasing import Run, set_rows, two_runs, urls, value_of
from tests.support.outcomes import FEED, ended, link

YEAR_MS = 365 * 86_400_000
ONE, TWO, THREE = link("one"), link("two"), link("three")
TARN = Link("https://tarn.example/one", UrlKind.ARTICLE, Evidence(source="tarn"))


@pytest.fixture
def workers(catalogue: Catalogue) -> tuple[Run, Run]:
    return two_runs(catalogue)


# --- who has what ---------------------------------------------------------------------------


def test_a_host_is_held_by_one_run(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE, TARN])
    assert sorted(host.name for host in first.hosts()) == ["marisol.example", "tarn.example"]
    assert second.hosts() == []


def test_what_is_not_held_is_not_leased(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE])
    [host] = first.hosts()
    assert second.leases.lease_urls([host.id], 9) == []
    assert urls(first.leases.lease_urls([host.id], 9)) == [ONE.url]


def test_two_runs_never_get_the_same_url(workers: tuple[Run, Run]) -> None:
    first = workers[0]
    links = [
        Link(f"https://h{n % 7}.example/{n}", UrlKind.ARTICLE, Evidence(source="tarn")) for n in range(140)
    ]
    enter(first.catalogue, first.id, links)

    def work(run: Run) -> list[str]:
        got: list[str] = []
        for _ in range(40):
            hosts = [host.id for host in run.leases.lease_hosts(2)]
            got += urls(run.leases.lease_urls(hosts, 3))
            run.leases.release_hosts(dict.fromkeys(hosts, 0.0))
        return got

    with ThreadPoolExecutor(2) as threads:
        shares = list(threads.map(work, workers))
    assert sorted(shares[0] + shares[1]) == sorted(each.url for each in links)
    assert all(run.reconciles for run in workers)


def test_a_run_takes_only_urls_of_its_sources(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a", "tarn")
    theirs = Link("https://tarn.example/two", UrlKind.ARTICLE, Evidence(source="marisol"))
    enter(catalogue, run.id, [ONE, TARN, theirs])
    [host] = run.hosts()
    assert host.name == "tarn.example"
    assert urls(run.leases.lease_urls([host.id], 9)) == [TARN.url]


def test_what_is_listed_freshest_goes_first(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    kinds = [UrlKind.ARTICLE, UrlKind.SITEMAP, UrlKind.SECTION, UrlKind.LISTING, UrlKind.FEED]
    enter(catalogue, run.id, [replace(link(kind), kind=kind) for kind in kinds])
    [host] = run.hosts()
    got = [run.leases.lease_urls([host.id], 1)[0].link.kind for _ in kinds]
    assert got == kinds[::-1]


# --- time -----------------------------------------------------------------------------------


def test_the_pause_of_a_host_is_kept_across_runs(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE, TWO])
    [host] = first.hosts()
    first.leases.lease_urls([host.id], 1)
    first.leases.release_hosts({host.id: 60.0})
    assert second.hosts() == []
    left_ms = value_of(first.catalogue, schema.host.c.due_at - now_ms())
    assert 55_000 < left_ms <= 60_000
    set_rows(first.catalogue, schema.host, due_at=now_ms())
    assert urls(second.take()) == [TWO.url]


def test_a_deferred_url_comes_when_it_is_due(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    [host] = run.hosts()
    run.leases.lease_urls([host.id], 9)
    run.end(replace(ended(ONE, Fate.HTTP_ERROR), retry_in_s=60.0))
    run.leases.keep()
    assert run.leases.lease_urls([host.id], 9) == []
    assert not run.leases.is_open(10.0)
    assert run.leases.is_open(120.0)
    set_rows(catalogue, schema.url, not_before=now_ms())
    run.leases.keep()
    assert [(each.link.url, each.attempts) for each in run.leases.lease_urls([host.id], 9)] == [(ONE.url, 2)]
    assert run.reconciles


def test_an_idle_host_wakes_when_something_is_queued(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    leased = run.take()
    run.end(ended(ONE, Fate.GONE))
    run.leases.release_hosts({leased[0].host: 0.0})
    assert value_of(catalogue, schema.host.c.idle)
    assert not run.leases.is_open(1.0)
    enter(catalogue, run.id, [TWO])
    assert urls(run.take()) == [TWO.url]


def test_a_clock_that_was_a_year_ahead_stops_nothing(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE, TWO])
    run.take(1)
    run.end(replace(ended(ONE, Fate.TIMEOUT), retry_in_s=60.0))
    end_leases(catalogue, run.id)
    set_rows(catalogue, schema.host, due_at=now_ms() + YEAR_MS)
    set_rows(catalogue, schema.url, not_before=now_ms() + YEAR_MS)
    set_rows(catalogue, schema.run, alive_until=now_ms() + YEAR_MS)
    end_run(catalogue, run.id, "shutdown", 1)
    later = Run(catalogue, "a")
    assert value_of(catalogue, func.max(schema.host.c.due_at - now_ms())) <= LONGEST_PAUSE_S * 1000
    set_rows(catalogue, schema.host, due_at=now_ms())
    later.leases.keep()
    assert sorted(urls(later.take())) == [ONE.url, TWO.url]


# --- death ----------------------------------------------------------------------------------


def test_a_run_that_goes_on_keeps_what_it_has(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE])
    first.take()
    assert second.leases.keep() == 1
    assert second.take() == []


@pytest.mark.parametrize("alive_for_ms", [-1, YEAR_MS], ids=["silent", "by a clock that was wrong"])
def test_a_silent_run_loses_what_it_has(workers: tuple[Run, Run], alive_for_ms: int) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE, TWO])
    [host] = first.hosts()
    first.leases.lease_urls([host.id], 1)
    set_rows(first.catalogue, schema.run, alive_until=now_ms() + alive_for_ms)
    assert second.leases.keep() == 0
    assert sorted(urls(second.take())) == [ONE.url, TWO.url]
    assert first.leases.lease_urls([host.id], 9) == []
    assert tally_of(first.catalogue, first.id).discovered == 0
    assert tally_of(second.catalogue, second.id).discovered == 2


def test_a_run_that_lost_its_hosts_changes_nothing_of_them(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE, TWO])
    [taken] = first.take(1)
    set_rows(first.catalogue, schema.run, alive_until=0)
    second.leases.keep()
    [host] = second.hosts()
    before = value_of(first.catalogue, schema.host.c.due_at)

    first.leases.return_urls([taken.id])
    first.leases.release_hosts({host.id: 3600.0})

    assert value_of(first.catalogue, schema.host.c.locked_by) == second.id
    assert value_of(first.catalogue, schema.host.c.due_at) == before
    assert first.hosts() == []
    leased = second.leases.lease_urls([host.id], 9)
    assert sorted(urls(leased)) == [ONE.url, TWO.url]

    first.leases.return_urls([each.id for each in leased])
    assert second.leases.lease_urls([host.id], 9) == []
    assert value_of(first.catalogue, func.max(schema.url.c.attempts)) == 1


def test_what_has_ended_is_not_returned(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    [leased] = run.take()
    run.end(ended(ONE, Fate.GONE))
    run.leases.return_urls([leased.id])
    assert fates_of_all(catalogue) == {"gone": 1}
    assert run.leases.lease_urls([leased.host], 9) == []


def test_what_a_run_has_ended_is_not_asked_for_again(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE, TWO])
    first.take()
    first.end(ended(ONE, Fate.GONE))
    end_leases(first.catalogue, first.id)
    end_run(first.catalogue, first.id, "shutdown", 1)
    second.leases.keep()
    assert urls(second.take()) == [TWO.url]


def test_the_outcome_of_a_lost_lease_is_not_committed(workers: tuple[Run, Run]) -> None:
    first, second = workers
    enter(first.catalogue, first.id, [ONE])
    first.take()
    set_rows(first.catalogue, schema.run, alive_until=0)
    second.leases.keep()
    second.take()
    late = ended(ONE, Fate.GONE)
    assert first.end(late) == [late]
    assert fates_of_all(first.catalogue) == {}
    assert second.end(ended(ONE, Fate.NO_TEXT)) == []
    assert fates_of_all(first.catalogue) == {"no_text": 1}
    assert first.reconciles
    assert second.reconciles


def test_urls_that_were_not_asked_for_go_back_as_if_they_had_not_been_leased(catalogue: Catalogue) -> None:
    run = Run(catalogue, "a")
    enter(catalogue, run.id, [ONE])
    [leased] = run.take()
    run.leases.return_urls([leased.id])
    assert [each.attempts for each in run.leases.lease_urls([leased.host], 9)] == [1]
    assert run.reconciles


# --- many at once ---------------------------------------------------------------------------


def test_writers_that_enter_the_same_links_in_other_orders_do_not_stop_each_other(
    workers: tuple[Run, Run],
) -> None:
    links = [
        Link(f"https://h{n % 5}.example/{n}", UrlKind.ARTICLE, Evidence(source="tarn")) for n in range(60)
    ]
    feeds = [Link(f"https://feeds.example/{n}", UrlKind.FEED, FEED.evidence) for n in range(8)]

    def write(worker: int) -> None:
        run, shuffle = workers[worker % 2], Random(worker)
        for _ in range(5):
            pages = [
                replace(ended(feed), links=tuple(shuffle.sample(links, 30)))
                for feed in shuffle.sample(feeds, 4)
            ]
            commit_outcomes(run.catalogue, run.id, [(page, None) for page in pages], leased=True)
            run.leases.keep()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    tallies = [tally_of(run.catalogue, run.id) for run in workers]
    assert all(tally.reconciles for tally in tallies)
    assert 30 <= sum(tally.discovered for tally in tallies) <= 60


def test_a_url_that_another_run_takes_between_two_statements_stays_its_own(catalogue: Catalogue) -> None:
    first, second = two_runs(catalogue)
    enter(catalogue, first.id, [ONE, TWO])
    [host] = first.hosts()
    with catalogue.engine.begin() as connection:
        rows = first.leases._most_urgent(connection, [host.id], 9)
        taking = update(schema.url).where(schema.url.c.id == rows[0].id)
        connection.execute(taking.values(state=LEASED, run_id=second.id))
        assert first.leases._take(connection, rows) == rows[1:]
