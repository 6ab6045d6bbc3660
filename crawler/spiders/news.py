"""`scrapy crawl news`: one run over the sources of the registry."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy.exc import DBAPIError
from twisted.python.failure import Failure

from archive.capture.extension import ArchiveExtension
from crawler.fates import Fate
from crawler.frontier.leases import LeasedUrl
from crawler.frontier.quotas import Limits
from crawler.frontier.scheduler import StoreScheduler
from crawler.http.decoding import MAX_SITEMAP_BYTES
from crawler.http.page_images import ACCEPT, fate_of_image, wants_images
from crawler.http.responses import (
    fate_of_error,
    fate_of_status,
    flat_headers,
    is_html,
    pause_of_error_s,
    redirect_target,
    retry_after_s,
)
from crawler.http.retries import OVERLOADED, RETRIED, Retries
from crawler.http.url_identity import url_key
from crawler.http.urls import clean_url
from crawler.items import ASKED_ONCE, Article, Capture, Link, RawPage, UrlKind, Validators
from crawler.outcome import Outcome
from crawler.relevance.seeds import read_topic_profile
from crawler.sources.registry import RegistryError, Source, load_sources
from crawler.spiders.archived_links import link_of
from crawler.spiders.base import PageSpider, SpiderArgumentError
from crawler.spiders.crash_recovery import read_pages

logger = logging.getLogger(__name__)

MAX_HOPS = 10
"""Redirects in a row after which a chain is a trap (browsers stop at 20)."""

MAX_DEPTH = 3
"""Sitemap indexes within sitemap indexes; the protocol knows just one level."""


class NewsSpider(PageSpider):
    """Feeds, sitemaps and section pages lead to articles; each URL ends in one fate."""

    name = "news"
    leases_urls = True
    retries: Retries
    arguments_help: ClassVar[dict[str, str]] = {
        "sources": "a registry (.toml) or a text file with one feed, sitemap or section URL per line",
        "source": "ids of sources, parted by commas",
        "language": "languages (ISO 639-1), parted by commas",
        "seeds": "folder of the seed documents",
        "due": "1: ask only for what is due, not for every feed, sitemap and section page",
        "dry_run": "1: ask nobody, print what would be asked of whom",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.sources = select_sources(arguments)
        self._open = 0
        """Articles from the archive that the pipelines have not decided."""
        self.only_due = is_yes(arguments, "due")
        self.is_dry_run = is_yes(arguments, "dry_run")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.retries = Retries(settings.getint("RETRY_TIMES"), settings.getfloat("RETRY_DELAY_S"))
        unverified = {host for source in spider.sources for host in source.unverified_hosts}
        settings.set("ARCHIVE_UNVERIFIED_HOSTS", sorted(unverified), priority="spider")
        if settings.getbool("FRONTIER_FOCUS") and settings["RELEVANCE_MODE"] != "off":
            seeds = Path(settings["SEEDS_DIR"])
            spider.topic_profile = read_topic_profile(seeds, settings["RELEVANCE_MODE"])
        crawler.signals.connect(spider.downloaded, signals.response_downloaded)
        return spider

    def downloaded(self, request: Request) -> None:
        # Sent as soon as the exchange has its place in the archive, so turns follow record order.
        link = request.cb_kwargs.get("link")
        if link is not None and link.kind is UrlKind.ARTICLE:
            self.order.expect(request.meta["capture"].serial)

    @property
    def limits(self) -> dict[str, Limits]:
        """How much of each source a run may ask for."""
        return {each.id: Limits(each.max_pages, each.max_pages_per_day) for each in self.sources}

    def start_links(self) -> list[Link]:
        """The URLs with which the run begins."""
        return [link for source in self.sources for link in source.start_links()]

    async def start(self) -> AsyncIterator[Article]:
        if self.recorder.has_failed:
            return
        try:
            async for article in self._begin():
                yield article
        # Of whatever is raised here Scrapy would log a trace, find nothing to do, and call the run finished.
        except (OSError, DBAPIError) as error:
            self.recorder.stop(error)
        except Exception as error:
            logger.exception("The run could not begin")
            self.recorder.stop(error)

    async def _begin(self) -> AsyncIterator[Article]:
        await self.recorder.start(self.start_links(), only_new=self.only_due)
        async for article in self._take_up_archived():
            yield article
        while self._open or not self.recorder.is_idle:  # a merge of files must not move what is not committed
            if self.recorder.has_failed:
                return
            await asyncio.sleep(0.02)
        kinds = kinds_asked_for(self.crawler.settings["ARCHIVE_REQUISITES"])
        self.frontier.begin(self.recorder, self.limits.keys(), kinds, self.limits)

    async def _take_up_archived(self) -> AsyncIterator[Article]:
        """Read what a killed run had archived but not made known."""
        archive = self.crawler.get_extension(ArchiveExtension)
        if archive is None:  # a replay
            return
        await asyncio.to_thread(archive.writer.wait_recovered)
        names = archive.collection.names_since(await self.recorder.last_end())
        captures, taken_up = read_pages(archive.collection.archive, names), 0
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            link = link_of(capture)
            if link is None or not await self.recorder.adopt(link.url):
                continue
            taken_up += 1
            raw = RawPage(link.url, capture.body, capture.headers, capture.captured, link.evidence)
            if link.kind is not UrlKind.ARTICLE:
                await self._parse_listing(raw, link, capture)
                continue
            result = await self.extract(raw, capture)
            if isinstance(result, Article):
                self._open += 1
                yield result
            elif result is not None:
                self.recorder.record(result)
        if taken_up:
            logger.info("Read %s pages from the archive that a killed run had fetched last.", taken_up)

    def released(self, item: object) -> None:
        super().released(item)
        self._open = max(self._open - 1, 0)

    @property
    def frontier(self) -> StoreScheduler:
        """What hands out the requests of this spider."""
        assert self.crawler.engine is not None
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, StoreScheduler), "SCHEDULER must be crawler.frontier's"
        return scheduler

    def make_request(self, leased: LeasedUrl) -> Request:
        """The request for a URL that was leased."""
        link, validators = leased.link, leased.validators
        asked = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        if link.kind is UrlKind.IMAGE:
            asked["Accept"] = ACCEPT
        known = {
            "kind": str(link.kind),
            "hops": str(link.hops),
            "depth": str(link.depth),
            **asdict(link.evidence),
        }
        return Request(
            link.url,
            callback=self.parse_page,
            errback=self.parse_failure,
            headers={name: value for name, value in asked.items() if value},
            cb_kwargs={"link": link, "attempts": leased.attempts},
            meta={"archive_metadata": known} | _limits(link.kind),
            dont_filter=True,  # the frontier has seen to it that each URL is asked once
        )

    # --- answers --------------------------------------------------------------------------
    async def parse_page(self, response: Response, link: Link, attempts: int) -> AsyncIterator[Article]:
        """Give an answer its fate, or turn it into an article or into links."""
        assert response.request is not None
        retry_in_s = self._retry_in_s(response, attempts)
        self.frontier.answered(response.request)
        capture: Capture = response.request.meta["capture"]
        try:
            async for each in self._read(response, link, capture, retry_in_s):
                yield each
        except Exception as error:  # a defect of ours: all pages behind this one wait for its end
            logger.exception("Cannot make sense of the answer of %s", response.url)
            self._end(link, Fate.QUARANTINED, f"reading failed: {type(error).__name__}", capture)

    async def _read(
        self, response: Response, link: Link, capture: Capture, retry_in_s: float | None
    ) -> AsyncIterator[Article]:
        headers = flat_headers(response)
        if target := redirect_target(link.url, response.status, headers):
            self._follow(link, target, capture)
        elif fate := _fate_without_page(response, headers, link.kind):
            self._end(link, fate, f"HTTP {response.status}", capture, retry_in_s=retry_in_s)
        elif link.kind is UrlKind.IMAGE:
            self._end(link, *fate_of_image(link, headers), capture)
        else:
            raw = RawPage(link.url, response.body, headers, capture.captured, link.evidence)
            if link.kind is UrlKind.ARTICLE:
                result = await self.extract(raw, capture)
                async for article in self.release_in_order(result, capture):
                    yield article
            else:
                await self._parse_listing(raw, link, capture)

    async def parse_failure(self, failure: Failure) -> None:
        """Give a request that got no answer its fate."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for errbacks
        assert failure.value is not None
        retry_in_s = self._retry_of_failure_in_s(request, failure.value)
        self.frontier.answered(request)
        fate, reason = fate_of_error(failure.value)
        self._end(request.cb_kwargs["link"], fate, reason, request.meta.get("capture"), retry_in_s=retry_in_s)

    def _retry_of_failure_in_s(self, request: Request, error: BaseException) -> float | None:
        """In how many seconds what got no answer is asked for again; it may have its host left alone."""
        wait_s = self.retries.wait_s(request.cb_kwargs["attempts"])
        pause_s = pause_of_error_s(error)
        if pause_s is not None:
            self.frontier.pause(request, pause_s)
            return None if wait_s is None else max(wait_s, pause_s)
        return wait_s if fate_of_error(error)[0] in (Fate.TIMEOUT, Fate.NETWORK_ERROR) else None

    def _retry_in_s(self, response: Response, attempts: int) -> float | None:
        """In how many seconds a URL whose server failed is asked again; it may have its host left alone."""
        assert response.request is not None
        if response.status not in RETRIED:
            return None
        wait_s = self.retries.wait_s(attempts)
        if response.status in OVERLOADED:
            wanted_s = retry_after_s(flat_headers(response).get("retry-after", ""), datetime.now(UTC))
            pause_s = self.retries.pause_s(attempts) if wanted_s is None else wanted_s
            self.frontier.pause(response.request, pause_s)
            return None if wait_s is None else max(wait_s, pause_s)
        return wait_s

    async def _parse_listing(self, raw: RawPage, link: Link, capture: Capture) -> None:
        read = await self.find_links(raw, link.kind)
        if read is None:
            self.order.done(capture.serial)
            return
        found, fate, reason = read
        if link.depth >= MAX_DEPTH:
            found = [each for each in found if each.kind is UrlKind.ARTICLE]
        links = tuple(replace(each, depth=link.depth + 1) for each in found)
        # Only of what could be read: otherwise the next answer would be that nothing changed.
        validators = Validators.of(raw.headers) if fate is Fate.DISCOVERY else Validators()
        self._end(link, fate, reason, capture, links, validators)

    def _follow(self, link: Link, target: str, capture: Capture) -> None:
        """A redirect's target is a URL of its own, with the evidence of the link that led to it."""
        cleaned = clean_url(target, link.url)
        if link.hops >= MAX_HOPS:
            self._end(link, Fate.TRAP, f"more than {MAX_HOPS} redirects in a row", capture)
        elif cleaned is None:
            self._end(link, Fate.BAD_URL, "redirects to what is no http(s) URL", capture)
        else:
            evidence = replace(link.evidence, via=link.url)
            is_exact = url_key(cleaned) == url_key(link.url)
            # A redirect is followed to its end: the score of its first URL led here.
            score = 1.0 if self.topic_profile and link.kind is UrlKind.ARTICLE else None
            onward = replace(
                link, url=cleaned, evidence=evidence, hops=link.hops + 1, is_exact=is_exact, score=score
            )
            self._end(link, Fate.REDIRECTED, f"to {cleaned}", capture, (onward,))

    def _end(
        self,
        link: Link,
        fate: Fate,
        reason: str,
        capture: Capture | None,
        links: tuple[Link, ...] = (),
        validators: Validators | None = None,
        retry_in_s: float | None = None,
    ) -> None:
        self.recorder.record(
            Outcome(
                url=link.url,
                kind=link.kind,
                fate=fate,
                evidence=link.evidence,
                reason=reason,
                capture=capture,
                links=links,
                validators=validators,
                retry_in_s=retry_in_s,
                again=fate is Fate.REDIRECTED and link.kind not in ASKED_ONCE,
            )
        )
        if capture is not None:
            self.order.done(capture.serial)


