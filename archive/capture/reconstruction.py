"""Archiving without the wire: records made from the request and response objects of another handler.

Used where the bytes cannot be logged: under HTTP/2, with handlers of other projects, and after an upgrade
of Scrapy or Twisted that changed the names that `archive.capture.wire` needs. Metadata records and warcinfo
then say `capture: reconstructed`: header case, order, reason phrase and framing are not the server's.
"""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    NotSupported,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from archive.capture.download_errors import download_error
from archive.capture.guarded_endpoints import AddressGuard, checked_addresses
from archive.capture.recording import ExchangeRecorder, cut_by, cut_of

_UNSENT = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    NotSupported,
    UnsupportedURLSchemeError,
)
"""Errors before which nothing was sent; after any other the request may have been sent and is recorded."""

_LINE_END = re.compile(rb"[\r\n]+")
_FRAMING = (b"content-length", b"transfer-encoding")
_PORTS = {"http": 80, "https": 443}


class ReconstructingHandler(BaseDownloadHandler):
    """Archives what another download handler fetches; `request.meta` is used as by `WireHandler`.

    The address guard checks all addresses of the name before the fetch, and the one that answered after
    it; but the other handler resolves the name itself.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recorder = ExchangeRecorder(crawler)
        self._paths: dict[str, str] = crawler.settings.getdict("ARCHIVE_RECONSTRUCTED")
        self._max_body = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._handlers: dict[str, DownloadHandlerProtocol] = {}

    async def download_request(self, request: Request) -> Response:
        """Fetch and archive; raises what the fetching handler, the guard and `ExchangeRecorder.begin` raise."""
        log = await self._recorder.begin(request)
        guard = self._recorder.guard
        if guard is not None:
            await _check_host(guard, log.url)
        log.begin_reconstructed(request_bytes(request))
        try:
            response = await self._handler(request).download_request(request)
        except Exception as error:
            failure = download_error(error, int(request.meta.get("download_maxsize", self._max_body)))
            if not isinstance(failure, _UNSENT):
                log.close(failure, cut_by(failure))
                self._recorder.finish(request, log)
            raise failure from error
        log.address = response.ip_address
        log.protocol = (response.protocol or "http/1.1").lower()
        log.receive(response_bytes(request, response))
        log.is_loss_accepted = "dataloss" in response.flags
        log.close(cut=cut_of(response.flags))
        self._recorder.finish(request, log)
        if guard is not None and response.ip_address is not None:
            guard.check(urlsplit(log.url).hostname or "", response.ip_address)
        return response

    async def close(self) -> None:
        for handler in self._handlers.values():
            await handler.close()

    def _handler(self, request: Request) -> DownloadHandlerProtocol:
        scheme = urlsplit(request.url).scheme
        if scheme not in self._handlers:
            self._handlers[scheme] = build_from_crawler(load_object(self._paths[scheme]), self.crawler)
        return self._handlers[scheme]


async def _check_host(guard: AddressGuard, url: str) -> None:
    from twisted.internet import reactor

    parts = urlsplit(url)
    port = parts.port or _PORTS[parts.scheme]
    try:
        checking = checked_addresses(reactor, guard, parts.hostname or "", port)
        await maybe_deferred_to_future(Deferred.fromCoroutine(checking))
    except DNSLookupError as error:
        raise CannotResolveHostError(str(error)) from error


def request_bytes(request: Request) -> bytes:
    """The request as an HTTP/1.1 message."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = [] if b"Host" in request.headers else [b"Host: " + parts.netloc.rpartition("@")[2].encode()]
    length = [b"Content-Length: %d" % len(request.body)] if request.body else []
    head = [f"{request.method} {target} HTTP/1.1".encode(), *host, *_field_lines(request.headers), *length]
    return b"\r\n".join([*head, b"", request.body])


def response_bytes(request: Request, response: Response) -> bytes:
    """The response as an HTTP/1.1 message without transfer coding."""
    known = response.status in HTTPStatus._value2member_map_
    phrase = f" {HTTPStatus(response.status).phrase}" if known else " "
    head = [f"HTTP/1.1 {response.status}{phrase}".encode(), *_field_lines(response.headers)]
    if request.method == "HEAD":
        head += [b"Content-Length: " + value for value in response.headers.getlist(b"Content-Length")]
    elif response.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        head.append(b"Content-Length: %d" % len(response.body))
    return b"\r\n".join([*head, b"", response.body])


def _field_lines(headers: Headers) -> list[bytes]:
    """The header fields, one line each, except those of the framing, which is ours."""
    return [
        _LINE_END.sub(b" ", name + b": " + value)
        for name, values in headers.items()
        for value in values
        if name.lower() not in _FRAMING
    ]
