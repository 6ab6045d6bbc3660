"""One key for all spellings of a URL, and one for whatever a redirect may name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.url_identity import url_key, wire_url
from tests.support.outcomes import link

ONE = link("one")


@pytest.mark.parametrize(
    "spelling",
    [
        "https://marisol.example/a?x=1&y=2",
        "https://MARISOL.example/a?x=1&y=2",
        "http://marisol.example/a?x=1&y=2",
        "https://marisol.example/a?y=2&x=1",
        "https://marisol.example/a?x=1&y=2#comments",
    ],
)
def test_spellings_of_one_url_have_one_key(spelling: str) -> None:
    assert url_key(spelling) == url_key("https://marisol.example/a?x=1&y=2")


@pytest.mark.parametrize(
    "other", ["https://port.marisol.example/a", "https://marisol.example/A", "https://marisol.example/a?x=1"]
)
def test_other_urls_have_other_keys(other: str) -> None:
    assert url_key(other) != url_key("https://marisol.example/a")


ODD_URLS = ["http://marisol.example:99999/", "http://[marisol", "//a\u2100b/", "http://a/\ud800", "", "\x00"]


@given(st.one_of(st.sampled_from(ODD_URLS), st.text(st.characters(exclude_categories=()))))
def test_whatever_a_redirect_names_has_a_key(text: str) -> None:
    assert len(url_key(text)) == 16


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        ("https://mina.example/أ?q=é#top", "https://mina.example/%D8%A3?q=%C3%A9"),
        ("https://é.example/a b", "https://xn--9ca.example/a%20b"),
        ("http://marisol.example:99999/", "http://marisol.example:99999/"),
    ],
)
def test_a_url_is_spelled_as_the_archive_spells_it(url: str, wire: str) -> None:
    assert wire_url(url) == wire
    assert url_key(wire) == url_key(url)
