"""`scrapy crawl news`: one run over the sources of the registry."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from archive.capture.extension import ArchiveExtension
from crawler.fates import Fate
from crawler.frontier.leases import LeasedUrl
from crawler.frontier.politeness import Retries, Retry
from crawler.frontier.quotas import Limits
from crawler.frontier.scheduler import StoreScheduler
from crawler.http.answers import Answer, outcome_of_failure
from crawler.http.requisites import kinds_to_fetch
from crawler.items import Article, Link, UrlKind
from crawler.outcome import Outcome
from crawler.relevance.seeds import profile_in_force
from crawler.scrapy_internals import is_closing
from crawler.sources.source import KINDS, OWNERS, Source
from crawler.sources.subscription_file import subscriptions_in_force
from crawler.sources.subscriptions import Subscription
from crawler.spiders.arguments import chooses_sources, is_yes, select_sources
from crawler.spiders.base import PageSpider
from crawler.spiders.crash_recovery import CrashRecovery
from crawler.spiders.gap_filling import told_whole
from crawler.spiders.requests import RequestFactory
from crawler.spiders.seed_focus import sources_for_seeds

logger = logging.getLogger(__name__)


class NewsSpider(PageSpider):
    """Feeds, sitemaps and section pages lead to articles; each URL ends in one fate."""

    name = "news"
    leases_urls = True
    follows = True
    retries: Retries
    arguments_help: ClassVar[dict[str, str]] = {
        "sources": "a registry (.toml), a folder of these, or a text file with one feed, sitemap or section URL a line",
        "source": "ids of sources, separated by commas",
        "country": "countries of newsrooms (ISO 3166-1), separated by commas",
        "focus": "countries (ISO 3166-1) or regions in conflict that sources cover specially, separated by commas",
        "language": "languages (ISO 639-1), separated by commas",
        "kind": f"kinds of sources, separated by commas: {', '.join(KINDS)}",
        "owner": f"who runs the sources, separated by commas: {', '.join(OWNERS)}",
        "seeds": "folder of the seed documents",
        "due": "1: fetch only what is due, not every feed, sitemap and section page",
        "dry_run": "1: fetch nothing, print what would be fetched from which host",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.sources: list[Source] = []
        self.subscriptions: tuple[Subscription, ...] = ()
        self.only_due = is_yes(arguments, "due")
        self.is_dry_run = is_yes(arguments, "dry_run")
        self._requests = RequestFactory(self.parse_page, self.parse_failure, self.name)

    def choose_sources(self, settings: BaseSettings) -> None:
        """Take the sources that the arguments choose; if they choose none, those that cover the wars of the seeds."""
        self.sources = select_sources(self.arguments, settings.getlist("SOURCES"))
        if not chooses_sources(self.arguments):
            seeds = Path(self.arguments.get("seeds") or settings["SEEDS_DIR"])
            self.sources = sources_for_seeds(self.sources, seeds)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.retries = Retries.of(settings)
        spider.choose_sources(settings)
        spider.subscriptions = subscriptions_in_force(settings, spider.sources)
        if settings.getbool("FRONTIER_FOCUS") and settings["RELEVANCE_MODE"] != "off":
            spider.topic_profile = profile_in_force(settings, asks_encoder=False)
        crawler.signals.connect(spider.downloaded, signals.response_downloaded)
        return spider

    def opened(self) -> None:
        super().opened()
        if self.subscriptions:
            named = {each.source or "the sites of your cookies" for each in self.subscriptions}
            logger.info(
                "Subscriptions of yours are used for %s. Their terms of use may forbid automatic reading: "
                "see that they allow it.",
                ", ".join(sorted(named)),
            )
        archive = self.crawler.get_extension(ArchiveExtension)
        if archive is not None:  # else a replay
            archive.unverified_hosts.update(*(source.unverified_hosts for source in self.sources))

    @property
    def limits(self) -> dict[str, Limits]:
        """The most requests that a run may send to each source."""
        return {each.id: Limits(each.max_pages, each.max_pages_per_day) for each in self.sources}

    @property
    def kinds(self) -> set[UrlKind]:
        """What a run fetches."""
        return kinds_to_fetch(self.crawler.settings["ARCHIVE_REQUISITES"])

    @property
    def frontier(self) -> StoreScheduler:
        """The scheduler, which hands out the requests of this spider."""
        assert self.crawler.engine is not None
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, StoreScheduler), "SCHEDULER must be crawler.frontier's"
        return scheduler

    def start_links(self) -> list[Link]:
        """The URLs with which the run begins."""
        return [link for source in self.sources for link in source.start_links()]

    # --- before the first request -------------------------------------------------------------
    async def articles(self) -> AsyncIterator[Article]:
        await self.enter_start()
        async for article in self._recover():
            yield article
        # The frontier's first act may be to merge files: it must not move what is not committed.
        while not (self.recorder.is_idle or self.recorder.has_failed):
            await asyncio.sleep(0.02)
        if not self.recorder.has_failed:
            self.frontier.begin(self.recorder, self.limits.keys(), self.kinds, self.limits)

    async def enter_start(self) -> None:
        """Queue the URLs with which the run begins."""
        await self.recorder.run.start(self.start_links(), only_new=self.only_due)

    async def _recover(self) -> AsyncIterator[Article]:
        """Read what a killed run had archived but not made known."""
        archive = self.crawler.get_extension(ArchiveExtension)
        if archive is None:  # a replay
            return
        recovered = 0
        async for capture, link in CrashRecovery(archive, self.recorder).pages():
            recovered += 1
            with self.handling(link, capture):
                result = await self.read(Answer.of_capture(capture), link)
                async for article in self.release(result, capture):
                    yield article
        if recovered:
            logger.info("Read %s pages from the archive that a killed run had fetched last.", recovered)

    # --- requests and what comes of them ------------------------------------------------------
    def make_request(self, leased: LeasedUrl) -> Request:
        """The request for a URL that the frontier leased to this run."""
        self.recorder.expect(leased.link.url)
        return self._requests.make(leased)

    def left(self, leased: LeasedUrl, request: Request | None) -> None:
        """See that a URL has ended whose request Scrapy has done with, or that got none."""
        capture = request.meta.get("capture") if request is not None else None
        if capture is not None:
            self.order.done(capture.serial)
        if is_closing(self.crawler):
            return  # it stays leased, and the next run fetches it
        if request is None or self.recorder.is_owed(leased.link.url):
            self.quarantine(leased.link, capture, "its answer was lost on the way: please report this")

    def downloaded(self, request: Request) -> None:
        # Sent as soon as the exchange has its place in the archive, so turns follow record order.
        leased = request.cb_kwargs.get("leased")
        if leased is not None and leased.link.kind is UrlKind.ARTICLE:
            self.order.expect(request.meta["capture"].serial)

    async def parse_page(self, response: Response, leased: LeasedUrl) -> AsyncIterator[Article]:
        """Give an answer its fate, or turn it into an article or into links."""
        assert response.request is not None
        with self._answering(response.request, leased):
            answer = Answer.of_response(response)
            now = datetime.now(UTC)
            retry = self.retries.after_answer(answer.status, answer.headers, leased.attempts, now)
            self.frontier.answered(response.request, retry.pause_s)
            result = await self.read(answer, leased.link)
            if isinstance(result, Outcome):
                result = self._continued(told_whole(result, leased.marks, self.sources), retry)
            async for article in self.release(result, answer.capture):
                yield article

    async def parse_failure(self, failure: Failure) -> None:
        """Give a request without an answer its fate."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for errbacks
        assert failure.value is not None
        leased: LeasedUrl = request.cb_kwargs["leased"]
        with self._answering(request, leased):
            retry = self.retries.after_failure(failure.value, leased.attempts)
            self.frontier.answered(request, retry.pause_s)
            outcome = outcome_of_failure(failure.value, leased.link, request.meta.get("capture"))
            self.recorder.record(self._continued(outcome, retry))

    @contextmanager
    def _answering(self, request: Request, leased: LeasedUrl) -> Iterator[None]:
        """As `handling`, and the host of the request is free in the end."""
        with self.handling(leased.link, request.meta.get("capture")):
            try:
                yield
            finally:
                self.frontier.answered(request)

    def _continued(self, outcome: Outcome, retry: Retry) -> Outcome:
        """The outcome, with what this run does next about its URL."""
        links = outcome.links
        if outcome.fate is Fate.REDIRECTED and self.topic_profile and outcome.kind is UrlKind.ARTICLE:
            # What was begun is finished: the score of the link led here.
            links = tuple(replace(link, score=1.0) for link in links)
        return replace(outcome, links=links, retry_in_s=retry.in_s)
