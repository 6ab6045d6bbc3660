import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from crawler.discovery.links import (
    MAX_LINKS,
    MAX_TEXT_CHARS,
    MAX_URL_CHARS,
    clean_text,
    clean_url,
    first_of_each,
    make_link,
)
from crawler.identity import url_key
from crawler.items import Evidence, Kind, Link
from tests.crawler.discovery.pages import START, URL, page

PIECES = (
    "http://",
    "HTTPS://",
    "//",
    "/",
    "..",
    "?",
    "#",
    "@",
    ":",
    "[",
    "]",
    "%",
    "\\",
    "tarn.example",
    "\ud800",
)
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=())))).map(
    "".join
)


@given(HOSTILE, HOSTILE)
def test_whatever_is_linked_gives_a_url_that_can_be_asked_and_stored_or_none(text: str, base: str) -> None:
    url = clean_url(text, clean_url(base, URL) or URL)
    if url is not None:
        assert clean_url(url, URL) == url
        assert Request(url).url.startswith(("http://", "https://"))
        assert len(url_key(url)) == 16


@given(HOSTILE)
def test_text_is_one_clean_line_that_can_be_written(text: str) -> None:
    line = clean_text(text)
    assert clean_text(line) == line == " ".join(line.split())
    assert len(line) <= MAX_TEXT_CHARS
    assert line.isprintable() or line.encode()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("/2021/01/28/pont", "https://www.tarn-courier.example/2021/01/28/pont"),
        ("pont?a=1&b=2#photo", "https://www.tarn-courier.example/world/pont?a=1&b=2"),
        ("//en.tarn-courier.example/a", "https://en.tarn-courier.example/a"),
        (" \n\thttps://tarn.example/a\tb\r\n/c \u200f\u202c", "https://tarn.example/ab/c"),
        ("https://tarn.example/a/../b//c/?", "https://tarn.example/a/../b//c/?"),
        ("https://tarn.example/هجوم-على-قافلة", "https://tarn.example/هجوم-على-قافلة"),
        ("http://خبر.example/1", "http://خبر.example/1"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
    ],
)
def test_a_url_is_made_absolute_and_else_left_as_it_is(text: str, url: str) -> None:
    assert clean_url(text, URL) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#top",
        "mailto:desk@tarn.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://tarn.example/a",
        "data:text/html,x",
        "http://",
        "http:///a",
        "http://[::1",
        "http://tarn.example:99999/",
        "http://reader:secret@tarn.example/",
        "https://tarn.example\\@elsewhere.example/",
        "https://ta rn.example/",
        "https://tarn.example/\udc80",
        "https://tarn.example/" + "a" * MAX_URL_CHARS,
    ],
)
def test_what_is_no_web_url_is_left_out(text: str) -> None:
    assert clean_url(text, URL) is None


def test_long_runs_of_white_space_cost_no_time() -> None:
    assert clean_url("a" + " " * 1_000_000 + "b", URL) is None
    assert clean_text("a" + " " * 1_000_000 + "b") == "a b"


def test_a_link_inherits_the_source_and_nothing_else() -> None:
    link = make_link(page(""), "/a", "feed", title=" Le  pont ", published="2021-01-28")
    expected = Evidence(
        source=START.source,
        how="feed",
        via=URL,
        zone=START.zone,
        language=START.language,
        title="Le pont",
        published="2021-01-28",
    )
    assert link == Link("https://www.tarn-courier.example/a", Kind.ARTICLE, expected)


def test_each_url_is_given_once_and_their_number_is_limited() -> None:
    first, again = (make_link(page(""), "/a", "feed", title=title) for title in ("first", "again"))
    assert first_of_each([first, None, again]) == [first]
    many = (Link(f"https://tarn.example/{number}", Kind.ARTICLE, START) for number in range(MAX_LINKS + 5))
    assert len(first_of_each(many)) == MAX_LINKS
