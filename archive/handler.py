"""The download handler that archives every exchange, failures, robots.txt and redirects included."""

import asyncio
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    NotSupported,
    StopDownload,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future

from archive.addon import ArchiveExtension
from archive.records import has_answer
from archive.wire import WireAgent, WireFactory
from archive.wirelog import Cut, WireLog

_HEAD_ALLOWANCE = 1024 * 1024
_ROOM_POLL_S = 0.05


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler; each exchange is in the archive's queue before its response goes on.

    `request.meta["archive_metadata"]` (names and values) goes into the WARC's metadata record, and
    `request.meta["capture"]` is set whenever anything was sent, also when the download failed.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        extension = crawler.get_extension(ArchiveExtension)
        if extension is None:
            raise NotConfigured("archive.handler.WireHandler works through archive.addon.ArchiveAddon only.")
        self._pool._factory = WireFactory
        self._writer = extension.writer
        self._guard = extension.guard

    async def download_request(self, request: Request) -> Response:
        """Fetch and archive.

        Raises what Scrapy's handler raises, what the address guard raises, and IgnoreRequest when the
        archive cannot be written: then nothing is sent, or nothing that came goes on.
        """
        request.meta.pop("capture", None)
        await self._wait_for_room()
        self._refuse(request)
        log = WireLog(urldefrag(request.url).url, request.method, self._max_received(request))
        try:
            response = await self._fetch(request, log)
        except Exception as error:
            log.close(error, "length" if log.is_overfull else _cut_by(error))
            self._keep(request, log)
            if log.is_overfull:
                raise DownloadCancelledError(f"More than {log.max_received} octets from {log.url}") from error
            raise
        log.close(cut="length" if "download_stopped" in response.flags else "")
        self._keep(request, log)
        if not has_answer(log):
            raise DownloadFailedError(f"The answer of {log.url} is not HTTP/1.0 or HTTP/1.1")
        return response

    async def _wait_for_room(self) -> None:
        # Only a disk slower than the network makes anyone wait here, so looking again now and then will do.
        while self._writer.is_full:
            await asyncio.sleep(_ROOM_POLL_S)

    def _refuse(self, request: Request) -> None:
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; {request.url} was not asked")
        if request.meta.get("proxy"):
            raise NotSupported(
                f"{request.url} was not asked: through a proxy neither can the guard check nor the "
                "archive witness who answers. Unset http_proxy and https_proxy or set HTTPPROXY_ENABLED=0."
            )

    def _max_received(self, request: Request) -> int:
        max_body: int = request.meta.get("download_maxsize", self._default_maxsize)
        return 2 * max_body + _HEAD_ALLOWANCE if max_body else 0

    async def _fetch(self, request: Request, log: WireLog) -> Response:
        agent = WireAgent(
            log,
            self._guard,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))

    def _keep(self, request: Request, log: WireLog) -> None:
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; the answer of {log.url} is dropped")
        if log.was_sent:
            fields = request.meta.get("archive_metadata", {})
            request.meta["capture"] = self._writer.submit(log, fields)
            if self._crawler.stats:
                self._crawler.stats.inc_value("archive/exchanges")


def _cut_by(error: Exception) -> Cut:
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "length" if isinstance(error, (DownloadCancelledError, StopDownload)) else "disconnect"
