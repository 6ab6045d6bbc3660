"""A clock that was wrong for a while: nothing is lost, and nothing is asked again because of it."""

from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import update

from crawler.database import schema
from crawler.database.engine import open_engine
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS
from tests.support.killed_runs import Desk
from tests.support.press import Press, open_press

YEAR_MS = 365 * 24 * 3600 * 1000
ARTICLES = 24


def crawl(folder: Path, desk: Desk, **settings: Any) -> Crawler:
    places = {"DATA_DIR": str(desk.data), "STORE_URL": desk.store_url}
    return run_crawl("news", SETTINGS | places | settings, sources=str(folder / "sources.txt"))


def shift(desk: Desk, by_ms: int) -> None:
    """Have all times written so much later, as by a clock that is set back then."""
    url, host, run = schema.url, schema.host, schema.run
    engine = open_engine(desk.store_url, desk.data)
    with engine.begin() as connection:
        scheduled = update(url).where(url.c.not_before > 0)
        connection.execute(scheduled.values(not_before=url.c.not_before + by_ms))
        connection.execute(update(host).values(due_at=host.c.due_at + by_ms))
        connection.execute(update(run).values(alive_until=run.c.alive_until + by_ms))
    engine.dispose()


def leave_leased(desk: Desk) -> None:
    """Leave all that is pending as a run does that is killed."""
    url, host, run = schema.url, schema.host, schema.run
    engine = open_engine(desk.store_url, desk.data)
    with engine.begin() as connection:
        connection.execute(update(run).values(ended=None))
        connection.execute(update(host).values(locked_by=1))
        connection.execute(update(url).where(url.c.state == "queued").values(state="leased", run_id=1))
    engine.dispose()


def articles_asked(press: Press) -> int:
    return sum(press.asked[url] for url in press.pages)


@pytest.mark.parametrize("by_ms", [YEAR_MS, -YEAR_MS], ids=["set back", "set forward"])
def test_a_clock_that_is_set_loses_nothing_and_repeats_nothing(
    by_ms: int, tmp_path: Path, store_url: str
) -> None:
    with open_press(tmp_path, ARTICLES) as press:
        desk = Desk(tmp_path, store_url)
        crawl(tmp_path, desk, CLOSESPIDER_PAGECOUNT=14, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        assert 0 < len(desk.seed_files()) < ARTICLES
        leave_leased(desk)
        shift(desk, by_ms)
        for _ in range(3):
            verdict = recorder_of(crawl(tmp_path, desk)).verdict
            assert verdict is not None
            assert verdict.exit_code == 0, verdict.sentence
        assert len(desk.seed_files()) == ARTICLES
        assert articles_asked(press) == ARTICLES
