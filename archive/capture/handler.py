"""The download handler that archives every exchange, also failures, robots.txt and redirects."""

import logging
from copy import copy
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future

from archive.capture.download_errors import download_error
from archive.capture.inflow import Clock, Inflow
from archive.capture.recording import ExchangeRecorder, cut_by, cut_of
from archive.capture.wire import WireAgent, WireFactory
from archive.replay.failures import is_decided_by_head
from archive.replay.scrapy_responses import response_of
from archive.warc.exchange_log import ExchangeLog
from archive.warc.response import Message, read_message

_HEAD_ALLOWANCE = 1024 * 1024
_scrapy_logger = logging.getLogger(HTTP11DownloadHandler.__module__)

_BROKEN_OFF = (DownloadFailedError, DownloadTimeoutError, ResponseDataLossError)
"""Ends of a connection after which what has come may still be a whole answer."""

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
    `request.meta["capture"]` is set if the request was sent, also when the download failed. What the spider archives
    itself, record by record, it requests with `request.meta["archive_nothing"]`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recorder = ExchangeRecorder(crawler)
        self._pool._factory = WireFactory
        self._lenient_factory = copy(self._contextFactory)
        self._lenient_factory._verify_certificates = False
        self._inflow = Inflow(_reactor(), self._recorder.queued_bytes)
        self._demotion = _Demotion()
        _scrapy_logger.addFilter(self._demotion)

    async def download_request(self, request: Request) -> Response:
        """Fetch and archive.

        Raises Scrapy's exceptions of failed downloads, each with a sentence, and what the address guard raises;
        IgnoreRequest if the archive cannot be written: then nothing is sent, or the response is dropped.
        """
        log = await self._recorder.begin(request)
        log.max_received = self._max_received(request)
        log.is_unverified = self._is_unverified(request.url)
        certificate, error = None, None
        try:
            certificate = await self._fetch(request, log)
        except Exception as raised:
            error = download_error(raised, self._max_body(request))
            log.close(cut="length" if log.is_overfull else cut_by(error))
        answer = self._archived(request, log, certificate, error)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _archived(
        self, request: Request, log: ExchangeLog, certificate: Any, error: Exception | None
    ) -> Response | Exception:
        """The response, or why there is none, of an exchange that has ended and goes to the archive.

        Not raised here: the traceback would keep the body for as long as anyone keeps the error.
        """
        message = read_message(log)
        failure = self._failure(request, log, message, error)
        if failure is not None:
            log.fail(failure)
        log.settle(message and message.to_store(self._recorder.coding))
        if request.meta.get("archive_nothing"):
            log.forget()
        else:
            self._recorder.finish(request, log)
        if failure is not None:
            return failure
        assert message is not None
        response = response_of(
            url=log.url,
            method=log.method,
            head=message.head,
            body=message.body.payload,
            cut=message.cut,
            ip_address=log.address,
            certificate=certificate,
        )
        self._inflow.hold(response)
        return response

    def _failure(
        self, request: Request, log: ExchangeLog, message: Message | None, error: Exception | None
    ) -> Exception | None:
        """Why the answer cannot be used; None if it can, whatever became of the connection."""
        if log.is_overfull:
            return DownloadCancelledError(f"The answer is larger than {log.max_received} bytes")
        if message is None:
            return error or DownloadFailedError("The server sent no answer")
        if error is not None and not isinstance(error, _BROKEN_OFF):
            return error
        if not message.cut or is_decided_by_head(message.status):
            return None
        if message.cut != "disconnect":
            return error
        if not request.meta.get("download_fail_on_dataloss", self._fail_on_dataloss):
            log.is_loss_accepted = True
            return None
        return ResponseDataLossError(f"The answer is incomplete: {message.flaw}")

    async def close(self) -> None:
        _scrapy_logger.removeFilter(self._demotion)
        await super().close()

    def _max_body(self, request: Request) -> int:
        return int(request.meta.get("download_maxsize", self._default_maxsize))

    def _max_received(self, request: Request) -> int:
        max_body = self._max_body(request)
        return 2 * max_body + _HEAD_ALLOWANCE if max_body else 0

    def _is_unverified(self, url: str) -> bool:
        """Whether the operator accepts any certificate of this host."""
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.hostname in self._recorder.unverified_hosts

    async def _fetch(self, request: Request, log: ExchangeLog) -> Any:
        """Fill and close the log; returns the server's certificate.

        Scrapy's own response is let go: the log has all bytes, and no body should lie in memory twice.
        """
        agent = WireAgent(
            log,
            self._recorder.guard,
            contextFactory=self._lenient_factory if log.is_unverified else self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=False,  # what is missing, and whether it matters, is seen from the bytes
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        stream = self._inflow.begin(agent.suspend_timeout)
        log.on_received = stream.received
        try:
            response = await maybe_deferred_to_future(agent.download_request(request))
        finally:
            stream.end()
        log.close(cut=cut_of(response.flags))
        return response.certificate


def _reactor() -> Clock:
    from twisted.internet import reactor

    return cast(Clock, reactor)
