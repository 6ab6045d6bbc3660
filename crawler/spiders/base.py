"""What all spiders do with an answer: look into it in a worker, and release articles in record order."""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from crawler.discovery import Moved, NotAListing
from crawler.fates import Fate
from crawler.frontier.listing_reader import NOBODY, read_listing
from crawler.http.answers import Answer, outcome_of, redirected
from crawler.http.decoding import BrokenCoding, ContentError, TooLarge
from crawler.http.reasons import DEFECT
from crawler.http.requisites import wants_look
from crawler.items import Article, Capture, Link, Origin, UrlKind, Validators
from crawler.outcome import Outcome
from crawler.past.publishers import Publishers
from crawler.relevance import TopicProfile
from crawler.relevance.encoder import ENCODER_BYTES, find_encoder
from crawler.relevance.seeds import profile_in_force
from crawler.run.judged_pages import extract_and_judge, is_settled, judge
from crawler.run.record_order import ReorderBuffer
from crawler.run.recorder import Recorder, recorder_of
from crawler.run.shutdown import reactor_stopped
from crawler.run.workers import Quarantined, WorkerPool
from crawler.scrapy_internals import items_in_pipelines
from crawler.spiders.arguments import check_names
from crawler.spiders.listing_ends import UnreadListings, as_it_turned_out, end_of_listing
from crawler.spiders.page_looks import PageLooks
from crawler.spiders.part_assembly import PartAssembly

logger = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often an article that waits for its judgement looks whether the pipelines are at work."""

_RESOURCE_ERRNOS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
)
"""Why a worker can fail through no fault of the page: its temporary files have no room, say."""


WORDS, _ENCODER = "crawler.relevance.preload", "crawler.relevance.encoder_preload"
"""What workers load besides what extraction needs."""


class PageSpider(Spider):
    """Base of our spiders: worker pool, record order, and one end for each URL."""

    arguments_help: ClassVar[dict[str, str]] = {}
    """Every argument that `-a NAME=VALUE` may give, with its meaning."""

    origin: ClassVar[Origin] = Origin.LIVE
    leases_urls: ClassVar[bool] = False
    """Whether what it fetches comes from the frontier."""
    follows: ClassVar[bool] = False
    """Whether what belongs to a page, what it is shown with and the further pages of its article, is queued."""
    topic_profile: TopicProfile | None = None
    """Orders the articles that wait; None leaves them in the order of their listing."""
    publishers: Publishers = NOBODY
    """Those whose articles the listings of a back-fill are read for."""
    share_read: float | None = None
    """How much of the archives that it reads it has read, 0 to 1; None if it reads none."""
    recorder: Recorder
    assembly: PartAssembly
    workers: WorkerPool
    looks: PageLooks

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
        self.workers = self._pool(settings.getint("EXTRACTION_WORKERS"), [WORDS])
        is_wanted = self.follows and wants_look(settings["ARCHIVE_REQUISITES"])
        self.looks = PageLooks(self.workers, is_wanted)

    def place_of(self, page: Article) -> str:
        """The place that has the record of a page."""
        return self.recorder.place

    def _pool(self, workers: int, preload: Collection[str], loads: int = 0) -> WorkerPool:
        """`loads` are the bytes of what a worker has in place of what extraction needs."""
        timeout_s = self.crawler.settings.getfloat("EXTRACTION_TIMEOUT_S")
        most = self.crawler.settings.getint("EXTRACTION_MAX_BYTES") + loads
        return WorkerPool(workers, timeout_s, most, preload, extracts=not loads)

    @cached_property
    def _judging(self) -> TopicProfile:
        settings = self.crawler.settings
        return profile_in_force(settings)

    @cached_property
    def _judges(self) -> WorkerPool:
        """What scores the texts that `workers` do not: with an encoder one more, from the first such text on."""
        if not self._judging.asks_encoder or find_encoder() is None:
            return self.workers
        return self._pool(1, [WORDS, _ENCODER], ENCODER_BYTES)

    def closed_down(self) -> None:
        self.unread.tell()
        self.workers.close()
        if "_judges" in vars(self):
            self._judges.close()

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
            if isinstance(error, OSError) and error.errno in _RESOURCE_ERRNOS:
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

    async def read(self, answer: Answer, link: Link) -> Article | Outcome:
        """What came of an answer: the end of its URL, or an article that the pipelines have to judge."""
        link = as_it_turned_out(link, answer)
        ending = outcome_of(answer, link)
        if ending is not None:
            return await self.looks.of_style(ending, link, answer)
        try:
            if link.kind is not UrlKind.ARTICLE:
                return await self._discover(answer, link)
            article = await self._extract(answer, link)
            if article.moved_to is None:
                return article
            return replace(redirected(link, article.moved_to, answer.capture), article=article)
        except Moved as move:
            return redirected(link, move.target, answer.capture)
        except (Quarantined, ContentError) as refusal:
            return _refused(refusal, link, answer.capture)

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
                yield await self._judged(article)
                await self._leave_pipelines(judged)
            finally:
                self._in_pipelines.pop(turn, None)

    async def _leave_pipelines(self, judged: asyncio.Future[None]) -> None:
        """Wait for the signal that an article is judged, or until no item is in the pipelines, should it fail."""
        idle_looks = 0
        while idle_looks < 2 and not (await asyncio.wait([judged], timeout=LOOK_S))[0]:
            idle_looks = 0 if items_in_pipelines(self.crawler) else idle_looks + 1

    async def _extract(self, answer: Answer, link: Link) -> Article:
        article = await self.workers.run(extract_and_judge, answer.page(link), self._judging)
        validators = Validators.of(answer.headers)
        origin = Origin(link.evidence.origin or self.origin)
        article = replace(article, capture=answer.capture, origin=origin, validators=validators)
        article = await self.looks.of_page(article, link, answer)
        # What is one of several pages is judged when it is put together.
        return article if article.previous_part or article.next_part else await self._judged(article)

    async def _judged(self, article: Article) -> Article:
        """The article with its relevance, which it has already if its words decided, and what it means."""
        if is_settled(article, self._judging):
            return article
        text = article.title, article.paragraphs, article.language
        judged = await self._judges.run(judge, *text, self._judging, article.relevance)
        return replace(article, relevance=judged.relevance, meaning=judged.meaning)

    async def _discover(self, answer: Answer, link: Link) -> Outcome:
        """The end of a feed, sitemap or section page, with the links that it names."""
        listing = await self.workers.run(
            read_listing,
            answer.page(link),
            link.kind,
            link.depth,
            self.topic_profile,
            self.publishers,
        )
        self.unread.note(link, listing.account)
        return end_of_listing(listing, link, answer)


def _refused(refusal: Quarantined | ContentError, link: Link, capture: Capture) -> Outcome:
    """The end of a page that broke a limit, or that is no listing where a listing was expected."""
    fate = Fate.QUARANTINED
    if isinstance(refusal, TooLarge):
        fate = Fate.TOO_LARGE
    elif isinstance(refusal, BrokenCoding):
        fate = Fate.INCOMPLETE
    elif isinstance(refusal, NotAListing):
        fate = Fate.SOFT_404
    outcome = Outcome.of(link, fate, str(refusal), capture)
    # A listing that could not be read must not answer the next visit with "nothing has changed".
    return outcome if link.kind is UrlKind.ARTICLE else replace(outcome, validators=Validators())
