"""What all spiders do with an answer: look into it in a worker, and release articles in record order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, ClassVar, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from crawler.fates import Fate
from crawler.http.answers import Answer
from crawler.http.reasons import DEFECT
from crawler.http.requisites import wants_look
from crawler.items import Article, Capture, Link
from crawler.outcome import Outcome
from crawler.reading.listing_ends import UnreadListings
from crawler.reading.page_looks import PageLooks
from crawler.reading.page_reading import PageLimits, PageReading, is_of_machine
from crawler.relevance import TopicProfile
from crawler.relevance.seeds import profile_in_force
from crawler.run.record_order import ReorderBuffer
from crawler.run.recorder import Recorder, recorder_of
from crawler.run.shutdown import reactor_stopped
from crawler.scrapy_internals import items_in_pipelines
from crawler.spiders.arguments import check_names
from crawler.spiders.part_assembly import PartAssembly

logger = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often an article that waits for its judgement looks whether the pipelines are at work."""


class PageSpider(PageReading, Spider):
    """Base of our spiders: worker pool, record order, and one end for each URL."""

    arguments_help: ClassVar[dict[str, str]] = {}
    """Every argument that `-a NAME=VALUE` may give, with its meaning."""

    leases_urls: ClassVar[bool] = False
    """Whether what it fetches comes from the frontier."""
    follows: ClassVar[bool] = False
    """Whether what belongs to a page, what it is shown with and the further pages of its article, is queued."""
    share_read: float | None = None
    """How much of the archives that it reads it has read, 0 to 1; None if it reads none."""
    recorder: Recorder
    assembly: PartAssembly

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.arguments = arguments
        self.order = ReorderBuffer()
        self.unread = UnreadListings()
        self._in_pipelines: dict[int, asyncio.Future[None]] = {}
        """By the identity of the article's capture, which the pipelines hand on."""
        check_names(self.name, self.arguments_help, arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        # An argument that overrides a setting: Scrapy's way is to set it here, before anything reads it.
        settings.set("SEEDS_DIR", kwargs.get("seeds") or settings["SEEDS_DIR"], priority="spider")
        if operator := " ".join(settings["OPERATOR"].split()):
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{operator})", priority="spider")
        crawler.signals.connect(spider.opened, signals.spider_opened)
        for signal in (signals.spider_closed, reactor_stopped):
            crawler.signals.connect(spider.closed_down, signal)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.left_pipelines, signal)
        return spider

    def opened(self) -> None:
        settings = self.crawler.settings
        self.recorder = recorder_of(self.crawler)
        most = settings.getint("EXTRACTION_MAX_PARTS")
        self.assembly = PartAssembly(self.recorder, most, lambda page: self.place_of(page), self.follows)
        self.page_limits = PageLimits.of(settings)
        self.workers = self.page_limits.pool(settings.getint("EXTRACTION_WORKERS"))
        is_wanted = self.follows and wants_look(settings["ARCHIVE_REQUISITES"])
        self.looks = PageLooks(self.workers, is_wanted)

    def place_of(self, page: Article) -> str:
        """The place that has the record of a page."""
        return self.recorder.place

    @cached_property
    def judging(self) -> TopicProfile:
        return profile_in_force(self.crawler.settings)

    def closed_down(self) -> None:
        self.unread.tell()
        self.close_workers()

    def left_pipelines(self, item: object) -> None:
        """Let the turn of an article end."""
        released = self._in_pipelines.get(id(item.capture)) if isinstance(item, Article) else None
        if released is not None and not released.done():
            released.set_result(None)

    async def start(self) -> AsyncIterator[Article]:
        # Scrapy would log a trace of whatever is raised here, find nothing to do, and call the run finished.
        try:
            if not self.recorder.has_failed:
                async for article in self.articles():
                    yield article
        except (OSError, DBAPIError) as error:
            recorder_of(self.crawler).stop(error)
        except Exception as error:
            logger.exception("The run cannot go on")
            recorder_of(self.crawler).stop(error)

    def articles(self) -> AsyncIterator[Article]:
        """What there is without a request; the frontier, if there is one, begins after it."""
        raise NotImplementedError

    @contextmanager
    def handling(self, link: Link, capture: Capture | None) -> Iterator[None]:
        """Whatever is raised while an answer is handled, its URL ends, and so does its turn in record order.

        This is the one place for defects of ours: the page is archived, and `rederive` can try it again. Where
        the machine failed, the URL stays pending and the run ends.
        """
        try:
            yield
        except Exception as error:
            if is_of_machine(error):
                self.recorder.stop(error)
            else:
                logger.exception("Cannot handle the answer of %s", link.url)
                self.quarantine(link, capture, DEFECT)
        finally:
            if capture is not None:
                self.order.done(capture.serial)

    def quarantine(self, link: Link, capture: Capture | None, reason: str) -> None:
        """End a URL that a defect of ours struck; the run goes on, and if not even this can be noted, it has failed."""
        try:
            self.recorder.record(Outcome.of(link, Fate.QUARANTINED, reason, capture))
        except Exception:
            logger.exception("Cannot record how %s ended", link.url)
            self.recorder.report(f"how {link.url} ended could not be recorded; it is left to the next run.")

    async def release(self, result: Article | Outcome, capture: Capture) -> AsyncIterator[Article]:
        """The article in its turn, which lasts until the pipelines have judged it; an outcome is recorded at once."""
        if isinstance(result, Outcome):
            self.recorder.record(result)
            return
        await self.order.turn(capture.serial)
        async for article in self.assembly.judge(result):
            turn = id(article.capture)
            judged = self._in_pipelines[turn] = asyncio.get_running_loop().create_future()
            try:
                yield await self.judged(article)
                await self._leave_pipelines(judged)
            finally:
                self._in_pipelines.pop(turn, None)

    async def _leave_pipelines(self, judged: asyncio.Future[None]) -> None:
        """Wait for the signal that an article is judged, or until no item is in the pipelines, should it fail."""
        idle_looks = 0
        while idle_looks < 2 and not (await asyncio.wait([judged], timeout=LOOK_S))[0]:
            idle_looks = 0 if items_in_pipelines(self.crawler) else idle_looks + 1

    async def _discover(self, answer: Answer, link: Link) -> Outcome:
        outcome = await super()._discover(answer, link)
        if outcome.listing is not None:
            self.unread.note(link, outcome.listing)
        return outcome
