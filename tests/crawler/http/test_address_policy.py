from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Spider
from scrapy.utils.test import get_crawler

from crawler.errors import OperatorError
from crawler.http.address_policy import AddressGuard, BlockedAddress, parse_allowed

PRIVATE_IPV4 = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.0",
    "192.0.0.192",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.0",
    "192.88.99.255",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
PRIVATE_IPV6 = [
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "1fff:ffff::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:1ff:ffff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "8.8.8.8",
    "168.63.129.15",
    "168.63.129.17",
    "192.0.1.0",
    "192.88.98.255",
    "192.88.100.0",
    "2000::1",
    "2001:200::1",
    "3ffe:ffff::1",
    "3fff:1000::1",
    "93.184.216.34",
    "2606:2800:220:1::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


def guard(*allowed: str) -> AddressGuard:
    return AddressGuard(parse_allowed(allowed))


@pytest.mark.parametrize("address", PRIVATE_IPV4 + PRIVATE_IPV6)
def test_an_address_that_is_not_public_is_blocked(address: str) -> None:
    with pytest.raises(BlockedAddress, match="not public"):
        guard().check("news.example", ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    guard().check("news.example", ip_address(address))


@given(st.sampled_from(PRIVATE_IPV4))
def test_an_ipv4_address_is_blocked_in_every_ipv6_form_that_leads_to_it(address: str) -> None:
    number = int(ip_address(address))
    for form in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80 | 1):
        with pytest.raises(BlockedAddress):
            guard().check("news.example", ip_address(form.to_bytes(16)))


def test_an_allowed_host_passes_and_others_at_its_address_do_not() -> None:
    policy = guard("Newsroom.example.", "bücher.example")
    for host in ("newsroom.example", "NEWSROOM.example", "newsroom.example.", "xn--bcher-kva.example"):
        policy.check(host, ip_address("127.0.0.1"))
    for host in ("evil-newsroom.example", "a.newsroom.example", "newsroom.example.evil.example", "127.0.0.1"):
        with pytest.raises(BlockedAddress):
            policy.check(host, ip_address("127.0.0.1"))


def test_an_allowed_network_passes_for_every_host_and_form() -> None:
    policy = guard("127.0.0.0/8", "10.1.2.3", "fd00::/8")
    for address in ("127.0.0.1", "127.9.9.9", "::ffff:127.0.0.1", "10.1.2.3", "fd12::1"):
        policy.check("news.example", ip_address(address))
    for address in ("10.1.2.4", "::1", "fe80::1"):
        with pytest.raises(BlockedAddress):
            policy.check("news.example", ip_address(address))


@pytest.mark.parametrize(
    "entry",
    [
        "http://news.example",
        "127.0.0.1:80",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "300.1.2.3",
        "1.2.3",
        "*.example",
        "a b",
        "[::1]",
        "-a.example",
        "a..example",
        f"{'a' * 64}.example",
        f"a.{'b' * 64}",
    ],
)
def test_a_wrong_entry_is_refused_by_name(entry: str) -> None:
    with pytest.raises(OperatorError, match="ADDRESS_GUARD_ALLOW names") as refusal:
        parse_allowed(["localhost", entry])
    assert repr(entry) in str(refusal.value)


@pytest.mark.parametrize(
    "host", [f"{'a' * 63}.{'b' * 63}", "a-.example", "_dmarc.example", "10.example", " tarn "]
)
def test_a_name_as_long_as_names_may_be_is_allowed(host: str) -> None:
    assert parse_allowed([host]).hosts == {host.strip()}


def test_a_name_that_cannot_exist_is_no_allowed_one() -> None:
    with pytest.raises(BlockedAddress, match=f"The host {64 * 'ü'} "):
        guard("news.example").check("ü" * 64, ip_address("127.0.0.1"))


def test_the_setting_is_read_as_a_list_or_as_text() -> None:
    for value in (["localhost", "10.0.0.0/8"], "localhost, 10.0.0.0/8,"):
        crawler = get_crawler(Spider, {"ADDRESS_GUARD_ALLOW": value})
        policy = AddressGuard.from_crawler(crawler)
        policy.check("localhost", ip_address("127.0.0.1"))
        policy.check("news.example", ip_address("10.0.0.1"))
