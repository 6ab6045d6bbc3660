"""Answers requests from an archive: one archived run again, without opening a socket."""

import logging
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response

from archive.errors import NotArchived
from archive.replay.archived_run import ArchivedRun, Unanswered
from archive.replay.captures import ArchivedCapture
from archive.replay.failures import failure_of
from archive.replay.input_paths import expand_paths
from archive.replay.scrapy_responses import response_of

logger = logging.getLogger(__name__)


class ReplayHandler(BaseDownloadHandler):
    """Download handler for http and https that answers from the archive named by REPLAY_FROM.

    Responses and failures are those of the live crawl; `NotArchived` if it made no such request.

    `request.meta["capture"]` holds the archived capture. Its serial is the exchange's place in the
    archive (files by name, then by offset), which is the order in which the live crawl finished its
    exchanges: results released by serial come in the order of the live crawl, in any order of
    requests. Serials have gaps where a request is not made again, so wait only for serials that were
    given out. A request made more often than archived gets its last serial again.
    """

    lazy = False

    def __init__(self, crawler: Crawler, run: ArchivedRun) -> None:
        super().__init__(crawler)
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # Scrapy builds one handler for each scheme; they share the run.
        if crawler not in _runs:
            _runs[crawler] = ArchivedRun(expand_paths(crawler.settings["REPLAY_FROM"]), logger.warning)
        return cls(crawler, _runs[crawler])

    async def download_request(self, request: Request) -> Response:
        """The archived response; raises what the live crawl raised."""
        url = request.url.partition("#")[0]
        capture = self._run.fetch(request.method, url)
        if capture is None:
            raise NotArchived(f"{request.method} {url} is not in the archive")
        request.meta["capture"] = capture
        cut = capture.truncated if isinstance(capture, ArchivedCapture) else None
        failure = failure_of(capture.metadata, cut, getattr(capture, "status", 0))
        if failure is not None or isinstance(capture, Unanswered):
            raise failure or DownloadFailedError("archived without an answer")
        return response_of(
            url=url,
            method=capture.method,
            head=capture.head,
            body=capture.body,
            cut=cut,
            ip_address=_address(capture.ip_address),
        )

    async def close(self) -> None:
        self._run.close()


_runs: WeakKeyDictionary[Crawler, ArchivedRun] = WeakKeyDictionary()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
