"""The head of a response is read as browsers read it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from crawler.http.responses import flat_headers, may_be_page, redirect_target
from crawler.http.standard_urls import NoUrl

HERE = "https://marisol.example/nouvelles/une.html?page=2"


def test_headers_have_names_in_lower_case_and_the_last_of_repeated_values() -> None:
    headers = {
        b"Content-Type": [b"text/plain", b"text/html"],
        b"X-Nom": ["Él".encode("latin-1")],
        b"X-None": [],
    }
    response = Response(HERE, headers=headers)
    assert flat_headers(response) == {"content-type": "text/html", "x-nom": "Él"}


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://tarn.example/a", "https://tarn.example/a"),
        ("/a?b=c#d", "https://marisol.example/a?b=c"),
        ("deux.html", "https://marisol.example/nouvelles/deux.html"),
        ("?page=3", "https://marisol.example/nouvelles/une.html?page=3"),
        ("//tarn.example/a", "https://tarn.example/a"),
        ("  https://tarn.example/a\t", "https://tarn.example/a"),
        (r"\2024\03\deux.html", "https://marisol.example/2024/03/deux.html"),
        ("/été".encode().decode("latin-1"), "https://marisol.example/%C3%A9t%C3%A9"),
        ("/\xe9t\xe9", "https://marisol.example/%E9t%E9"),
        ("http://reader:Geheim@tarn.example/a", "http://tarn.example/a"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_redirect_leads_to_an_absolute_url(location: str, target: str | None) -> None:
    for status in (301, 302, 303, 307, 308):
        assert redirect_target(HERE, status, {"location": location}) == target


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 404, 500])
def test_other_answers_lead_nowhere(status: int) -> None:
    assert redirect_target(HERE, status, {"location": "/a"}) is None


def test_a_redirect_that_names_no_target_leads_nowhere() -> None:
    assert redirect_target(HERE, 301, {}) is None


@given(st.text(st.characters(max_codepoint=255)))
def test_no_location_breaks_the_crawl(location: str) -> None:
    with suppress(NoUrl):
        redirect_target(HERE, 302, {"location": location})


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "text/html; charset=windows-1256",
        "TEXT/HTML ;charset=x",
        "application/xhtml+xml",
        "text/xml",
        "",
        "text/html;;charset=UTF-8",
        "text/html, text/html; charset=utf-8",
        "image/png, text/html",
        "text/html charset=utf-8",
        "html",
        "text/",
        "/html",
        "text\\html",
        "unknown/unknown",
        "*/*",
        "text/html, */*",
        "text/csvx",
        "text/xscript",
        "application/pdf+x",
        "application/jsonx",
        "application/zipx",
        "application/x+jsonx",
        "ximage/png",
        "application/octet-stream",
        "text/x-server-parsed-html",
        "\u00e9t\u00e9/html",
        "image/",
        ";charset=utf-8",
        ",",
    ],
)
def test_pages_come_under_many_types(content_type: str) -> None:
    assert may_be_page({"content-type": content_type})


def test_a_page_may_have_no_type() -> None:
    assert may_be_page({})


@pytest.mark.parametrize(
    "content_type",
    [
        "application/pdf",
        "image/png",
        "video/mp4",
        "text/css",
        "application/json",
        "IMAGE/jpeg ; q=1",
        "text/html, image/png",
        "application/ld+json",
        "text/javascript",
        "application/x-javascript",
        "font/woff2",
        "model/gltf",
        "image/png, */*",
        "text/csv",
        "text/calendar",
        "text/ecmascript",
        "text/x-script",
        "text/x-javascript",
        "application/ecmascript",
        "application/javascript",
        "application/zip",
        "application/wasm",
        "audio/mpeg",
    ],
)
def test_other_types_are_no_pages(content_type: str) -> None:
    assert not may_be_page({"content-type": content_type})
