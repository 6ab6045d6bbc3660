from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address as TxIPv4Address
from twisted.internet.address import IPv6Address as TxIPv6Address

from tests.support.archived_crawls import fetch
from tests.support.crawls import reactor_loop
from tests.support.origin import Answer, Origin, serve

HELLO = Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


class Blocked(Exception):
    pass


class PublicOnly:
    """A policy as strict as a crawl of the web needs; notes what it checked."""

    checked: ClassVar[list[tuple[str, str]]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        cls.checked.clear()
        return cls()

    def check(self, host: str, address: IPv4Address | IPv6Address) -> None:
        self.checked.append((host, str(address)))
        if not address.is_global:
            raise Blocked(f"{host} is {address}")


class AllowLoopback(PublicOnly):
    def check(self, host: str, address: IPv4Address | IPv6Address) -> None:
        if not address.is_loopback:
            super().check(host, address)


class TableResolver:
    """A name server that gives each answer in turn, the last for ever."""

    def __init__(self, table: dict[str, list[list[str]]]) -> None:
        self.table = table
        self.queried: list[str] = []

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0) -> None:
        self.queried.append(hostName)
        answers = self.table[hostName]
        for address in answers[min(self.queried.count(hostName), len(answers)) - 1]:
            kind = TxIPv6Address if ":" in address else TxIPv4Address
            receiver.addressResolved(kind("TCP", address, portNumber))
        receiver.resolutionComplete()


@pytest.fixture
def resolver() -> Iterator[TableResolver]:
    """The reactor asks this name server as long as the test runs."""
    table = TableResolver(
        {
            "private.example": [["10.0.0.1"]],
            "mixed.example": [["93.184.215.14", "127.0.0.1"]],
            "six.example": [["fd00::1"]],
            "rebinding.example": [["127.0.0.1"], ["10.0.0.1"]],
            "nowhere.example": [[]],
        }
    )
    reactor_loop()
    from twisted.internet import reactor

    previous = reactor.installNameResolver(table)
    yield table
    reactor.installNameResolver(previous)


def fetch_guarded(folder: Path, url: str, guard: type, **settings: Any) -> Any:
    spider = fetch(folder, [Request(url)], ADDRESS_GUARD=f"{__name__}.{guard.__name__}", **settings)
    (fetched,) = spider.fetched.values()
    return fetched


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "0",
    ],
)
def test_loopback_is_refused_however_it_is_spelled(tmp_path: Path, host: str) -> None:
    with serve({"/": HELLO}) as origin:
        fetched = fetch_guarded(tmp_path, origin.url("/", host), PublicOnly)

        assert type(fetched.error) is Blocked
        assert not origin.read
    assert "capture" not in fetched.meta
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("host", ["private.example", "mixed.example", "six.example"])
def test_a_name_is_refused_if_any_of_its_addresses_is_private(
    tmp_path: Path, resolver: TableResolver, host: str
) -> None:
    fetched = fetch_guarded(tmp_path, f"http://{host}/", PublicOnly)

    assert type(fetched.error) is Blocked
    assert resolver.queried == [host]


def test_the_address_in_ipv6_clothes_is_checked_as_ipv4(tmp_path: Path) -> None:
    fetch_guarded(tmp_path, "http://[::ffff:127.0.0.1]:9/", PublicOnly)

    assert PublicOnly.checked == [("::ffff:127.0.0.1", "127.0.0.1")]


def test_what_the_guard_allows_is_fetched(tmp_path: Path) -> None:
    with serve({"/": HELLO}) as origin:
        fetched = fetch_guarded(tmp_path, origin.url("/"), AllowLoopback)

    assert fetched.response.body == b"hi"


def test_the_checked_address_is_the_one_connected_to(tmp_path: Path, resolver: TableResolver) -> None:
    # The second answer of this name server would be refused: there must be no second question.
    with serve({"/": HELLO}) as origin:
        fetched = fetch_guarded(tmp_path, origin.url("/", "rebinding.example"), AllowLoopback)

    assert fetched.response.body == b"hi"
    assert resolver.queried == ["rebinding.example"]


def test_a_redirect_is_checked_like_any_request(tmp_path: Path) -> None:
    target = "http://2130706433:9/"
    with serve(
        {"/": Answer(f"HTTP/1.1 302 Go\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())}
    ) as origin:
        fetched = fetch_guarded(tmp_path, origin.url("/"), OnlyThatOrigin, REDIRECT_ENABLED=True)

    assert type(fetched.error) is Blocked


class OnlyThatOrigin(PublicOnly):
    """Lets pass the host as the origin's URL spells it."""

    def check(self, host: str, address: IPv4Address | IPv6Address) -> None:
        if host != "127.0.0.1":
            super().check(host, address)


@pytest.mark.usefixtures("resolver")
def test_a_name_without_address_fails_as_without_a_guard(tmp_path: Path) -> None:
    fetched = fetch_guarded(tmp_path, "http://nowhere.example/", PublicOnly)

    assert type(fetched.error).__name__ == "CannotResolveHostError"


@pytest.mark.parametrize("url", ["file:///etc/hostname", "data:,x", "ftp://127.0.0.1/x", "s3://bucket/key"])
def test_other_schemes_than_http_are_not_fetched(tmp_path: Path, url: str) -> None:
    fetched = fetch_guarded(tmp_path, url, AllowLoopback)

    assert type(fetched.error).__name__ == "NotSupported"


def test_one_connection_serves_many_requests(tmp_path: Path) -> None:
    def paths(origin: Origin) -> list[Request]:
        return [Request(origin.url(path)) for path in ("/a", "/b", "/c")]

    with serve(dict.fromkeys(("/a", "/b", "/c"), HELLO)) as origin:
        guard = f"{__name__}.CountChecks"
        fetch(tmp_path, paths(origin), ADDRESS_GUARD=guard, CONCURRENT_REQUESTS=1)

    assert len(CountChecks.checked) == 1


class CountChecks(PublicOnly):
    def check(self, host: str, address: IPv4Address | IPv6Address) -> None:
        self.checked.append((host, str(address)))


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "news..example", ".example"])
def test_a_name_that_nobody_can_look_up_fails_at_once(tmp_path: Path, host: str) -> None:
    fetched = fetch_guarded(tmp_path, f"http://{host}/", PublicOnly)

    assert "is not a host name" in str(fetched.error)
