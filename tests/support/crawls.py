"""Crawls inside the test process, on one asyncio reactor in a thread that lives as long as the session."""

import asyncio
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from twisted.internet import asyncioreactor

TIMEOUT_S = 300.0
"""A crawl takes a second; on a machine with twenty times as much to do as it can, half a minute."""

_QUIET = {
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "HTTPPROXY_ENABLED": False,  # the servers of tests are on loopback; a proxy of the environment is not
    "DOWNLOAD_DELAY": 0,
    "RETRY_DELAY_S": 0.05,
    "LOG_LEVEL": "WARNING",
}


def run_crawl(
    spider: type[Spider] | str,
    settings: Mapping[str, Any] | None = None,
    **spider_args: Any,
) -> Crawler:
    """Crawl until the spider has closed and give its crawler: `.stats.get_stats()`, `.spider`.

    A spider named by a string is the project's and runs with the project's settings, a class with
    Scrapy's defaults; `settings` override both. AssertionError after TIMEOUT_S.
    """
    base = Settings()
    if isinstance(spider, str):
        base.setmodule("crawler.settings")
    base.setdict({**_QUIET, **(settings or {})}, priority="cmdline")
    crawling = asyncio.run_coroutine_threadsafe(_crawl(spider, base, spider_args), reactor_loop())
    return crawling.result(TIMEOUT_S + 15)


@cache
def reactor_loop() -> asyncio.AbstractEventLoop:
    """The event loop under Twisted's reactor, running in a thread of its own."""
    look_often()
    loop = asyncio.new_event_loop()
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    threading.Thread(target=_run_reactor, args=(loop,), name="reactor", daemon=True).start()
    return loop


def look_often() -> None:
    """Have crawls of this process look more often for what they wait for: that took longer than the rest of them."""
    from crawler.cli import uploads
    from crawler.frontier import scheduler
    from crawler.run import shutdown

    scheduler.LOOK_S, shutdown._CLOSING_LOOK_S, uploads.LOOK_S = 0.04, 0.02, 0.04


def _run_reactor(loop: asyncio.AbstractEventLoop) -> None:
    from twisted.internet import reactor

    asyncio.set_event_loop(loop)
    reactor.run(installSignalHandlers=False)  # type: ignore[call-arg, misc]


async def _crawl(spider: type[Spider] | str, settings: Settings, spider_args: dict[str, Any]) -> Crawler:
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(spider)
    crawling = runner.crawl(crawler, **spider_args)
    done, _ = await asyncio.wait([crawling], timeout=TIMEOUT_S)
    if not done:
        await asyncio.wait([asyncio.ensure_future(crawler.stop_async()), crawling], timeout=5)
        raise AssertionError(f"the crawl of {spider} was not over after {TIMEOUT_S:g} s")
    await crawling
    return crawler
