"""Crawls of a few requests into an archive."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from tests.support.crawls import run_crawl


@dataclass
class Fetched:
    """What a spider got for one request."""

    response: Response | None = None
    error: BaseException | None = None
    meta: dict[str, Any] = field(default_factory=dict)


class Fetcher(Spider):
    """Fetches URLs and keeps what comes of each."""

    name = "fetcher"

    def __init__(self, requests: list[Request], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.requests = requests
        self.fetched: dict[str, Fetched] = {}

    async def start(self) -> AsyncIterator[Any]:
        for request in self.requests:
            yield request.replace(callback=self.parse, errback=self.fail, dont_filter=True)

    def parse(self, response: Response) -> None:
        self.fetched[response.url] = Fetched(response=response, meta=response.meta)

    def fail(self, failure: Failure) -> None:
        request = failure.request  # type: ignore[attr-defined]
        self.fetched[request.url] = Fetched(error=failure.value, meta=request.meta)


def fetch(folder: Path, requests: list[Request], **settings: Any) -> Fetcher:
    """Crawl some requests into an archive in `folder`; the spider knows how each ended.

    Without an index of digests, unless `settings` name one: each answer is stored whole.
    """
    crawler = run_crawl(
        Fetcher,
        {
            "ADDONS": {"archive.addon.ArchiveAddon": 100},
            "ARCHIVE_DIR": str(folder),
            "ARCHIVE_DIGESTS": "",
            "HTTPERROR_ALLOW_ALL": True,
            "RETRY_ENABLED": False,
            "REDIRECT_ENABLED": False,
            "COMPRESSION_ENABLED": False,
            **settings,
        },
        requests=requests,
    )
    assert isinstance(crawler.spider, Fetcher)
    return crawler.spider
