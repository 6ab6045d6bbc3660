"""Feeds that readers accept: newest first, and the same article is the same entry."""

from collections.abc import Callable
from typing import BinaryIO

import feedparser
import pytest
from lxml import etree

from crawler.exports.export_columns import Export
from crawler.exports.news_feed import write_atom, write_rss
from tests.support.exported_rows import HOSTILE, article_row, bytes_of, export_of

OLDER = article_row(terms=("obus",))
NEWER = article_row(
    url="https://tarn.example/2?a=1&b=2",
    source="tarn",
    title=HOSTILE,
    language="ar",
    captured="2021-02-01T00:00:00.000000Z",
    sha256="cd" * 32,
)

WRITERS = pytest.mark.parametrize("write", [write_rss, write_atom])


@WRITERS
def test_a_reader_sees_the_newest_article_first(write: Callable[[Export, BinaryIO], None]) -> None:
    feed = feedparser.parse(bytes_of(write, export_of(OLDER, NEWER)))
    assert not feed.bozo
    first, second = feed.entries
    assert first.link == "https://tarn.example/2?a=1&b=2"
    assert second.title == "Le port de Marisol rouvre"
    assert second.summary == "Le Courrier de Marisol, 2021-01-28: Le port rouvre. La digue a tenu."
    assert [tag.term for tag in second.tags] == ["obus"]
    assert first.id != second.id


@WRITERS
def test_what_a_page_says_is_text(write: Callable[[Export, BinaryIO], None]) -> None:
    root = etree.fromstring(bytes_of(write, export_of(NEWER)))
    assert not list(root.iter("{*}script"))
    assert any("<script>" in (each.text or "") for each in root.iter("{*}title"))


@WRITERS
def test_a_feed_of_nothing_is_a_feed(write: Callable[[Export, BinaryIO], None]) -> None:
    feed = feedparser.parse(bytes_of(write, export_of()))
    assert not feed.bozo
    assert (feed.feed.title, feed.entries) == ("Frontwire: conflict news", [])


def test_atom_has_what_rfc_4287_demands() -> None:
    root = etree.fromstring(bytes_of(write_atom, export_of(OLDER, NEWER)))
    for element in (root, *root.iterfind("{*}entry")):
        for name in ("id", "title", "updated", "author"):
            assert element.find(f"{{*}}{name}") is not None
