"""What every archiving handler does before and after a request."""

import asyncio
from collections.abc import Collection, Iterable, Mapping

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
from archive.warc.response import read_message
from archive.warc.secrets import ECHOES, MASKED, Secrets
from archive.warc.target_uri import without_credentials

SECRETS = "archive_secrets"
"""In the `meta` of a request: `archive.warc.secrets.Secrets`, what its record may not hold."""

_ROOM_POLL_S = 0.05
_CUTS: Mapping[str, Cut] = {"download_stopped": "length", "dataloss": "disconnect"}


class ExchangeRecorder:
    """Lets a request begin while the archive can take its answer, and gives the exchange to the writer."""

    def __init__(self, crawler: Crawler) -> None:
        extension = crawler.get_extension(ArchiveExtension)
        if extension is None:
            raise NotConfigured("Archiving handlers work through archive.addon.ArchiveAddon only.")
        self.guard = extension.guard
        self.unverified_hosts: Collection[str] = extension.unverified_hosts
        self.coding = extension.collection.coding
        """How chunked answers are stored."""
        self._writer = extension.writer
        self._stats = crawler.stats

    async def begin(self, request: Request) -> ExchangeLog:
        """Wait for room in the writer's queue; returns the log of a new exchange.

        IgnoreRequest if the archive cannot be written, NotSupported for a request through a proxy.
        """
        request.meta.pop("capture", None)
        # Only a disk slower than the network makes a request wait here, so polling is enough.
        while self._writer.is_full:
            await asyncio.sleep(_ROOM_POLL_S)
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; {request.url} was not fetched")
        if request.meta.get("proxy"):
            raise NotSupported(
                f"{request.url} was not fetched: behind a proxy the guard cannot check which server answers, "
                "and the archive cannot prove it. Unset http_proxy and https_proxy or set HTTPPROXY_ENABLED=0."
            )
        log = ExchangeLog(without_credentials(request.url.partition("#")[0]), request.method)
        secrets: Secrets | None = request.meta.get(SECRETS)
        log.masks = secrets.mask if secrets else None
        return log

    def queued_bytes(self) -> int:
        """How many bytes wait to be written."""
        return self._writer.queued_bytes

    def finish(self, request: Request, log: ExchangeLog) -> None:
        """Queue the exchange if the request was sent; IgnoreRequest if the archive cannot be written."""
        if self._writer.failure is not None:
            raise IgnoreRequest(f"The archive cannot be written; the answer of {log.url} is dropped")
        if log.was_sent:
            fields = request.meta.get("archive_metadata", {})
            if secrets := request.meta.get(SECRETS):
                fields = request.meta["archive_metadata"] = {**fields, **_notes_of_secrets(secrets, log)}
            request.meta["capture"] = self._writer.submit(log, fields)
            if self._stats:
                self._stats.inc_value("archive/exchanges")


def _notes_of_secrets(secrets: Secrets, log: ExchangeLog) -> dict[str, str]:
    message = read_message(log)
    echo = secrets.echo_in(message) if message else ""
    return {MASKED: ", ".join(secrets.fields)} | ({ECHOES: echo} if echo else {})


def cut_by(error: Exception) -> Cut:
    """Why an answer is not whole, from the exception that ended it."""
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "length" if isinstance(error, (DownloadCancelledError, StopDownload)) else "disconnect"


def cut_of(flags: Iterable[str]) -> Cut:
    """Why an answer is not whole, from the flags of Scrapy's response."""
    return next((_CUTS[flag] for flag in flags if flag in _CUTS), "")
