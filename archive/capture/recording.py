"""What every handler that archives does before a request and after it."""

import asyncio
from collections.abc import Collection
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotConfigured,
    NotSupported,
    StopDownload,
)

from archive.capture.extension import ArchiveExtension
from archive.warc.exchange_log import Cut, ExchangeLog

_ROOM_POLL_S = 0.05


class ExchangeRecorder:
    """Lets requests out while the archive can take their answers, and hands exchanges to its writer."""

    def __init__(self, crawler: Crawler) -> None:
        extension = crawler.get_extension(ArchiveExtension)
        if extension is None:
            raise NotConfigured("Archiving handlers work through archive.addon.ArchiveAddon only.")
        self.guard = extension.guard
        self.unverified_hosts: Collection[str] = extension.unverified_hosts
        self._writer = extension.writer
        self._stats = crawler.stats

    async def begin(self, request: Request) -> ExchangeLog:
        """Wait for room in the writer's queue, then begin the log of an exchange.

        IgnoreRequest when the archive cannot be written, NotSupported for a request through a proxy.
        """
        request.meta.pop("capture", None)
        # Only a disk slower than the network makes anyone wait here, so looking again now and then will do.
        while self._writer.is_full:
            await asyncio.sleep(_ROOM_POLL_S)
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; {request.url} was not asked")
        if request.meta.get("proxy"):
            raise NotSupported(
                f"{request.url} was not asked: through a proxy neither can the guard check nor the "
                "archive witness who answers. Unset http_proxy and https_proxy or set HTTPPROXY_ENABLED=0."
            )
        return ExchangeLog(urldefrag(request.url).url, request.method)

    def finish(self, request: Request, log: ExchangeLog) -> None:
        """Queue what passed, if anything did; IgnoreRequest when the archive cannot be written."""
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; the answer of {log.url} is dropped")
        if log.was_sent:
            fields = request.meta.get("archive_metadata", {})
            request.meta["capture"] = self._writer.submit(log, fields)
            if self._stats:
                self._stats.inc_value("archive/exchanges")


def cut_by(error: Exception) -> Cut:
    """Why an answer is not whole, by the exception that ended it."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "length" if isinstance(error, (DownloadCancelledError, StopDownload)) else "disconnect"
