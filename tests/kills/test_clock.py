"""A clock that was wrong for a while: nothing is lost, and nothing is fetched again because of it."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import Engine, update

from crawler.catalogue.runs import end_run
from crawler.catalogue.tallies import fates_of_all
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS
from tests.support.killed_runs import Desk
from tests.support.leasing import Run
from tests.support.outcomes import ended, link
from tests.support.press import open_press

YEAR_MS = 365 * 24 * 3600 * 1000
ARTICLES = 24

by_a_year = pytest.mark.parametrize("by_ms", [YEAR_MS, -YEAR_MS], ids=["set back", "set forward"])


def shift(engine: Engine, by_ms: int) -> None:
    """Have all times written so much later, as by a clock that is set back then."""
    url, host, run = schema.url, schema.host, schema.run
    with engine.begin() as connection:
        scheduled = update(url).where(url.c.not_before > 0)
        connection.execute(scheduled.values(not_before=url.c.not_before + by_ms))
        connection.execute(update(host).values(due_at=host.c.due_at + by_ms))
        connection.execute(update(run).values(alive_until=run.c.alive_until + by_ms))


def leave_leased(engine: Engine) -> None:
    """Leave all that is pending as a run does that is killed."""
    url, host, run = schema.url, schema.host, schema.run
    with engine.begin() as connection:
        connection.execute(update(run).values(ended=None))
        connection.execute(update(host).values(locked_by=1))
        connection.execute(update(url).where(url.c.state == "queued").values(state="leased", run_id=1))


# --- the frontier alone ---------------------------------------------------------------------
def end_some(run: Run, count: int) -> list[str]:
    """Save the first URLs that are leased, and let the hosts go: the URLs' names."""
    hosts = run.hosts()
    leased = run.leases.lease_urls([host.id for host in hosts], count)
    run.end(*(ended(each.link, Fate.SAVED) for each in leased))
    run.leases.release_hosts({host.id: 0.0 for host in hosts})
    return [each.link.url for each in leased]


def end_all(catalogue: Catalogue) -> list[str]:
    """Save what a whole run is given: the URLs."""
    run, fetched = Run(catalogue, "a"), list[str]()
    while run.leases.is_open(60):
        run.leases.keep()
        fetched += end_some(run, ARTICLES)
    assert run.reconciles
    end_run(catalogue, run.id, "finished", 0)
    return fetched


@by_a_year
def test_a_clock_that_is_set_loses_no_lease_and_repeats_none(catalogue: Catalogue, by_ms: int) -> None:
    links = [link(f"article-{number}") for number in range(ARTICLES)]
    killed = Run(catalogue, "a")
    enter(catalogue, killed.id, links)
    fetched = end_some(killed, ARTICLES // 2)
    assert len(fetched) == ARTICLES // 2
    leave_leased(catalogue.engine)
    shift(catalogue.engine, by_ms)
    for _ in range(3):
        fetched += end_all(catalogue)
    assert Counter(fetched) == dict.fromkeys((each.url for each in links), 1)
    assert fates_of_all(catalogue) == {"saved": ARTICLES}


# --- whole crawls ---------------------------------------------------------------------------
def crawl(desk: Desk, folder: Path, **settings: Any) -> Crawler:
    places = {"DATA_DIR": str(desk.data), "STORE_URL": desk.store_url}
    return run_crawl("news", SETTINGS | places | settings, sources=str(folder / "sources.txt"))


def test_crawls_complete_what_a_kill_left_before_the_clock_was_set(tmp_path: Path) -> None:
    with open_press(tmp_path, ARTICLES) as press:
        desk = Desk(tmp_path, "")
        crawl(desk, tmp_path, CLOSESPIDER_PAGECOUNT=14, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        assert 0 < len(desk.seed_files()) < ARTICLES
        engine = open_engine(desk.store_url, desk.data)
        leave_leased(engine)
        shift(engine, YEAR_MS)
        engine.dispose()
        for _ in range(3):
            result = recorder_of(crawl(desk, tmp_path)).result
            assert result is not None
            assert result.exit_code == 0, result.sentence
        assert len(desk.seed_files()) == ARTICLES
        assert press.article_requests == ARTICLES
