"""Every answer, and every failure to get one, has its one fate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from archive.errors import NotArchived
from crawler.fates import Fate
from crawler.http.address_policy import BlockedAddress
from crawler.http.responses import (
    fate_of_error,
    fate_of_status,
    flat_headers,
    is_html,
    redirect_target,
)
from crawler.http.robots import CrawlDelayTooLong, RobotsDisallowed

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
        ("/a?b=c#d", "https://marisol.example/a?b=c#d"),
        ("deux.html", "https://marisol.example/nouvelles/deux.html"),
        ("?page=3", "https://marisol.example/nouvelles/une.html?page=3"),
        ("//tarn.example/a", "https://tarn.example/a"),
        ("  https://tarn.example/a\t", "https://tarn.example/a"),
        ("mailto:redaction@marisol.example", "mailto:redaction@marisol.example"),
        ("/été".encode().decode("latin-1"), "https://marisol.example/été"),
        ("/\xe9t\xe9", "https://marisol.example/\ufffdt\ufffd"),
        ("//[marisol", None),
        ("", None),
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
    ],
)
def test_pages_come_under_many_types(content_type: str) -> None:
    assert is_html({"content-type": content_type})


def test_a_page_may_have_no_type() -> None:
    assert is_html({})


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "image/png", "video/mp4", "text/css", "application/json"]
)
def test_other_types_are_no_pages(content_type: str) -> None:
    assert not is_html({"content-type": content_type})


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        ((200, 201, 203, 206, 299), None),
        ((301, 302, 303, 307, 308), Fate.REDIRECTED),
        ((404, 410, 451), Fate.GONE),
        ((100, 400, 401, 403, 405, 418, 429, 500, 502, 503, 504, 599, 999), Fate.HTTP_ERROR),
    ],
)
def test_each_status_has_its_fate(statuses: tuple[int, ...], fate: Fate | None) -> None:
    assert {fate_of_status(status) for status in statuses} == {fate}


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (BlockedAddress("marisol.example has the address 10.0.0.1"), Fate.BLOCKED_ADDRESS),
        (RobotsDisallowed("robots.txt disallows this path"), Fate.ROBOTS_DISALLOWED),
        (CrawlDelayTooLong("a pause of 600 s"), Fate.ROBOTS_DISALLOWED),
        (DownloadTimeoutError("60 s"), Fate.TIMEOUT),
        (DownloadCancelledError("more than 16777216 bytes"), Fate.TOO_LARGE),
        (UnsupportedURLSchemeError("gopher"), Fate.BAD_URL),
        (CannotResolveHostError("marisol.example"), Fate.NETWORK_ERROR),
        (DownloadConnectionRefusedError("refused"), Fate.NETWORK_ERROR),
        (DownloadFailedError("reset"), Fate.NETWORK_ERROR),
        (ResponseDataLossError("cut"), Fate.NETWORK_ERROR),
        (OSError(104, "Connection reset by peer"), Fate.NETWORK_ERROR),
        (NotArchived("not in the archive"), Fate.NOT_ARCHIVED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_failure_has_its_fate_and_says_why(error: Exception, fate: Fate) -> None:
    found, reason = fate_of_error(error)
    assert found == fate
    assert str(error) in reason
