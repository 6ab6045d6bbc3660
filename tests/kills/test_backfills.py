"""A back-fill that is killed again and again asks for nothing twice but for what was under way."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo import Newsroom
from tests.support.backfills import kept, write_registry
from tests.support.checkout import ROOT
from tests.support.past_web import (
    PastWeb,
    articles,
    index,
    lists,
    news_crawl,
    past_web,
    publication_days,
    sitemaps,
    wanted,
)

MOST_REQUESTS = 6
"""Before a kill: so many that the last runs still find work."""

DAY, SITE = "2021-01-22", "le-courrier-du-levant"
"""Wanted of GDELT: a month has 2,976 lists of English articles, and as many of others."""

ORIGINS = {"sitemap": "live", "wayback": "wayback", "gdelt": "live", "ccnews": "cc-news"}


@dataclass(frozen=True)
class Desk:
    """A back-fill of the newsroom by one way, and what it asked for."""

    newsroom: Newsroom
    web: PastWeb
    folder: Path
    via: str
    store_url: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> "subprocess.Popen[bytes]":
        settings = {
            "DATA_DIR": self.data,
            "STORE_URL": self.store_url,
            "ADDRESS_GUARD_ALLOW": "127.0.0.1",
            "DOWNLOAD_DELAY": 0.15,  # so that what was answered is written before the next request goes out
            "OPERATOR": "Test desk, desk@newsroom.example",
            "BACKFILL_WAYBACK_URL": self.web.url,
            "BACKFILL_GDELT_URL": f"{self.web.url}/gdeltv2",
            "BACKFILL_CCNEWS_URL": self.web.url,
            "BACKFILL_PIECE_BYTES": 12_000,
        }
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        days = (DAY, DAY) if self.via == "gdelt" else ("2021-01", "2021-01")
        registry = self.folder / "newsroom.toml"
        given: tuple[str, ...] = (
            f"sources={registry}",
            f"via={self.via}",
            f"since={days[0]}",
            f"until={days[1]}",
            "yes=1",
        )
        given += (f"source={SITE}",) if self.via == "gdelt" else ()
        arguments = [part for each in given for part in ("-a", each)]
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "scrapy", "crawl", "backfill", *arguments, *options]
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def asked(self) -> list[tuple[str, str]]:
        """Each request, the service or site with the path; the services themselves read the newsroom too."""
        own = [*self.newsroom.requests] if ORIGINS[self.via] == "live" else []
        asked = [*(("", path) for path in [*self.web.requests]), *((each.site, each.path) for each in own)]
        return [each for each in asked if not each[1].endswith(("/robots.txt", "/tdmrep.json"))]

    def last(self) -> list[tuple[str, str]]:
        """The last request to each host: it may be under way."""
        return list({host: (host, path) for host, path in self.asked()}.values())

    def expected(self) -> dict[str, str]:
        days, urls = publication_days(self.newsroom), set(wanted(self.newsroom, "2021-01"))
        if self.via == "gdelt":
            [home] = [site.url for site in self.newsroom.sites if site.id == SITE]
            urls = {url for url in urls if days[url] == DAY and url.startswith(home)}
        return dict.fromkeys(urls, ORIGINS[self.via])


@pytest.fixture
def desk(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Iterator[Desk]:
    with Newsroom() as newsroom, past_web() as web:
        web.answers += [sitemaps(newsroom, lambda: web.url), index(newsroom, rows=2)]
        web.answers += [lists(newsroom, ".translation"), news_crawl(newsroom)]
        write_registry(newsroom, tmp_path / "newsroom.toml", web.url)
        yield Desk(newsroom, web, tmp_path, request.param, store_url)


@pytest.mark.slow
@pytest.mark.parametrize("desk", ORIGINS, indirect=True)
def test_a_killed_backfill_goes_on_where_it_stopped(desk: Desk, request: pytest.FixtureRequest) -> None:
    """With four ways and two stores these are 24 moments, four times `--kills`; each host has one request under way."""
    kills = int(request.config.getoption("--kills")) // 2
    chance, under_way, killed = random.Random(f"2021 {desk.via}"), Counter[tuple[str, str]](), 0
    for _ in range(kills):
        enough = len(desk.asked()) + chance.randint(1, MOST_REQUESTS)
        run = desk.start()
        while len(desk.asked()) < enough and run.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        run.kill()
        if run.wait() == 0:  # the next one would read the listings once more
            break
        killed += 1
        time.sleep(0.1)  # what it had sent is counted
        under_way.update(desk.last())
    else:
        run = desk.start()
        assert run.wait() == 0, desk.log
    asked = Counter(desk.asked())
    again = Counter({each: count - 1 for each, count in asked.items() if count > 1})
    print(f"{killed} of {kills} runs were killed, {again.total()} of {asked.total()} requests were repeated")
    assert killed >= kills / 4
    assert again <= under_way, again - under_way
    own = {each.url for each in articles(desk.newsroom)}
    found = {url: by for url, by in kept(desk.data, desk.store_url).items() if url in own}
    assert found == desk.expected()
