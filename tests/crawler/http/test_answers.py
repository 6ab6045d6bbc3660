"""Every answer, and every failure to get one, ends its URL in one fate."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
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
from twisted.internet.error import ConnectError

from archive.errors import NotArchived
from archive.replay.captures import CaptureReader
from crawler.fates import Fate
from crawler.http.address_policy import BlockedAddress
from crawler.http.answers import MAX_HOPS, Answer, fate_of_failure, outcome_of, outcome_of_failure
from crawler.http.robots import CrawlDelayTooLong, RobotsDisallowed, RulesUnknown
from crawler.items import Evidence, Link, UrlKind
from crawler.outcome import Outcome
from tests.support.outcomes import Shelved
from tests.support.warcs import Archive

PAGE = Link(
    "https://marisol.example/a", UrlKind.ARTICLE, Evidence(source="marisol", via="https://marisol.example/")
)
FEED = replace(PAGE, kind=UrlKind.FEED)
IMAGE = replace(PAGE, kind=UrlKind.IMAGE)


def answer(status: int, headers: dict[str, str] | None = None, conditional: bool = False) -> Answer:
    return Answer(
        status=status, headers=headers or {}, body=b"", is_conditional=conditional, capture=Shelved(1)
    )


def fate(of: Answer, link: Link = PAGE) -> Fate | None:
    outcome = outcome_of(of, link)
    return outcome.fate if outcome else None


BASE = "https://copies.example/web"


def at(moment: str, page: str = PAGE.url) -> str:
    """Where the page is as it was captured then."""
    return f"{BASE}/{moment}id_/{page}"


COPY_OF_PAGE = replace(PAGE, evidence=replace(PAGE.evidence, copy=at("20210128093015")))
OTHER = "https://marisol.example/other"


@pytest.mark.parametrize(
    ("target", "hops", "expected"),
    [
        (at("20210128093015"), 0, Fate.TRAP),
        (at("20210129000000"), MAX_HOPS, Fate.TRAP),
        (at("20210129000000"), MAX_HOPS - 1, Fate.REDIRECTED),
        (at("20210128093015", OTHER), 0, Fate.REDIRECTED),
        (at("20210128093015", OTHER), MAX_HOPS, Fate.TRAP),
        (OTHER, 0, Fate.HTTP_ERROR),
    ],
)
def test_a_copy_that_redirects_is_followed_to_other_copies_but_not_for_ever(
    target: str, hops: int, expected: Fate
) -> None:
    link = replace(COPY_OF_PAGE, hops=hops)
    outcome = outcome_of(answer(302, {"location": target}), link)

    assert outcome is not None
    assert outcome.fate is expected
    if expected is not Fate.REDIRECTED:
        assert (outcome.goes_on, outcome.links) == (None, ())
        return
    copy = replace(link.evidence, copy=target)
    if OTHER in target:
        onward = replace(link, url=OTHER, evidence=replace(copy, via=PAGE.url), hops=hops + 1)
        assert (outcome.goes_on, outcome.links) == (None, (onward,))
    else:
        assert (outcome.goes_on, outcome.links) == (replace(link, evidence=copy, hops=hops + 1), ())


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((200, 201, 203, 204, 205, 206, 226, 299), None),
        ((404, 410, 451), Fate.GONE),
        ((301, 302, 303, 307, 308), Fate.HTTP_ERROR),  # without a Location
        ((100, 300, 304, 305, 306, 400, 401, 403, 405, 407, 418, 429), Fate.HTTP_ERROR),
        ((500, 502, 503, 504, 599, 600, 999), Fate.HTTP_ERROR),
    ],
)
def test_each_status_has_its_fate(statuses: tuple[int, ...], expected: Fate | None) -> None:
    for link in (PAGE, FEED):
        assert {fate(answer(status), link) for status in statuses} == {expected}
        asked = {*statuses} - {304}
        assert {fate(answer(status, conditional=True), link) for status in asked} == {expected}


@pytest.mark.parametrize("link", [PAGE, FEED, IMAGE])
def test_nothing_is_unchanged_unless_the_request_wanted_to_know(link: Link) -> None:
    assert fate(answer(304, conditional=True), link) is Fate.UNCHANGED
    assert fate(answer(304), link) is Fate.HTTP_ERROR


def test_an_article_comes_as_a_page_and_a_listing_as_anything() -> None:
    pdf = answer(200, {"content-type": "application/pdf"})
    assert (fate(pdf), fate(pdf, FEED), fate(pdf, IMAGE)) == (Fate.NOT_HTML, None, Fate.NOT_HTML)
    html = answer(200, {"content-type": "text/html; charset=utf-8"})
    assert (fate(html), fate(html, FEED), fate(html, IMAGE)) == (None, None, Fate.SOFT_404)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_to_a_url_of_its_own(status: int) -> None:
    outcome = outcome_of(answer(status, {"location": "/b"}), PAGE)
    assert outcome is not None
    assert (outcome.fate, outcome.reason) == (Fate.REDIRECTED, "to https://marisol.example/b")
    (onward,) = outcome.links
    assert (onward.url, onward.kind, onward.hops) == ("https://marisol.example/b", UrlKind.ARTICLE, 1)
    assert onward.evidence == replace(PAGE.evidence, via=PAGE.url)
    assert not onward.is_exact
    assert outcome.target == onward


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404, 503])
def test_other_answers_lead_nowhere_whatever_location_they_have(status: int) -> None:
    outcome = outcome_of(answer(status, {"location": "/b"}), PAGE)
    assert outcome is None or not outcome.links


def test_a_page_that_redirects_to_another_spelling_of_itself_means_that_spelling() -> None:
    outcome = outcome_of(answer(302, {"location": "https://www.marisol.example/a?utm_source=x"}), PAGE)
    assert outcome is not None
    assert [link.is_exact for link in outcome.links] == [True]


def test_only_listings_follow_a_redirect_to_what_is_known() -> None:
    again = [outcome_of(answer(302, {"location": "/b"}), link) for link in (PAGE, IMAGE, FEED)]
    assert [outcome.again for outcome in again if outcome] == [False, False, True]


@pytest.mark.parametrize(
    "location",
    [
        "ftp://marisol.example/a",
        "data:text/html,a",
        "mailto:desk@marisol.example",
        "javascript:alert(1)",
        "http://marisol.example:99999/",
        "http://marisol.example:0/",
        "http://reader:secret@:80/",
        "//[marisol",
        "/" + "a" * 20_000,
    ],
)
def test_a_redirect_to_no_web_page_is_a_bad_url(location: str) -> None:
    assert fate(answer(302, {"location": location})) is Fate.BAD_URL


@pytest.mark.parametrize("location", ["", " \t"])
def test_a_redirect_without_a_target_is_an_error(location: str) -> None:
    assert fate(answer(302, {"location": location})) is Fate.HTTP_ERROR


@pytest.mark.parametrize("location", ["/a", "https://marisol.example/a", "#top", "?", "../a#top", " /a "])
def test_a_redirect_to_itself_is_a_trap(location: str) -> None:
    query = "?" if location == "?" else ""
    for here in (f"{PAGE.url}{query}", f"{PAGE.url}{query}#part"):
        outcome = outcome_of(answer(302, {"location": location}), replace(PAGE, url=here))
        assert outcome is not None
        assert (outcome.fate, outcome.reason, outcome.links) == (Fate.TRAP, "redirects to itself", ())


def test_the_eleventh_redirect_in_a_row_is_a_trap() -> None:
    fates = [
        fate(answer(302, {"location": "/b"}), replace(PAGE, hops=hops)) for hops in (MAX_HOPS - 1, MAX_HOPS)
    ]
    assert fates == [Fate.REDIRECTED, Fate.TRAP]
    assert fate(answer(302, {"location": "ftp://a/"}), replace(PAGE, hops=MAX_HOPS)) is Fate.BAD_URL


@given(
    st.integers(100, 999),
    st.booleans(),
    st.dictionaries(st.sampled_from(["location", "content-type"]), st.text(st.characters(max_codepoint=255))),
    st.sampled_from([PAGE, FEED, IMAGE]),
)
def test_no_answer_is_without_a_meaning(
    status: int, conditional: bool, headers: dict[str, str], link: Link
) -> None:
    outcome = outcome_of(answer(status, headers, conditional), link)
    assert outcome is None or isinstance(outcome, Outcome)
    assert outcome is not None or 200 <= status < 300


def test_an_answer_of_scrapy_is_read_with_the_condition_of_its_request() -> None:
    for headers, is_conditional in (
        ({}, False),
        ({"If-None-Match": '"1"'}, True),
        ({"If-Modified-Since": "x"}, True),
    ):
        request = Request(PAGE.url, headers=headers, meta={"capture": Shelved(1)})
        response = Response(PAGE.url, 200, {"X-Name": "a"}, b"body", request=request)
        read = Answer.of_response(response)
        assert (read.status, read.headers, read.body) == (200, {"x-name": "a"}, b"body")
        assert read.is_conditional is is_conditional


@pytest.mark.parametrize(
    ("fields", "is_conditional"), [("", False), ('If-None-Match: "1"\r\n', True), (None, True)]
)
def test_an_archived_answer_is_read_with_the_condition_of_the_archived_request(
    tmp_path: Path, fields: str | None, is_conditional: bool
) -> None:
    archive = Archive()
    answered = archive.add("response", PAGE.url, b"HTTP/1.1 304 Not Modified\r\n\r\n")
    if fields is not None:  # archives without requests exist
        request = f"GET /a HTTP/1.1\r\nHost: marisol.example\r\n{fields}\r\n".encode()
        archive.add("request", PAGE.url, request, WARC_Concurrent_To=answered)
    path = archive.save(tmp_path / "a.warc.gz")
    with CaptureReader([path], pytest.fail) as reader:
        [capture] = reader.read(path)
    response = Response(PAGE.url, 304, request=Request(PAGE.url, meta={"capture": capture}))
    for read in (Answer.of_capture(capture), Answer.of_response(response)):
        assert (read.status, read.is_conditional) == (304, is_conditional)


def test_a_worker_gets_what_it_needs_to_look_into_the_body() -> None:
    read = replace(answer(200, {"content-type": "text/html"}), body=b"Orla")
    page = read.page(PAGE)
    assert (page.url, page.body, page.headers) == (PAGE.url, b"Orla", {"content-type": "text/html"})
    assert (page.captured, page.evidence) == (read.capture.captured, PAGE.evidence)


NO_ROUTE: Exception = ConnectError("no route")  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BlockedAddress("marisol.example has the address 10.0.0.1"), Fate.BLOCKED_ADDRESS),
        (RobotsDisallowed("robots.txt disallows this path"), Fate.ROBOTS_DISALLOWED),
        (CrawlDelayTooLong("a pause of 600 s"), Fate.ROBOTS_DISALLOWED),
        (RulesUnknown("HTTP 503"), Fate.ROBOTS_DISALLOWED),
        (RulesUnknown("no answer", DownloadTimeoutError("60 s")), Fate.ROBOTS_DISALLOWED),
        (RulesUnknown("it was reset", DownloadFailedError("it was reset")), Fate.ROBOTS_DISALLOWED),
        (RulesUnknown("no address", CannotResolveHostError("no such name")), Fate.NETWORK_ERROR),
        (RulesUnknown("it refused", DownloadConnectionRefusedError("it refused")), Fate.NETWORK_ERROR),
        (RulesUnknown("no way there", NO_ROUTE), Fate.NETWORK_ERROR),
        (DownloadTimeoutError("no answer in 60 s"), Fate.TIMEOUT),
        (DownloadCancelledError("more than 16777216 bytes"), Fate.TOO_LARGE),
        (UnsupportedURLSchemeError("gopher is no web"), Fate.BAD_URL),
        (CannotResolveHostError("no address of marisol.example"), Fate.NETWORK_ERROR),
        (DownloadConnectionRefusedError("it refused"), Fate.NETWORK_ERROR),
        (DownloadFailedError("it was reset"), Fate.NETWORK_ERROR),
        (ResponseDataLossError("it was cut"), Fate.INCOMPLETE),
        (OSError(104, "Connection reset by peer"), Fate.NETWORK_ERROR),
        (NotArchived("not in the archive"), Fate.NOT_ARCHIVED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_failure_has_its_fate_and_says_why(error: Exception, expected: Fate) -> None:
    outcome = outcome_of_failure(error, PAGE, None)
    assert outcome.fate is fate_of_failure(error) is expected
    said = error.strerror if isinstance(error, OSError) else str(error)
    assert str(said) in outcome.reason
