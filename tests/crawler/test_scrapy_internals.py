"""The private names of Scrapy do what we use them for; when one of these fails, an upgrade changed it."""

import ast
import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from crawler.scrapy_internals import close_idle_scraper, has_extensions, wake_engine
from tests.support.checkout import ROOT
from tests.support.crawls import run_crawl

LISTS = {"crawler/scrapy_internals.py", "crawler/extraction/trafilatura_internals.py"}
CAPTURING = {
    f"archive/{name}.py"
    for name in (
        "capture/answer_parser",
        "capture/download_errors",
        "capture/handler",
        "capture/scrapy_internals",
        "capture/wire",
        "replay/handler",
        "replay/scrapy_responses",
    )
}
NOT_PRIVATE = {"_replace", "_asdict", "_fields", "_exit", "_Element", "_value2member_map_"}
"""Documented by NamedTuple, os and SQLAlchemy, the type of lxml's elements, and an enumeration's values."""


class Silent(BaseScheduler):
    """Has no request, and notes when it is asked for one."""

    def __init__(self, crawler: Crawler) -> None:
        self.asked = asyncio.Event()
        self.is_waiting = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        return self.is_waiting

    def enqueue_request(self, request: Request) -> bool:
        return False

    def next_request(self) -> Request | None:
        self.asked.set()
        return None


class Waking(Spider):
    name = "waking"

    async def start(self) -> AsyncIterator[Any]:
        engine = self.crawler.engine
        assert engine is not None
        assert engine._slot is not None
        scheduler = engine._slot.scheduler
        assert isinstance(scheduler, Silent)
        engine._slot.heartbeat.stop()  # from now on nothing else makes the engine look
        await asyncio.sleep(0.05)
        scheduler.asked.clear()
        wake_engine(self.crawler)
        await asyncio.wait_for(scheduler.asked.wait(), 10)
        scheduler.is_waiting = False
        yield {"woken": True}


class Closing(Spider):
    """Is told to close while its one item is in the pipelines."""

    name = "closing"

    async def start(self) -> AsyncIterator[Any]:
        yield {"title": "Veld"}


class Told:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.tasks: list[asyncio.Future[Any]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: object) -> object:
        engine = self.crawler.engine
        assert engine is not None
        self.tasks = [
            asyncio.ensure_future(engine.close_spider_async(reason="told")),
            asyncio.ensure_future(self.close_when_idle()),
        ]
        await asyncio.sleep(0.05)
        return item

    async def close_when_idle(self) -> None:
        assert self.crawler.engine is not None
        while self.crawler.engine.scraper.slot is not None:
            close_idle_scraper(self.crawler)
            await asyncio.sleep(0.01)


def test_an_engine_that_is_woken_asks_its_scheduler() -> None:
    crawler = run_crawl(Waking, {"SCHEDULER": Silent})
    assert crawler.stats is not None
    assert crawler.stats.get_value("item_scraped_count") == 1


def test_a_scraper_without_items_is_closed() -> None:
    crawler = run_crawl(Closing, {"ITEM_PIPELINES": {Told: 1}})
    assert crawler.stats is not None
    assert crawler.stats.get_value("finish_reason") == "told"
    assert crawler.stats.get_value("item_scraped_count") == 1


def test_a_crawl_that_did_not_begin_has_no_extensions() -> None:
    assert not has_extensions(Crawler(Spider))
    assert has_extensions(get_crawler())
    assert not hasattr(Crawler(Spider), "_no_such_name")


def private_names(path: Path) -> Iterator[str]:
    """Names with an underscore that a file takes from other modules or reads from objects that are not its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            own.add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            names = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(name.name for name in node.names)]
        else:
            continue
        yield from (name for name in names if name[:1] == "_" and name[:2] != "__" and name not in own)


@pytest.mark.parametrize("folder", ["crawler", "pipelines", "archive"])
def test_private_names_of_libraries_are_used_where_they_are_listed_only(folder: str) -> None:
    used = {
        str(path.relative_to(ROOT)): found
        for path in sorted(Path(ROOT, folder).rglob("*.py"))
        if (found := set(private_names(path)) - NOT_PRIVATE)
    }
    assert set(used) <= LISTS | CAPTURING, used
