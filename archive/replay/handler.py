"""Answers requests from an archive: one archived run again, without opening a socket."""

import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive.errors import NotArchived
from archive.replay.archived_run import ArchivedRun, Unanswered
from archive.replay.captures import ArchivedCapture
from archive.replay.failures import failure_of
from archive.replay.input_paths import expand_paths
from archive.warc.http import header_fields

logger = logging.getLogger(__name__)

# Twisted removes these (twisted.web._newclient.HTTPParser), so no live response has them.
_CONNECTION_FIELDS = frozenset(
    b"connection content-length keep-alive proxy-connection te trailers transfer-encoding upgrade".split()
)
# The archived framing of a chunked answer; in lower case the Wayback Machine itself sends such fields.
_ORIGINAL_CODING = re.compile(rb"X-Archive-Orig-(?i:transfer-encoding|content-length)$")


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
        failure = failure_of(capture.metadata, cut)
        if failure is not None or isinstance(capture, Unanswered):
            raise failure or DownloadFailedError("archived without an answer")
        return _response(capture, url)

    async def close(self) -> None:
        self._run.close()


_runs: WeakKeyDictionary[Crawler, ArchivedRun] = WeakKeyDictionary()


def _response(capture: ArchivedCapture, url: str) -> Response:
    fields = [(field.name, field.value) for field in header_fields(capture.head)]
    is_chunked = any(
        _ORIGINAL_CODING.match(name) or name.lower() == b"transfer-encoding" for name, _ in fields
    )
    headers = Headers()
    for name, value in fields:
        if name.lower() not in _CONNECTION_FIELDS and not _ORIGINAL_CODING.match(name):
            headers.appendlist(name, value)
    length = _length(capture, fields, is_chunked)
    if length:
        headers.setlist(b"Content-Length", length)
    return make_response(
        url=url,
        status=capture.status,
        headers=headers,
        body=capture.body,
        # Twisted's word for a body that ends with the connection.
        flags=None if length or is_chunked else ["partial"],
        ip_address=_address(capture.ip_address),
        protocol=capture.head.split(maxsplit=1)[0].decode("latin-1"),
    )


def _length(capture: ArchivedCapture, fields: Sequence[tuple[bytes, bytes]], is_chunked: bool) -> list[bytes]:
    """Content-Length as a live response has it: as Twisted reads it, 0 if there can be no body."""
    lengths = [value for name, value in fields if name.lower() == b"content-length"]
    if capture.method == "HEAD":
        return lengths or [b"0"]
    if capture.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        return [b"0"]
    return [] if is_chunked else [value.partition(b",")[0].strip() for value in lengths[:1]]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
