"""`scrapy crawl news`: one run over the sources of the registry."""

import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fates import Fate
from crawler.items import Article, Capture, Kind, Link, RawPage
from crawler.registry import RegistryError, Source, load_sources
from crawler.requisites import ACCEPT, fate_of_image, wants_images
from crawler.spiders.pages import PageSpider, SpiderArgumentError
from crawler.store.outcome import Outcome
from crawler.urls import clean_url
from crawler.web import fate_of_error, fate_of_status, flat_headers, is_html, is_web_url, redirect_target

logger = logging.getLogger(__name__)

MAX_HOPS = 10
"""Redirects in a row after which a chain is a trap (browsers stop at 20)."""

MAX_DEPTH = 3
"""Sitemap indexes within sitemap indexes; the protocol knows just one level."""

_PRIORITIES = {
    Kind.FEED: 20,
    Kind.LISTING: 15,
    Kind.SECTION: 10,
    Kind.SITEMAP: 5,
    Kind.ARTICLE: 0,
    Kind.IMAGE: -10,
}
"""What is listed freshest goes first; articles follow what named them, and their pictures all pages."""


class NewsSpider(PageSpider):
    """Feeds, sitemaps and section pages lead to articles; each URL ends in one fate."""

    name = "news"
    arguments_help: ClassVar[dict[str, str]] = {
        "sources": "a registry (.toml) or a text file with one feed, sitemap or section URL per line",
        "source": "ids of sources, parted by commas",
        "language": "languages (ISO 639-1), parted by commas",
        "seeds": "folder of the seed documents",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.sources = select_sources(arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.downloaded, signals.response_downloaded)
        return spider

    def downloaded(self, request: Request) -> None:
        # Sent as soon as the exchange has its place in the archive, so turns follow record order.
        link = request.cb_kwargs.get("link")
        if link is not None and link.kind is Kind.ARTICLE:
            self.sequence.expect(request.meta["capture"].serial)

    async def start(self) -> AsyncIterator[Any]:
        links = [link for source in self.sources for link in source.start_links()]
        has_images = wants_images(self.crawler.settings["ARCHIVE_REQUISITES"])
        kinds = set(Kind) if has_images else set(Kind) - {Kind.IMAGE}
        for request in self._requests(
            self.recorder.start(links, {source.id for source in self.sources}, kinds)
        ):
            yield request

    def released(self, item: object) -> None:
        super().released(item)
        if isinstance(item, Article):  # only kept ones have requisites
            for request in self._requests(item.requisites):
                self.crawler.engine.crawl(request)

    # --- answers --------------------------------------------------------------------------
    async def parse_page(
        self, response: Response, link: Link, hops: int, depth: int
    ) -> AsyncIterator[Article | Request]:
        """Give an answer its fate, or turn it into an article or into links."""
        assert response.request is not None
        capture: Capture = response.request.meta["capture"]
        try:
            async for each in self._read(response, link, capture, hops, depth):
                yield each
        except Exception as error:  # a defect of ours: all pages behind this one wait for its end
            logger.exception("Cannot make sense of the answer of %s", response.url)
            self._end(link, Fate.QUARANTINED, f"reading failed: {type(error).__name__}", capture)

    async def _read(
        self, response: Response, link: Link, capture: Capture, hops: int, depth: int
    ) -> AsyncIterator[Article | Request]:
        headers = flat_headers(response)
        if target := redirect_target(link.url, response.status, headers):
            for request in self._follow(link, target, capture, hops, depth):
                yield request
        elif fate := _fate_without_page(response.status, headers, link.kind):
            self._end(link, fate, f"HTTP {response.status}", capture)
        elif link.kind is Kind.IMAGE:
            self._end(link, *fate_of_image(link, headers), capture)
        else:
            raw = RawPage(link.url, response.body, headers, capture.captured, link.evidence)
            if link.kind is Kind.ARTICLE:
                result = await self.extract(raw, capture)
                async for article in self.release_in_order(result, capture):
                    yield article
            else:
                async for request in self._parse_listing(raw, link, capture, depth):
                    yield request

    async def parse_failure(self, failure: Failure) -> None:
        """Give a request that got no answer its fate."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for errbacks
        assert failure.value is not None
        fate, reason = fate_of_error(failure.value)
        self._end(request.cb_kwargs["link"], fate, reason, request.meta.get("capture"))

    async def _parse_listing(
        self, raw: RawPage, link: Link, capture: Capture, depth: int
    ) -> AsyncIterator[Request]:
        found, fate, reason = await self.find_links(raw, link.kind)
        if depth >= MAX_DEPTH:
            found = [each for each in found if each.kind is Kind.ARTICLE]
        new = self.recorder.new_links(found)
        self._end(link, fate, reason, capture, new)
        for request in self._requests(new, depth=depth + 1):
            yield request

    def _follow(self, link: Link, target: str, capture: Capture, hops: int, depth: int) -> Iterable[Request]:
        """A redirect's target is a URL of its own, with the evidence of the link that led to it."""
        if hops >= MAX_HOPS:
            self._end(link, Fate.TRAP, f"more than {MAX_HOPS} redirects in a row", capture)
            return ()
        cleaned = clean_url(target, link.url)
        if cleaned is None:
            self._end(link, Fate.BAD_URL, "redirects to what is no http(s) URL", capture)
            return ()
        onward = replace(link, url=cleaned, evidence=replace(link.evidence, via=link.url))
        new = self.recorder.new_links([onward], again=link.kind not in (Kind.ARTICLE, Kind.IMAGE))
        self._end(link, Fate.REDIRECTED, f"to {cleaned}", capture, new)
        return self._requests(new, hops=hops + 1, depth=depth)

    def _end(
        self, link: Link, fate: Fate, reason: str, capture: Capture | None, new: tuple[Link, ...] = ()
    ) -> None:
        self.recorder.record(
            Outcome(
                url=link.url,
                kind=link.kind,
                fate=fate,
                evidence=link.evidence,
                reason=reason,
                capture=capture,
                links=new,
            )
        )
        if capture is not None:
            self.sequence.done(capture.serial)

    # --- requests -------------------------------------------------------------------------
    def _requests(self, links: Iterable[Link], hops: int = 0, depth: int = 0) -> Iterable[Request]:
        for link in links:
            if is_web_url(link.url):
                yield self._request(link, hops, depth)
            else:
                self._end(link, Fate.BAD_URL, "not an http(s) URL", None)

    def _request(self, link: Link, hops: int, depth: int) -> Request:
        return Request(
            link.url,
            callback=self.parse_page,
            errback=self.parse_failure,
            cb_kwargs={"link": link, "hops": hops, "depth": depth},
            headers={"Accept": ACCEPT} if link.kind is Kind.IMAGE else None,
            meta={"archive_metadata": {"kind": str(link.kind), "hops": str(hops), **asdict(link.evidence)}},
            priority=_PRIORITIES[link.kind],
            dont_filter=True,  # the recorder has seen to it that each URL is asked once
        )


def select_sources(arguments: dict[str, str]) -> list[Source]:
    """The sources that `-a sources=`, `-a source=` and `-a language=` name; all of ours without them."""
    path = Path(arguments["sources"]) if "sources" in arguments else None
    try:
        return load_sources(path, _split(arguments.get("source")), _split(arguments.get("language")))
    except RegistryError as error:
        raise SpiderArgumentError(str(error)) from None


def _split(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _fate_without_page(status: int, headers: dict[str, str], kind: Kind) -> Fate | None:
    if fate := fate_of_status(status):
        # What redirects to somewhere never comes here.
        return Fate.HTTP_ERROR if fate is Fate.REDIRECTED else fate
    return Fate.NOT_HTML if kind is Kind.ARTICLE and not is_html(headers) else None
