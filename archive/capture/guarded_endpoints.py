"""The address guard: a name is resolved once, all its addresses are checked, and only they are connected to.

The class that the setting ADDRESS_GUARD names decides which addresses are refused.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Protocol

from twisted.internet.address import IPv4Address as TxIPv4Address
from twisted.internet.address import IPv6Address as TxIPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import (
    IAddress,
    IHostResolution,
    IProtocol,
    IProtocolFactory,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.web.client import URI
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import directlyProvides, implementer, providedBy


class AddressGuard(Protocol):
    """Decides to which addresses a crawl may connect."""

    def check(self, host: str, address: IPv4Address | IPv6Address) -> None:
        """Raise an exception if the crawl may not connect to `host`, which resolved to `address`.

        IPv4-mapped IPv6 addresses (`::ffff:127.0.0.1`) are given as IPv4: the connection is to that address.
        """
        ...


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """Makes the endpoint of each URL of one agent, with the guard if there is one."""

    def __init__(
        self,
        reactor: Any,
        tls_policy: Any,
        guard: AddressGuard | None,
        timeout_s: float,
        bind_address: tuple[str, int] | None,
    ) -> None:
        self.reactor = reactor
        self.tls_policy = tls_policy
        self.guard = guard
        self.timeout_s = timeout_s
        self.bind_address = bind_address

    def endpointForURI(self, uri: URI) -> Any:
        """TCP for http, TLS over TCP for https; the handler gets no other scheme."""
        endpoint: Any = GuardedEndpoint(self, uri.host.decode("ascii"), uri.port)
        if uri.scheme == b"https":
            return wrapClientTLS(self.tls_policy.creatorForNetloc(uri.host, uri.port), endpoint)
        return endpoint


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """Connects to a host if the guard accepts all its addresses."""

    def __init__(self, endpoints: GuardedEndpoints, host: str, port: int) -> None:
        self.endpoints = endpoints
        self.host = host
        self.port = port

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        """Resolve, check, connect; an exception of the guard is passed on unchanged."""
        return Deferred.fromCoroutine(self._connect(protocolFactory))

    async def _connect(self, factory: IProtocolFactory) -> IProtocol:
        reactor = self.endpoints.reactor
        addresses = await checked_addresses(reactor, self.endpoints.guard, self.host, self.port)
        endpoint = HostnameEndpoint(
            _ResolvedReactor(reactor, addresses),
            self.host,
            self.port,
            self.endpoints.timeout_s,
            self.endpoints.bind_address,
        )
        return await endpoint.connect(factory)


async def checked_addresses(reactor: Any, guard: AddressGuard | None, host: str, port: int) -> list[Any]:
    """All addresses of a host, each accepted by the guard; an exception of the guard is passed on unchanged."""
    addresses = await resolve(reactor, host, port)
    if guard is not None:
        for address in addresses:
            guard.check(host, _real_address(address))
    return addresses


def resolve(reactor: Any, host: str, port: int) -> Deferred[list[Any]]:
    """All addresses of a host from the reactor's resolver, or of an IP literal; DNSLookupError if there are none."""
    resolved: Deferred[list[Any]] = Deferred()
    literal = _literal(host)
    if literal is not None:
        kind = TxIPv6Address if isinstance(literal, IPv6Address) else TxIPv4Address
        resolved.callback([kind("TCP", str(literal), port)])
        return resolved
    try:
        host.encode(
            "idna"
        )  # getaddrinfo does it too, in a thread, from where Twisted tells nobody that it failed
        reactor.nameResolver.resolveHostName(_Receiver(resolved, host), host, portNumber=port)
    except UnicodeError:
        resolved.errback(DNSLookupError(f"{host!r} is not a host name"))
    return resolved


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _real_address(address: Any) -> IPv4Address | IPv6Address:
    parsed = ip_address(address.host)
    return getattr(parsed, "ipv4_mapped", None) or parsed


@implementer(IResolutionReceiver)
class _Receiver:
    """Collects the addresses of one resolution."""

    def __init__(self, resolved: Deferred[list[IAddress]], host: str) -> None:
        self.resolved = resolved
        self.host = host
        self.addresses: list[IAddress] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        pass

    def addressResolved(self, address: IAddress) -> None:
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        if self.addresses:
            self.resolved.callback(self.addresses)
        else:
            self.resolved.errback(DNSLookupError(f"no address for {self.host}"))


class _ResolvedReactor:
    """The reactor for an endpoint after the check: every name resolves to the checked addresses only.

    If the name were resolved again, a hostile name server could give another address (DNS rebinding).
    """

    def __init__(self, reactor: Any, addresses: Sequence[IAddress]) -> None:
        self._reactor = reactor
        self._addresses = addresses
        self.nameResolver = self
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def resolveHostName(self, receiver: Any, name: str, portNumber: int = 0) -> None:
        for address in self._addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()
