"""One key for all spellings of a URL, and one for whatever a redirect may name."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.url_identity import is_renamed, url_key, wire_url
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


SEGMENT = st.text("ab.é%/?#| ", min_size=1, max_size=4).filter(lambda text: text.strip(".") != "")
PAIR = st.tuples(st.text("xyé&=+ [", max_size=3), st.text("0é&= ", max_size=3)).filter(
    lambda pair: pair[0] != ""
)
RESOURCE = st.tuples(
    st.sampled_from(
        ["orla.example", "en.orla.example", "film.orla.example", "filorla.example", "[2001:db8::1]"]
    ),
    st.sampled_from([8080, 8443]),
    st.lists(SEGMENT, max_size=3),
    st.lists(PAIR, max_size=2),
)
"""Host, port, path and parameters of a page, not escaped."""


def spelled(resource: tuple[str, int, list[str], list[tuple[str, str]]], scheme: str = "https") -> str:
    host, port, path, pairs = resource
    segments = "/".join(quote(segment, safe="") for segment in path)
    return f"{scheme}://{host}:{port}/{segments}" + (f"?{urlencode(pairs)}" if pairs else "")


@given(RESOURCE, RESOURCE)
def test_different_resources_never_have_one_key(
    one: tuple[str, int, list[str], list[tuple[str, str]]],
    other: tuple[str, int, list[str], list[tuple[str, str]]],
) -> None:
    is_same = (*one[:3], sorted(one[3])) == (*other[:3], sorted(other[3]))
    assert (url_key(spelled(one)) == url_key(spelled(other))) == is_same


AGAIN: dict[str, Callable[[str], str]] = {
    "backslashes": lambda url: url.replace("/", "\\", 5),
    "one slash": lambda url: url.replace("//", "/", 1),
    "no slash": lambda url: url.replace("//", "", 1),
    "dots": lambda url: url.replace("8080/", "8080/./x/%2E./").replace("8443/", "8443/y/..\\"),
    "credentials": lambda url: url.replace("//", "//reader:Geheim%40@", 1),
    "capitals": lambda url: url.replace("https", "hTTps").replace("example", "EXAMPLE"),
    "white space": lambda url: f" \t{url[:9]}\n{url[9:]}\u200f ",
    "zeros": lambda url: url.replace(":8", ":008", 1),
    "fragment": lambda url: f"{url}#\\..",
}
"""Other spellings that the URL standard takes for the same URL."""


@given(name=st.sampled_from([*AGAIN]), resource=RESOURCE)
def test_one_resource_has_one_key_however_it_is_spelled(
    name: str, resource: tuple[str, int, list[str], list[tuple[str, str]]]
) -> None:
    url = spelled(resource)
    assert url_key(AGAIN[name](url)) == url_key(url) == url_key(spelled(resource, "http"))
    assert wire_url(AGAIN[name](url)) == wire_url(url)


@pytest.mark.parametrize(
    ("url", "other", "is_one"),
    [
        (
            "https://tarn.example/ferry-hit-4711023.html",
            "https://tarn.example/ferry-sinks-4711023.html",
            True,
        ),
        (
            "https://tarn.example/live/a-0-0-b-1357591.ldo",
            "https://tarn.example/live/a-1-0-b-1357591.ldo",
            True,
        ),
        (
            "https://tarn.example/x/fähre-20240421064512345/",
            "https://tarn.example/y/hafen-20240421064512345",
            True,
        ),
        ("https://tarn.example/ferry-4711023", "https://tarn.example/ferry-4711024", False),
        ("https://tarn.example/ferry-4711023", "https://orm.example/ferry-4711023", False),
        ("https://tarn.example/ferry-4711023", "https://tarn.example/ferry-4711023", False),
        ("https://tarn.example/match-4711023/report", "https://tarn.example/match-4711023/analysis", False),
        ("https://tarn.example/war-20240421", "https://tarn.example/port-20240421", False),
        ("https://tarn.example/war-202404", "https://tarn.example/port-202404", False),
        ("https://tarn.example/war-21042024", "https://tarn.example/port-21042024", False),
        ("https://tarn.example/war-12345", "https://tarn.example/port-12345", False),
        ("https://tarn.example/war-471102", "https://tarn.example/port-471102", True),
        ("https://tarn.example/war-19991231", "https://tarn.example/port-19991231", False),
        ("https://tarn.example/war-31101999", "https://tarn.example/port-31101999", False),
        ("https://tarn.example/war-202411", "https://tarn.example/port-202411", False),
        ("https://tarn.example/war-20241341", "https://tarn.example/port-20241341", True),
        ("https://tarn.example/war-18990421", "https://tarn.example/port-18990421", True),
    ],
)
def test_a_number_that_stays_names_an_article_whose_words_change(url: str, other: str, is_one: bool) -> None:
    assert is_renamed(url, other) is is_one
