"""The download handler that archives every exchange, also failures, robots.txt and redirects."""

import logging
from copy import copy
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future

from archive.capture.recording import ExchangeRecorder, cut_by
from archive.capture.wire import WireAgent, WireFactory
from archive.warc.exchange_log import ExchangeLog
from archive.warc.response import has_answer

_HEAD_ALLOWANCE = 1024 * 1024
_scrapy_logger = logging.getLogger(HTTP11DownloadHandler.__module__)

_TOO_LARGE = "is larger than download max size ("
"""A warning of Scrapy's that is routine here: the record says that it was cut, and the errback gets the error."""


class _Demotion(logging.Filter):
    """Lets Scrapy report answers over the size limit at debug level."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _TOO_LARGE in record.getMessage():
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"
        return True


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler; each exchange is in the archive's queue before its response is passed on.

    `request.meta["archive_metadata"]` (names and values) goes into the metadata record, and
    `request.meta["capture"]` is set if the request was sent, also when the download failed.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recorder = ExchangeRecorder(crawler)
        self._pool._factory = WireFactory
        self._lenient_factory = copy(self._contextFactory)
        self._lenient_factory._verify_certificates = False
        self._demotion = _Demotion()
        _scrapy_logger.addFilter(self._demotion)

    async def download_request(self, request: Request) -> Response:
        """Fetch and archive.

        Raises what Scrapy's handler and the address guard raise, and IgnoreRequest if the archive cannot be
        written: then nothing is sent, or the response is dropped.
        """
        log = await self._recorder.begin(request)
        log.max_received = self._max_received(request)
        log.is_unverified = self._is_unverified(request.url)
        try:
            response = await self._fetch(request, log)
        except Exception as error:
            log.close(error, "length" if log.is_overfull else cut_by(error))
            self._recorder.finish(request, log)
            if log.is_overfull:
                raise DownloadCancelledError(f"More than {log.max_received} bytes from {log.url}") from error
            raise
        log.close(cut="length" if "download_stopped" in response.flags else "")
        self._recorder.finish(request, log)
        if not has_answer(log):
            raise DownloadFailedError(f"The answer of {log.url} is not HTTP/1.0 or HTTP/1.1")
        return response

    async def close(self) -> None:
        _scrapy_logger.removeFilter(self._demotion)
        await super().close()

    def _max_received(self, request: Request) -> int:
        max_body: int = request.meta.get("download_maxsize", self._default_maxsize)
        return 2 * max_body + _HEAD_ALLOWANCE if max_body else 0

    def _is_unverified(self, url: str) -> bool:
        """Whether the operator accepts any certificate of this host."""
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.hostname in self._recorder.unverified_hosts

    async def _fetch(self, request: Request, log: ExchangeLog) -> Response:
        agent = WireAgent(
            log,
            self._recorder.guard,
            contextFactory=self._lenient_factory if log.is_unverified else self._contextFactory,
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
