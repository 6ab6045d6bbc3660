"""The end of a crawl before its work is done: it comes soon, whatever server or page keeps the crawl waiting."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from archive.capture.extension import ArchiveExtension
from crawler.run.recorder import recorder_of
from crawler.run.result import DISK_SHORT
from crawler.scrapy_internals import close_idle_scraper

logger = logging.getLogger(__name__)

GRACE_S = 4.0
"""How long a stopping crawl waits for requests under way; what is left stays pending for the next run."""

STALLED = "stalled"
"""The reason of a run that was stopped because nothing happened any more."""

reactor_stopped = object()
"""A signal: the reactor has stopped, perhaps before the spider was closed; end the processes and tasks you began."""

_LOOK_S = 0.5
_CLOSING_LOOK_S = 0.2
_REASON = "frontwire/stop_reason"


class Closing:
    """A Scrapy extension that lets a crawl close as soon as its last article is out of the pipelines.

    A crawl that is to close waits until nothing is in the pipelines, but Scrapy 2.19 looks for that only when it
    has finished a response. Articles that `start()` yields, as a replay's do, belong to no response: if one of
    them were the last, the crawl would never end.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._watch = LoopingCall(self._look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        closing = cls(crawler)
        crawler.signals.connect(closing.spider_opened, signals.spider_opened)
        crawler.signals.connect(closing.spider_closed, signals.spider_closed)
        return closing

    def spider_opened(self) -> None:
        self._watch.start(_CLOSING_LOOK_S, now=False)

    def spider_closed(self) -> None:
        self._watch.stop()

    def _look(self) -> None:
        close_idle_scraper(self._crawler)


def stop_in_time(crawler: Crawler) -> None:
    """Stop the reactor if a crawl is not over GRACE_S after it began to stop."""

    def look() -> None:
        if not crawler.crawling:
            watch.stop()
            _tell_of_interrupt(crawler)
            asyncio.get_running_loop().call_later(GRACE_S, _stop_reactor)

    def begin() -> None:
        watch.start(_LOOK_S, now=False)

    watch = LoopingCall(look)
    crawler.signals.connect(begin, signals.engine_started, weak=False)


def _tell_of_interrupt(crawler: Crawler) -> None:
    """Say what happens next in a run that a signal stops; one that ends by itself says why."""
    assert crawler.stats is not None
    if recorder_of(crawler).result is None and crawler.stats.get_value(_REASON) is None:
        logger.warning(
            "Stopping: what is under way is finished and written, in %g s at most; the rest waits for the next run. "
            "Press Ctrl-C again to wait for no answer. The same command goes on where this run ends.",
            GRACE_S,
        )


def stop_when_stalled(crawler: Crawler) -> None:
    """End a crawl without an answer and without the end of a URL for STALL_TIMEOUT_S; its exit code is 1."""
    limit_s = crawler.settings.getfloat("STALL_TIMEOUT_S")
    last, since = -1, monotonic()

    def look() -> None:
        nonlocal last, since
        now = _progress(crawler)
        if now != last:
            last, since = now, monotonic()
        elif monotonic() - since >= limit_s:
            watch.stop()
            logger.error(
                "Nothing has happened for %g s: the run is stopped, what was under way stays pending. "
                "Run the same command again; raise STALL_TIMEOUT_S if your sources are that slow.",
                limit_s,
            )
            closing.extend(_close(crawler, STALLED))

    closing: list[asyncio.Future[Any]] = []  # asyncio itself holds tasks only weakly
    watch = _while_crawling(crawler, look)


def stop_when_disk_is_short(crawler: Crawler) -> None:
    """End a crawl while the disk still has room for what is under way; its exit code is 3."""
    data_dir, least = Path(crawler.settings["DATA_DIR"]), crawler.settings.getint("MIN_FREE_DISK")

    def look() -> None:
        free = shutil.disk_usage(data_dir).free
        if free < least:
            watch.stop()
            logger.error(
                "%s Crawl stopped; free space and run the same command again: it continues where it stopped.",
                sentence_on_disk(data_dir, free, least),
            )
            closing.extend(_close(crawler, DISK_SHORT))

    closing: list[asyncio.Future[Any]] = []  # asyncio itself holds tasks only weakly
    watch = _while_crawling(crawler, look)


def sentence_on_disk(folder: Path, free: int, least: int) -> str:
    """A sentence on a disk that is nearly full; both numbers are bytes."""
    return f"Only {free / 1e6:,.0f} MB are free in {folder}, less than MIN_FREE_DISK ({least / 1e6:,.0f} MB)."


def finish(crawler: Crawler) -> None:
    """Commit what is complete and close every file, if the reactor stopped before the crawl was over."""
    if not _has_begun(crawler) or crawler.engine.spider is None:
        return
    crawler.signals.send_catch_log(reactor_stopped)
    recorder = recorder_of(crawler)
    if recorder.result is None:
        assert crawler.stats is not None
        asyncio.run(recorder.spider_closed(crawler.stats.get_value(_REASON, "shutdown")))
    archive = crawler.get_extension(ArchiveExtension)
    if archive is not None:
        archive.writer.close()


def _while_crawling(crawler: Crawler, look: Callable[[], None]) -> LoopingCall:
    """Call a function every _LOOK_S as long as a crawl goes on."""

    def begin() -> None:
        watch.start(_LOOK_S, now=False)

    def end() -> None:
        if watch.running:
            watch.stop()

    watch = LoopingCall(look)
    crawler.signals.connect(begin, signals.engine_started, weak=False)
    crawler.signals.connect(end, signals.spider_closed, weak=False)
    return watch


def _progress(crawler: Crawler) -> int:
    """A number that grows with every answer and with every URL that ends."""
    assert crawler.stats is not None
    stats = crawler.stats.get_stats()
    return sum(
        int(count)
        for name, count in stats.items()
        if name.startswith(("downloader/", "fate/", "tried_again_later/"))
    )


def _close(crawler: Crawler, reason: str) -> list[asyncio.Future[Any]]:
    assert crawler.engine is not None
    assert crawler.stats is not None
    crawler.stats.set_value(_REASON, reason)
    # The first call names the reason; the second is what `stop_in_time` waits for.
    return [
        asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason)),
        asyncio.ensure_future(crawler.stop_async()),
    ]


def _stop_reactor() -> None:
    """The same as a second Ctrl-C."""
    from twisted.internet import reactor

    with suppress(RuntimeError):  # it is stopping already
        reactor.stop()  # type: ignore[misc]


def _has_begun(crawler: Crawler) -> bool:
    try:
        return crawler.engine is not None
    except RuntimeError:  # Scrapy has not come as far as to make the engine
        return False