def select_sources(arguments: dict[str, str]) -> list[Source]:
    """The sources that `-a sources=`, `-a source=` and `-a language=` name; all of ours without them."""
    path = Path(arguments["sources"]) if "sources" in arguments else None
    try:
        return load_sources(path, _split(arguments.get("source")), _split(arguments.get("language")))
    except RegistryError as error:
        raise SpiderArgumentError(str(error)) from None


def kinds_asked_for(requisites: str) -> set[UrlKind]:
    """What a run asks for, by ARCHIVE_REQUISITES."""
    return set(UrlKind) if wants_images(requisites) else set(UrlKind) - {UrlKind.IMAGE}


def is_yes(arguments: dict[str, str], name: str) -> bool:
    """What an argument says that is 0 or 1."""
    value = arguments.get(name, "0")
    if value not in ("0", "1"):
        raise SpiderArgumentError(f"{name}={value!r}: give {name}=1, or leave it out.")
    return value == "1"


def _split(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _fate_without_page(response: Response, headers: dict[str, str], kind: UrlKind) -> Fate | None:
    if fate := fate_of_status(response.status):
        # What redirects to somewhere never comes here, and nothing is unchanged unless we asked for changes.
        is_wrong = fate is Fate.REDIRECTED or (fate is Fate.UNCHANGED and not _asked_for_changes(response))
        return Fate.HTTP_ERROR if is_wrong else fate
    return Fate.NOT_HTML if kind is UrlKind.ARTICLE and not is_html(headers) else None


def _limits(kind: UrlKind) -> dict[str, int]:
    """How much of an answer is taken, where it is not DOWNLOAD_MAXSIZE."""
    return {"download_maxsize": MAX_SITEMAP_BYTES} if kind in (UrlKind.SITEMAP, UrlKind.LISTING) else {}


def _asked_for_changes(response: Response) -> bool:
    assert response.request is not None
    return any(name in response.request.headers for name in ("If-None-Match", "If-Modified-Since"))
