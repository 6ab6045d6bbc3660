"""X-Robots-Tag and meta elements: which use they speak of, and to whom."""

import pytest

from crawler.rights import robots_tags


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("noai, noimageai", ["http: noai", "http: noimageai"]),
        ("NOINDEX", ["http: noindex"]),
        ("noindex noarchive", ["http: noindex", "http: noarchive"]),
        ("nofollow, max-snippet:0, max-image-preview:none", []),
        ("gptbot: noindex, noarchive", ["http GPTBot: noindex", "http GPTBot: noarchive"]),
        ("veldbot: noindex, *: noai", ["http veldbot: noindex", "http: noai"]),
        ("veldbot: noindex\nnoarchive", ["http veldbot: noindex", "http: noarchive"]),
        ("unavailable_after: Friday, 25-Jun-10 15:00:00 PST, noarchive", ["http: noarchive"]),
        ("noai\nnoai", ["http: noai"]),
        ("نور: noai", []),
    ],
)
def test_each_value_of_the_header_is_read_for_whom_it_is(value: str, said: list[str]) -> None:
    assert [*map(str, robots_tags.in_headers({"x-robots-tag": value}))] == said


def test_meta_elements_are_of_all_robots_or_of_one() -> None:
    metas = {
        "robots": ["index, follow", "noarchive"],
        "googlebot": ["noindex"],
        "gptbot": ["none"],
        "author": ["noai"],
        "viewport": ["noindex"],
    }
    assert [*map(str, robots_tags.in_metas(metas))] == [
        "html: noarchive",
        "html googlebot: noindex",
        "html GPTBot: none",
    ]
