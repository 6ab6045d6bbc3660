import pytest
from hypothesis import given

from crawler.discovery.links import (
    MAX_TEXT_CHARS,
    Dropped,
    Reading,
    both_ends,
    clean_text,
    collect,
    make_link,
)
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.listings import HOSTILE, START, URL, page


@given(HOSTILE)
def test_text_is_one_clean_line_that_can_be_written(text: str) -> None:
    line = clean_text(text)
    assert clean_text(line) == line == " ".join(line.split())
    assert len(line) <= MAX_TEXT_CHARS
    assert line.isprintable() or line.encode()


def test_long_runs_of_white_space_cost_no_time() -> None:
    assert clean_text("a" + " " * 1_000_000 + "b") == "a b"


def test_a_link_inherits_the_source_and_nothing_else() -> None:
    link = make_link(page(""), "/a", Discovery.FEED, title=" Le  pont ", published="2021-01-28")
    expected = Evidence(
        source=START.source,
        how=Discovery.FEED,
        via=URL,
        zone=START.zone,
        language=START.language,
        title="Le pont",
        published="2021-01-28",
    )
    assert link == Link("https://www.tarn-courier.example/a", UrlKind.ARTICLE, expected)


def test_each_url_is_given_once_and_every_other_entry_is_counted() -> None:
    raw = page("")
    entries = [
        make_link(raw, url, Discovery.FEED, title=url) for url in ("/a", "/a#1", "", "mailto:a@b", URL, "/b")
    ]
    entries.append(Dropped.NO_ARTICLE)
    listing = collect(raw, Reading("RSS feed", entries))
    assert [link.url.removeprefix("https://www.tarn-courier.example") for link in listing.links] == [
        "/a",
        "/b",
    ]
    assert listing.links[0].evidence.title == "/a"
    account = listing.account
    assert account.dropped == {
        Dropped.REPEATED: 1, Dropped.NO_ADDRESS: 1, Dropped.NO_WEB: 1, Dropped.ITSELF: 1, Dropped.NO_ARTICLE: 1,
    }  # fmt: skip
    assert account.entries == len(entries) == account.links + sum(account.dropped.values())
    assert not account.unread


@pytest.mark.parametrize(
    ("count", "most", "kept"),
    [(0, 4, []), (4, 4, [0, 1, 2, 3]), (5, 4, [0, 1, 3, 4]), (9, 4, [0, 1, 7, 8]), (7, 3, [0, 1, 6])],
)
def test_of_too_many_items_those_at_both_ends_are_kept(count: int, most: int, kept: list[int]) -> None:
    items = list(both_ends(range(count), most))
    assert [item for item in items if not isinstance(item, Dropped)] == kept
    assert items.count(Dropped.OVER_LIMIT) == count - len(kept)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", Dropped.NO_ADDRESS),
        (" \n", Dropped.NO_ADDRESS),
        ("mailto:desk@tarn.example", Dropped.NO_WEB),
        ("file:///etc/passwd", Dropped.NO_WEB),
        ("https://tarn.example/jos\ufffd", Dropped.DAMAGED),
    ],
)
def test_what_is_not_followed_has_a_reason(url: str, why: Dropped) -> None:
    assert make_link(page(""), url, Discovery.SITEMAP) is why
