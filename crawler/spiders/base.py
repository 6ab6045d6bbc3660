"""What every spider of ours does with a page: extract it in a worker, release it in order."""

import errno
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, ClassVar, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.discovery import NotAListing
from crawler.errors import OperatorError
from crawler.extraction import extract
from crawler.fates import Fate
from crawler.frontier.link_score import discover_scored
from crawler.http.decoding import ContentError, TooLarge
from crawler.items import Article, Capture, Link, Origin, RawPage, UrlKind, Validators
from crawler.outcome import Outcome
from crawler.relevance import TopicProfile
from crawler.run.record_order import ReorderBuffer
from crawler.run.recorder import Recorder, recorder_of
from crawler.run.shutdown import reactor_stopped
from crawler.run.workers import Quarantined, WorkerPool

logger = logging.getLogger(__name__)

_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
)
"""What a worker fails for that is no page's fault: its temporary files have no room, say."""


class SpiderArgumentError(OperatorError):
    """A spider argument is unknown or has a wrong value; the message says what to do."""


class PageSpider(Spider):
    """Base of our spiders: worker pool, record order, and the fates that extraction itself gives."""

    arguments_help: ClassVar[dict[str, str]] = {}
    """Every argument that `-a NAME=VALUE` may give, with its meaning."""

    origin: ClassVar[Origin] = Origin.LIVE
    leases_urls: ClassVar[bool] = False
    """Whether what it fetches comes from the frontier."""
    topic_profile: TopicProfile | None = None
    """By which articles that wait are ordered; None: as they are listed."""
    recorder: Recorder
    workers: WorkerPool

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.arguments = arguments
        self.order = ReorderBuffer()
        check_arguments(type(self), arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        settings.set("SEEDS_DIR", kwargs.get("seeds") or settings["SEEDS_DIR"], priority="spider")
        if operator := " ".join(settings["OPERATOR"].split()):
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{operator})", priority="spider")
        crawler.signals.connect(spider.opened, signals.spider_opened)
        for signal in (signals.spider_closed, reactor_stopped):
            crawler.signals.connect(spider.closed_down, signal)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.released, signal)
        return spider

    def opened(self) -> None:
        settings = self.crawler.settings
        self.recorder = recorder_of(self.crawler)
        self.workers = WorkerPool(
            settings.getint("EXTRACTION_WORKERS"),
            settings.getfloat("EXTRACTION_TIMEOUT_S"),
            settings.getint("EXTRACTION_MAX_BYTES"),
            preload=["crawler.relevance.preload"] if self.topic_profile else [],
        )

    def closed_down(self) -> None:
        self.workers.close()

    def released(self, item: object) -> None:
        if isinstance(item, Article) and item.capture is not None:
            self.order.done(item.capture.serial)

    async def release_in_order(
        self, result: Article | Outcome | None, capture: Capture
    ) -> AsyncIterator[Article]:
        """The article in its turn; nothing when a limit gave the page its fate, or where the machine failed."""
        await self.order.turn(capture.serial)
        if isinstance(result, Article):
            yield result  # its turn ends when the pipelines are through with it: see `released`
            return
        if result is not None:
            self.recorder.record(result)
        self.order.done(capture.serial)

    async def find_links(self, raw: RawPage, kind: UrlKind) -> tuple[list[Link], Fate, str] | None:
        """What a feed, sitemap or section page names, with the page's own fate and its reason.

        None where the machine failed: the page stays pending, and the run ends.
        """
        try:
            links = await self.workers.run(discover_scored, raw, kind, self.topic_profile)
            return links, Fate.DISCOVERY, ""
        except (Quarantined, ContentError) as refusal:
            return [], _fate_of(refusal), str(refusal)
        except OSError as error:
            if error.errno not in _MACHINE:
                raise
            self.recorder.stop(error)
            return None

    async def extract(self, raw: RawPage, capture: Capture) -> Article | Outcome | None:
        """The article of a page, or the fate that a limit gave it.

        None where the machine failed: the page stays pending, and the run ends.
        """
        try:
            article = await self.workers.run(extract, raw)
            validators = Validators.of(raw.headers)
            return replace(article, capture=capture, origin=self.origin, validators=validators)
        except (Quarantined, ContentError) as refusal:
            fate, reason = _fate_of(refusal), str(refusal)
        except Exception as error:  # a defect of ours: the page is archived, the crawl goes on
            if isinstance(error, OSError) and error.errno in _MACHINE:
                self.recorder.stop(error)
                return None
            logger.exception("Extraction failed on %s", raw.url)
            fate, reason = Fate.QUARANTINED, f"extraction failed: {type(error).__name__}"
        return Outcome(
            url=raw.url,
            kind=UrlKind.ARTICLE,
            fate=fate,
            evidence=raw.evidence,
            reason=reason,
            capture=capture,
        )


def check_arguments(spider: type[PageSpider], arguments: dict[str, str]) -> None:
    """Refuse spider arguments that the spider does not have."""
    # scrapyd adds `_job`; a leading underscore marks what is said to the runner, not to the spider.
    unknown = sorted(name for name in arguments if name not in spider.arguments_help and name[:1] != "_")
    if unknown:
        known = ", ".join(f"{name}=" for name in spider.arguments_help)
        raise SpiderArgumentError(
            f"The spider {spider.name} has no argument {unknown[0]!r}; it takes {known.rstrip(', ')}."
        )


def _fate_of(refusal: Quarantined | ContentError) -> Fate:
    if isinstance(refusal, TooLarge):
        return Fate.TOO_LARGE
    return Fate.SOFT_404 if isinstance(refusal, NotAListing) else Fate.QUARANTINED
