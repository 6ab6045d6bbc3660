"""A back-fill that is killed again and again asks for nothing twice but for what was under way."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo import Newsroom
from tests.support.backfills import kept, write_registry
from tests.support.checkout import ROOT
from tests.support.past_web import PastWeb, articles, index, news_crawl, past_web, wanted

KILLS = 20
MOST_REQUESTS = 3
"""Of the services, before a kill: so many that the last runs still find work."""


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def web(newsroom: Newsroom) -> Iterator[PastWeb]:
    with past_web(index(newsroom, rows=2), news_crawl(newsroom)) as web:
        yield web


def start(data: Path, registry: Path, web: PastWeb, via: str) -> "subprocess.Popen[bytes]":
    settings = {
        "DATA_DIR": data,
        "ADDRESS_GUARD_ALLOW": "127.0.0.1",
        "DOWNLOAD_DELAY": 0.05,
        "OPERATOR": "Test desk, desk@newsroom.example",
        "BACKFILL_WAYBACK_URL": web.url,
        "BACKFILL_CCNEWS_URL": web.url,
        "BACKFILL_PIECE_BYTES": 12_000,
    }
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    given = (f"sources={registry}", f"via={via}", "since=2021-01", "until=2021-01", "yes=1")
    arguments = [part for each in given for part in ("-a", each)]
    with (data.parent / "log").open("ab") as log:
        command = [sys.executable, "-m", "scrapy", "crawl", "backfill", *arguments, *options]
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


@pytest.mark.slow
@pytest.mark.parametrize(("via", "origin"), [("wayback", "wayback"), ("ccnews", "cc-news")])
def test_a_killed_backfill_goes_on_where_it_stopped(
    newsroom: Newsroom, web: PastWeb, tmp_path: Path, via: str, origin: str
) -> None:
    chance, data = random.Random(2021), tmp_path / "data"
    registry = write_registry(newsroom, tmp_path / "newsroom.toml", web.url)
    killed = 0
    for _ in range(KILLS):
        enough = len(web.requests) + chance.randint(1, MOST_REQUESTS)
        run = start(data, registry, web, via)
        while len(web.requests) < enough and run.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        run.kill()
        if run.wait() == 0:  # the next one would read the listings once more
            break
        killed += 1
    else:
        run = start(data, registry, web, via)
        assert run.wait() == 0, (tmp_path / "log").read_text()
    asked = Counter(web.requests)
    again = sum(count - 1 for path, count in asked.items() if path != "/robots.txt")
    print(f"{killed} of {KILLS} runs were killed, {again} of {asked.total()} requests were repeated")
    assert killed >= KILLS / 4
    assert again <= killed
    own = {each.url for each in articles(newsroom)}
    assert {url: by for url, by in kept(data).items() if url in own} == dict.fromkeys(
        wanted(newsroom, "2021-01"), origin
    )
