"""Feeds in JSON: what they name, what they quote, and what is left of one that is cut."""

import json
from typing import Any

import pytest

from crawler.discovery import Listing, discover
from crawler.items import UrlKind
from tests.support.listings import page

URL = "https://orla.example/2024/moyo"
QUOTES = ('<rss version="2.0">', "<urlset xmlns='x'>", "<!doctype html><html>", '<?xml version="1.0"?><feed>')


def read(body: str | bytes) -> Listing:
    return discover(page(body, "https://orla.example/feeds/news.json"), UrlKind.FEED)


def urls(body: str | bytes) -> list[str]:
    return [link.url for link in read(body).links]


def feed(*items: Any, version: str = "1.1", **more: Any) -> str:
    return json.dumps(
        {"version": f"https://jsonfeed.org/version/{version}", "items": items} | more, ensure_ascii=False
    )


@pytest.mark.parametrize("version", ["1", "1.1"])
@pytest.mark.parametrize("quote", QUOTES)
def test_a_feed_may_quote_any_other_format(quote: str, version: str) -> None:
    assert urls(feed({"id": "1", "url": URL, "content_html": quote, "title": quote}, version=version)) == [
        URL
    ]


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"url": URL, "external_url": "https://wire.example/1"}, URL),
        ({"external_url": URL}, URL),
        ({"id": URL}, URL),
        ({"id": "tag:orla.example,2024:1", "url": f" {URL}\n"}, URL),
        ({"url": f"{URL}?a=1&amp;b=2"}, f"{URL}?a=1&b=2"),
        ({"url": "/2024/moyo"}, URL),
        ({"link": URL, "guid": "7"}, URL),
        ({"guid": {"#value": URL, "isPermaLink": True}}, URL),
    ],
)
def test_the_address_of_an_item(item: dict[str, Any], url: str) -> None:
    assert urls(feed(item)) == [url]


@pytest.mark.parametrize(
    "item",
    [
        {"id": "1"},
        {"id": "1", "attachments": [{"url": f"{URL}.mp3"}], "image": f"{URL}.jpg"},
        {"guid": {"#value": URL, "isPermaLink": False}},
        {"url": "mailto:desk@orla.example"},
        {"url": None, "id": 7},
    ],
)
def test_an_item_without_an_address_is_counted(item: dict[str, Any]) -> None:
    account = read(feed(item, {"url": URL})).account
    assert (account.links, account.entries, account.unread) == (1, 2, ())


def test_relative_addresses_are_those_of_the_site() -> None:
    item = {"url": "2024/moyo"}
    assert urls(feed(item, home_page_url="https://site.example/fr/")) == ["https://site.example/fr/2024/moyo"]
    assert urls(feed(item)) == ["https://orla.example/feeds/2024/moyo"]


def test_rss_may_be_written_as_json() -> None:
    channel = {
        "title": "Orla",
        "link": "https://orla.example/",
        "item": [{"title": "Мойо", "link": URL, "pubDate": "x"}],
    }
    [link] = read(json.dumps({"rss": {"version": "2.0", "channel": channel}})).links
    assert (link.url, link.evidence.title, link.evidence.published) == (URL, "Мойо", "x")


WHOLE = feed(*({"id": str(number), "url": f"{URL}-{number}"} for number in range(3)))


@pytest.mark.parametrize(
    "body",
    [
        WHOLE.encode("utf-8-sig"),
        WHOLE.encode("utf-16"),
        f"\n {WHOLE}<!-- cached -->",
        WHOLE.replace('"id"', '"text": "line\nline\t\x01", "id"'),
    ],
)
def test_a_flawed_feed_is_read_whole(body: str | bytes) -> None:
    assert urls(body) == [f"{URL}-{number}" for number in range(3)]
    assert not read(body).account.unread


@pytest.mark.parametrize("cut", [3, 10, 25, 40])
def test_of_a_feed_that_is_cut_the_whole_items_are_read(cut: int) -> None:
    listing = read(WHOLE[:-cut])
    assert 0 < len(listing.links) < 4
    assert all(link.url in WHOLE for link in listing.links)
    assert listing.account.unread == ("it ends within an entry",)
