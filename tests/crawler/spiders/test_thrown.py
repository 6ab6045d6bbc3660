"""Whatever is raised where one part calls another, a run ends by itself and loses nothing else."""

import inspect
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.misc import load_object

from crawler.exit_codes import FAILED, OK
from crawler.frontier.leases import Leases
from crawler.frontier.politeness import HostPaces, Retries
from crawler.frontier.scheduler import StoreScheduler
from crawler.run.committer import Committer
from crawler.run.recorder import Recorder, recorder_of
from crawler.run.workers import WorkerPool
from crawler.settings import table
from crawler.spiders.base import PageSpider
from crawler.spiders.news import NewsSpider
from crawler.spiders.requests import RequestFactory
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site

ARTICLES = [f"/2021/01/{name}" for name in ("veld", "orla", "tarmil", "marisol", "dolna")]
FAST = SETTINGS | {
    "EXTRACTION_WORKERS": 1,
    "RETRY_DELAY_S": 0.0,
    "FRONTIER_PATIENCE_S": 1,
    "STALL_TIMEOUT_S": 20,
}


def ours(setting: str) -> list[type]:
    """The classes of ours that a setting of Scrapy's names."""
    names = [name for name, order in table[setting].default.items() if order is not None]
    return [load_object(name) for name in names if not name.startswith("scrapy.")]


CLASSES: list[type] = [
    *(
        NewsSpider,
        PageSpider,
        RequestFactory,
        Recorder,
        Committer,
        StoreScheduler,
        HostPaces,
        Retries,
        Leases,
    ),
    *(WorkerPool, *ours("DOWNLOADER_MIDDLEWARES"), *ours("ITEM_PIPELINES")),
]
CLOSING = {"closed_down", "close"}
"""What lets go of processes and sockets: where it fails, they last as long as ours."""

HOOKS = [
    (each, name)
    for each in CLASSES
    for name, function in vars(each).items()
    if inspect.isfunction(function) and not name.startswith("_") and name not in CLOSING
]
"""Every method that another part calls: a new one is tried without a word here."""

AT_THE_ENDS = {
    "opened",
    "start",
    "articles",
    "start_links",
    "begin",
    "spider_opened",
    "close_spider",
}
"""What is called before the first request and after the last answer; a run may end for it, with a failure."""

ASKED_BY_SCRAPY = {"next_request", "has_pending_requests"}
"""What Scrapy's engine calls every few seconds, and cannot go on without: the watchdog ends such a run."""

PASSING_HOOKS = [hook for hook in HOOKS if hook[1] not in AT_THE_ENDS]


def name_of(hook: tuple[type, str]) -> str:
    return f"{hook[0].__name__}.{hook[1]}"


def throw(monkeypatch: pytest.MonkeyPatch, hook: tuple[type, str], when: Callable[[int], bool]) -> None:
    """Let a method raise at those of its calls, counted from 0, for which `when` is true."""
    owner, name = hook
    method: Any = vars(owner)[name]
    calls = itertools.count()

    @wraps(method)
    def thrown(*arguments: Any, **named: Any) -> Any:
        if when(next(calls)):
            raise RuntimeError(f"thrown in {name_of(hook)}")
        return method(*arguments, **named)

    monkeypatch.setattr(owner, name, thrown)


def crawl(folder: Path) -> int:
    """One run; its exit code. It must end by itself, with sums that reconcile."""
    settings = FAST | {"DATA_DIR": str(folder / "data")}
    try:
        crawler = run_crawl("news", settings, sources=str(folder / "sources.txt"))
    except RuntimeError:  # Scrapy could not begin
        return FAILED
    assert crawler.stats.get_value("finish_reason") != "stalled"
    result = recorder_of(crawler).result
    if result is None:
        return FAILED
    assert result.tally.reconciles
    return result.exit_code


def pending(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "data" / "catalogue.sqlite")) as catalogue:
        return [url for (url,) in catalogue.execute("select url from url where state != 'done'")]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    site = Site({path: article(path.title()) for path in ARTICLES})
    with open_site(site, ARTICLES, tmp_path):
        yield tmp_path


def ended(folder: Path) -> list[str]:
    """The fates of the articles."""
    with closing(sqlite3.connect(folder / "data" / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute("select fate from url where kind = 'article' and state = 'done'")
        return sorted(fate for (fate,) in rows)


def test_a_run_in_which_everything_throws_ends_and_the_next_one_is_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for hook in PASSING_HOOKS:
            throw(patch, hook, lambda call: call == 1)
        crawl(folder)
    assert crawl(folder) == OK
    assert not pending(folder)


@pytest.mark.slow
@pytest.mark.parametrize("hook", PASSING_HOOKS, ids=name_of)
def test_what_is_thrown_once_costs_one_url_at_most(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hook: tuple[type, str]
) -> None:
    with monkeypatch.context() as patch:
        throw(patch, hook, lambda call: call == 0)
        code = crawl(folder)
        if code == OK:
            assert not pending(folder)
            assert ended(folder).count("saved") >= len(ARTICLES) - 1
    crawl(folder)
    assert not pending(folder)
    assert ended(folder).count("saved") >= len(ARTICLES) - 1


@pytest.mark.slow
@pytest.mark.parametrize("hook", [hook for hook in HOOKS if hook[1] not in ASKED_BY_SCRAPY], ids=name_of)
def test_what_is_thrown_each_time_ends_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hook: tuple[type, str]
) -> None:
    with monkeypatch.context() as patch:
        throw(patch, hook, lambda call: True)
        crawl(folder)
    crawl(folder)
    assert not pending(folder)
