"""The end of a crawl that was told to stop: soon, whatever server or page keeps it waiting."""

import asyncio
from contextlib import suppress

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from archive.addon import ArchiveExtension
from crawler.spiders.pages import PageSpider
from crawler.store.recorder import recorder_of

GRACE_S = 4.0
"""How long a crawl that was told to stop waits for what is under way; the rest stays pending for the next run."""

_LOOK_S = 0.5


def stop_in_time(crawler: Crawler) -> None:
    """Have the reactor stop when a crawl is not over GRACE_S after it was told to stop."""

    def look() -> None:
        if not crawler.crawling:
            watch.stop()
            asyncio.get_running_loop().call_later(GRACE_S, _stop_reactor)

    def begin() -> None:
        watch.start(_LOOK_S, now=False)

    watch = LoopingCall(look)
    crawler.signals.connect(begin, signals.engine_started, weak=False)


def finish(crawler: Crawler) -> None:
    """Commit what is complete and close every file, where the reactor stopped before the crawl was over."""
    if not _has_begun(crawler) or crawler.engine.spider is None:
        return
    if isinstance(crawler.spider, PageSpider):
        crawler.spider.closed_down()
    recorder = recorder_of(crawler)
    if recorder.verdict is None:
        asyncio.run(recorder.spider_closed("shutdown"))
    archive = crawler.get_extension(ArchiveExtension)
    if archive is not None:
        archive.writer.close()


def _stop_reactor() -> None:
    """Do what a second Ctrl-C does."""
    from twisted.internet import reactor

    with suppress(RuntimeError):  # it is stopping already
        reactor.stop()  # type: ignore[misc]


def _has_begun(crawler: Crawler) -> bool:
    try:
        return crawler.engine is not None
    except RuntimeError:  # Scrapy's way to say that it never came to the engine
        return False
