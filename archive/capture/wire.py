"""Twisted connections that log every byte they send and receive.

All private names of Scrapy and Twisted that capture needs are used in this folder and in `archive.replay`;
`archive.capture.scrapy_internals` lists them; if one of them disappears, `archive.capture.reconstruction` takes
over, and a test fails.
"""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from ipaddress import ip_address
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.http import Headers
from scrapy.utils._download_handlers import normalize_bind_address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IHandshakeListener
from twisted.web.client import Agent, HTTPConnectionPool
from zope.interface import directlyProvides, implementer, providedBy

from archive.capture.answer_parser import AnswerParser
from archive.capture.guarded_endpoints import AddressGuard, GuardedEndpoints
from archive.replay.scrapy_responses import headers_of
from archive.warc.exchange_log import ExchangeLog, TlsSession

_VERY_LONG_S = 24 * 3600.0


def request_target(url: str) -> str:
    """The target of a request in origin form (RFC 9112, 3.2.1)."""
    rest = url.partition("://")[2]
    authority = re.match("[^/?]*", rest)
    target = rest[authority.end() :] if authority else ""
    return target if target.startswith("/") else f"/{target}"


class WireAgent(_ScrapyAgent):
    """Scrapy's client for one request, over guarded and logged connections."""

    def __init__(
        self, log: ExchangeLog, guard: AddressGuard | None, pool: HTTPConnectionPool, **arguments: Any
    ) -> None:
        super().__init__(pool=pool, **arguments)
        self._connections = pool
        self._log = log
        self._guard = guard

    def suspend_timeout(self) -> Callable[[], object]:
        """Let no time count for the request; the function that is returned ends that."""
        end: Any = self._timeout_cl
        suspended = end.seconds()
        end.delay(_VERY_LONG_S)
        return lambda: end.active() and end.delay(-_VERY_LONG_S + end.seconds() - suspended)

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor

        bind_address = normalize_bind_address(request.meta.get("bindaddress") or self._bindAddress)
        endpoints = GuardedEndpoints(reactor, self._contextFactory, self._guard, timeout, bind_address)
        connections = _LoggedConnections(self._connections, self._log, bind_address)
        agent: Agent = Agent.usingEndpointFactory(reactor, endpoints, connections)  # type: ignore[no-untyped-call]
        return agent

    def _cb_bodyready(self, txresponse: Any, request: Request) -> Any:
        ready = super()._cb_bodyready(txresponse, request)
        if (reader := getattr(txresponse, "_bodyProtocol", None)) is not None:
            reader._bodybuf = _Unkept()
        return ready

    @staticmethod
    def _headers_from_twisted_response(response: Any) -> Headers:
        """What Scrapy tells of the head before the body comes: Twisted has no place for odd names."""
        return headers_of(response.answer_head, response.request.method.decode("ascii"))


class _Unkept(BytesIO):
    """Keeps nothing: the log has the body already."""

    def write(self, data: Any, /) -> int:
        return len(data)


class WireFactory(_LenientHTTP11ClientFactory):
    """Builds the connections of a pool."""

    def buildProtocol(self, addr: IAddress | None) -> "WireProtocol":
        return WireProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


@implementer(IHandshakeListener)
class WireProtocol(_LenientHTTP11ClientProtocol):
    """A connection that fills the log of the request it serves."""

    transport: Any
    log: ExchangeLog | None = None
    tls: TlsSession | None = None
    _parser: Any

    def makeConnection(self, transport: Any) -> None:
        super().makeConnection(_Tap(transport, self._sent))  # type: ignore[no-untyped-call]

    def handshakeCompleted(self) -> None:
        connection = self.transport.getHandle()
        self.tls = TlsSession(connection.get_protocol_version_name(), connection.get_cipher_name())
        if self.log is not None:
            self.log.tls = self.tls

    def request(self, request: Any) -> Deferred[Any]:
        self.log = request.exchange_log
        self.log.begin(ip_address(self.transport.getPeer().host), self.tls)
        answered = super().request(request)
        if self._parser is not None:
            # As Scrapy itself does: Twisted leaves no other way to put a parser of one's own into its place.
            self._parser.__class__ = AnswerParser
            self._parser.begin(self.log)
        return answered

    def dataReceived(self, data: bytes) -> None:
        if self.log is not None:
            self.log.receive(data)
            if self.log.is_overfull:
                # Endless heads, 1xx answers and chunk extensions are not stopped by a limit on the body.
                self.transport.abortConnection()
                return
            if self.log.on_received is not None:
                self.log.on_received(len(data), self.transport)
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _sent(self, data: bytes) -> None:
        if self.log is not None:
            self.log.sent += data


class _Tap:
    """A transport that reports what is sent through it."""

    def __init__(self, transport: Any, sent: Callable[[bytes], None]) -> None:
        self._transport = transport
        self._sent = sent
        directlyProvides(self, providedBy(transport))

    def write(self, data: bytes) -> None:
        self._sent(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _LoggedConnections:
    """The pool of one agent: its connections know the log of the agent's request."""

    def __init__(
        self, pool: HTTPConnectionPool, log: ExchangeLog, bind_address: tuple[str, int] | None
    ) -> None:
        self.persistent = pool.persistent
        self._pool = pool
        self._log = log
        self._bind_address = bind_address

    def getConnection(self, key: tuple[Any, ...], endpoint: Any) -> Deferred[Any]:
        # Connections from different local addresses are not interchangeable.
        connected: Deferred[Any] = self._pool.getConnection((*key, self._bind_address), endpoint)
        return connected.addCallback(_LoggedConnection, self._log)


class _LoggedConnection:
    """A connection that attaches the log to its request, so that a repetition by Twisted has it too."""

    def __init__(self, connection: Any, log: ExchangeLog) -> None:
        self._connection = connection
        self._log = log

    def request(self, request: Any) -> Deferred[Any]:
        request.exchange_log = self._log
        # As it was asked for: Twisted would leave out an empty query and an empty parameter (`/a?`, `/a;`).
        request.uri = request_target(self._log.url).encode()
        answered: Deferred[Any] = self._connection.request(request)
        return answered
