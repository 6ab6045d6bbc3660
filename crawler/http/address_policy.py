"""Which addresses a crawl may connect to: the public internet, and what the operator allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.errors import OperatorError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*")

# Beyond what `is_global` refuses: https://www.iana.org/assignments/iana-ipv4-special-registry
_CLOSED_IPV4 = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments, some clouds' metadata among them
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, deprecated (RFC 7526)
    IPv4Network("168.63.129.16/32"),  # Azure's host: a public address that only the machine itself reaches
)
# https://www.iana.org/assignments/ipv6-unicast-address-assignments: all assigned addresses are in here.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_CLOSED_IPV6 = (
    IPv6Network("2001::/23"),  # protocol assignments: Teredo, ORCHID, benchmarks
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
_NAT64 = IPv6Network("64:ff9b::/96")


class BlockedAddress(IgnoreRequest):
    """The host's address is not public, and ADDRESS_GUARD_ALLOW does not name it."""


@dataclass(frozen=True)
class Allowed:
    """Where a crawl may connect although the address is not public."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]


class AddressGuard:
    """Refuses addresses that are not public; called when a connection begins, for every hop and kind of request."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(parse_allowed(crawler.settings.getlist("ADDRESS_GUARD_ALLOW")))

    def check(self, host: str, address: Address) -> None:
        """BlockedAddress unless the address that `host` resolved to is public or allowed."""
        target = carried_address(address)
        if is_public(target) or _host_name(host) in self._allowed.hosts:
            return
        if any(each in network for network in self._allowed.networks for each in (address, target)):
            return
        raise BlockedAddress(
            f"The host {host} has the address {address}, which is not public. "
            "To fetch from it, name the host or its network in ADDRESS_GUARD_ALLOW."
        )


def parse_allowed(entries: Iterable[str]) -> Allowed:
    """Read ADDRESS_GUARD_ALLOW: host names, addresses and networks; OperatorError names a wrong entry."""
    hosts: set[str] = set()
    networks: list[Network] = []
    for entry in (entry.strip() for entry in entries):
        if network := _network(entry):
            networks.append(network)
        elif _HOST_NAME.fullmatch(name := _host_name(entry)) and not name.rpartition(".")[2].isdigit():
            hosts.add(name)
        elif entry:
            raise OperatorError(
                f"ADDRESS_GUARD_ALLOW names {entry!r}: "
                "give a host name, an address or a network (10.0.0.0/8), without scheme, port or wildcard."
            )
    return Allowed(frozenset(hosts), tuple(networks))


def carried_address(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: Address) -> bool:
    """True for unicast addresses of the public internet."""
    if isinstance(address, IPv4Address):
        closed: tuple[Network, ...] = _CLOSED_IPV4
        is_open = address.is_global and not address.is_multicast
    else:
        closed = _CLOSED_IPV6
        is_open = address in _GLOBAL_IPV6
    return is_open and not any(address in network for network in closed)


def _network(entry: str) -> Network | None:
    try:
        return ip_network(entry) if "/" in entry else ip_network(ip_address(entry))
    except ValueError:
        return None


def _host_name(host: str) -> str:
    """The host as the resolver takes it: lower case, international names in their ASCII form."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # no such name can exist
        return host
