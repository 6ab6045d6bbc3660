"""What a URL is by itself, and where those of a page start."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring
from scrapy import Request

from crawler.http.urls import (
    base_url,
    host_name,
    is_same_host,
    is_same_site,
    is_web_url,
)
from tests.support.listings import URL


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("", URL),
        ("<base target=_blank>", URL),
        ("<base href=/en/>", "https://www.tarn-courier.example/en/"),
        ("<base href=//cdn.tarn.example/a/><base href=/b/>", "https://cdn.tarn.example/a/"),
        ("<base href=javascript:x>", URL),
        ("<base target=_blank><base href=/fr/>", "https://www.tarn-courier.example/fr/"),
        ("<base href='\\en\\2024\\'>", "https://www.tarn-courier.example/en/2024/"),
        ("<base href=' ../sport/ '>", "https://www.tarn-courier.example/sport/"),
        ("<base href=https://reader:Geheim@en.tarn.example/>", "https://en.tarn.example/"),
        ("<base href=''>", URL),
    ],
)
def test_a_page_may_say_where_its_addresses_start(head: str, base: str) -> None:
    assert base_url(document_fromstring(f"<head>{head}</head><p>x"), URL) == base


@pytest.mark.parametrize(
    "url",
    [
        "http://marisol.example",
        "HTTPS://marisol.example:8080/a?b#c",
        "http://192.0.2.1/",
        "http://[2001:db8::1]/",
        "https://مارسول.example/",
    ],
)
def test_web_urls_are_recognised(url: str) -> None:
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "marisol.example/a",
        "//marisol.example/a",
        "https:/a",
        "http://:80/",
        "http://[marisol/",
        "http://marisol.example:99999/",
        "http://marisol.example:http/",
        "http://marisol.example/\ud800",
        "file:///etc/passwd",
        "ftp://marisol.example/",
        "javascript:alert(1)",
        "data:text/html,a",
        "mailto:redaction@marisol.example",
    ],
)
def test_other_urls_are_none_of_the_web(url: str) -> None:
    assert not is_web_url(url)


@given(
    st.from_regex(r"https?://[^/]{0,12}(/.{0,8})?", fullmatch=True)
    | st.text(st.characters(exclude_categories=())).map("http://marisol.example".__add__)
)
def test_every_web_url_makes_a_request(url: str) -> None:
    if is_web_url(url):
        assert urlsplit(Request(url).url).scheme in ("http", "https")


@pytest.mark.parametrize(
    ("url", "is_same"),
    [
        ("http://www.tarn.example/", True),
        ("https://tarn.example/", True),
        ("https://ar.tarn.example/", True),
        ("https://example/", True),
        ("https://film.tarn.example/", True),
        ("https://m.tarn.example/", True),
        ("https://nottarn.example/", False),
        ("https://tarn.example.org/", False),
        ("https://www.tarn.example:8080/", False),
        ("https://127.0.0.1/", False),
    ],
)
def test_a_site_is_its_host_with_those_above_and_below(url: str, is_same: bool) -> None:
    assert is_same_site(url, "https://www.tarn.example/world") is is_same


def test_ports_tell_local_sites_apart() -> None:
    assert is_same_site("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/")
    assert not is_same_site("http://127.0.0.1:8002/a", "http://127.0.0.1:8001/")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://Marisol.example/a", "marisol.example"),
        ("https://marisol.example:443/", "marisol.example"),
        ("http://marisol.example:80/", "marisol.example"),
        ("http://marisol.example:443/", "marisol.example:443"),
        ("http://reader:secret@marisol.example:8080/", "marisol.example:8080"),
        ("ftp://marisol.example/", None),
        ("http://marisol.example:0/", None),
        ("http://marisol.example:65536/", None),
    ],
)
def test_a_host_is_named_with_its_port_unless_it_is_the_usual_one(url: str, name: str | None) -> None:
    assert host_name(url) == name


@pytest.mark.parametrize(
    ("url", "is_same"),
    [
        ("https://marisol.example/b", True),
        ("http://www.marisol.example/b", True),
        ("https://www2.marisol.example/b", True),
        ("https://mobile.marisol.example/b", True),
        ("https://fr.marisol.example/b", False),
        ("https://marisol.example:8443/b", False),
        ("https://tarn.example/b", False),
    ],
)
def test_a_host_serves_its_forms_and_no_other_host(url: str, is_same: bool) -> None:
    assert is_same_host(url, "https://marisol.example/a") is is_same
    assert is_same_host("https://marisol.example/a", url) is is_same


def test_domains_that_are_called_like_a_form_are_hosts_of_their_own() -> None:
    assert not is_same_host("https://m.example/a", "https://amp.example/a")
