import gzip
import sys
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import NotAListing, discover
from crawler.discovery.discover import is_sitemap
from crawler.http.charset import read_text
from crawler.http.decoding import MAX_BYTES, ContentError, TooLarge
from crawler.items import UrlKind
from tests.support.listings import page

LISTINGS = [UrlKind.LISTING, UrlKind.FEED, UrlKind.SITEMAP, UrlKind.SECTION]
URL = "https://tarn.example/2021/01/28/pont"
FEED = f"<rss version='2.0'><channel><item><link>{URL}</link></item></channel></rss>"
SITEMAP = f"<urlset><url><loc>{URL}</loc></url></urlset>"
SECTION = f"<html><body><a href='{URL}'>Le pont de Tarn a été détruit</a></body></html>"
JSON_FEED = f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "{URL}"}}]}}'


def found(body: str | bytes, kind: UrlKind, **headers: str) -> list[tuple[str, str]]:
    return [
        (link.url, link.evidence.how)
        for link in discover(page(body, "https://tarn.example/", **headers), kind).links
    ]


@pytest.mark.parametrize("kind", LISTINGS)
@pytest.mark.parametrize(
    ("body", "how"),
    [
        (FEED, "feed"),
        (JSON_FEED, "feed"),
        (SITEMAP, "sitemap"),
        (URL, "sitemap"),
        (gzip.compress(FEED.encode(), mtime=0), "feed"),
    ],
)
def test_content_says_what_a_page_is(body: str | bytes, how: str, kind: UrlKind) -> None:
    assert found(body, kind, content_type="text/html; charset=utf-8") == [(URL, how)]


@pytest.mark.parametrize(
    "body", [SECTION, f"<p>{SECTION[12:]}", f"<?xml version='1.0'?>\n<!DOCTYPE html>{SECTION}"]
)
def test_a_web_page_is_a_section_page_unless_a_feed_was_expected(body: str) -> None:
    assert found(body, UrlKind.SECTION) == found(body, UrlKind.LISTING) == [(URL, "section")]
    for kind in (UrlKind.FEED, UrlKind.SITEMAP):
        with pytest.raises(NotAListing, match=f"^a web page where a {kind} was expected"):
            found(body, kind)


def test_a_web_page_names_its_feeds_only_where_one_was_expected() -> None:
    body = f"<link rel='alternate' type='application/rss+xml' href='/feed'>{SECTION}"
    assert [url for url, _ in found(body, UrlKind.FEED)] == ["https://tarn.example/feed"]
    with pytest.raises(NotAListing, match=r"^a web page where a sitemap was expected"):
        found(body, UrlKind.SITEMAP)


@pytest.mark.parametrize("kind", LISTINGS)
@pytest.mark.parametrize("body", ["", "  \n", "User-agent: *", "%PDF-1.7 \x00\x01", '{"error": 404}', "[]"])
def test_what_lists_nothing_is_refused_by_name(body: str, kind: UrlKind) -> None:
    with pytest.raises(NotAListing, match="was expected"):
        found(body, kind)


def test_what_comes_first_decides() -> None:
    assert found(FEED.replace("<item>", "<item><description><![CDATA[<html>]]></description>"), UrlKind.FEED)
    assert found(SECTION.replace("<body>", "<body><pre>&lt;rss> <rss ></pre>"), UrlKind.SECTION) == [
        (URL, "section")
    ]


@given(st.binary(max_size=300), st.sampled_from(LISTINGS))
def test_any_bytes_give_links_or_a_named_refusal(body: bytes, kind: UrlKind) -> None:
    for prefix in (
        b"",
        b"<rss><channel><item><link>",
        b"<urlset><url><loc>",
        b"<html><a href='",
        b'{"items":[{"url":"',
    ):
        try:
            links = discover(page(prefix + body), kind).links
        except ContentError:
            continue
        assert all(link.url.startswith("http") for link in links)


def test_the_same_page_gives_the_same_links() -> None:
    body = SECTION * 3 + "".join(f"<a href='/2021/01/28/{n}'>{n}</a>" for n in range(50))
    assert found(body, UrlKind.SECTION) == found(body, UrlKind.SECTION)


@pytest.mark.parametrize("body", [b" " * 300_000, b"<p>Veld</p>" * 30_000, b"[]" + b" " * 300_000])
def test_what_is_too_long_is_not_read_whole_to_learn_that_it_is_no_listing(
    monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    module = sys.modules["crawler.discovery.discover"]
    read = list[int]()

    def reading(some: bytes, content_type: str | None) -> object:
        read.append(len(some))
        return read_text(some, content_type)

    monkeypatch.setattr(module, "MAX_BYTES", 200_000)
    monkeypatch.setattr(module, "read_text", reading)
    with pytest.raises(TooLarge):
        discover(replace(page("", "https://tarn.example/"), body=body), UrlKind.LISTING)
    assert max(read) < 200_000


@pytest.mark.parametrize(
    ("body", "unread"),
    [
        (
            f"<rss version='2.0'><channel>{'<item><link>https://tarn.example/a</link></item>' * 9}</channel></rss>",
            True,
        ),
        ("".join(f"https://tarn.example/2021/01/28/{number}\n" for number in range(20)), False),
        (f"<urlset>{f'<url><loc>{URL}</loc></url>' * 9}</urlset>", False),
    ],
)
def test_feeds_sitemaps_and_lists_may_be_longer_than_a_page(
    monkeypatch: pytest.MonkeyPatch, body: str, unread: bool
) -> None:
    monkeypatch.setattr(sys.modules["crawler.discovery.discover"], "MAX_BYTES", 200)
    listing = discover(page(body, "https://tarn.example/"), UrlKind.LISTING)
    assert listing.links
    assert any("it is longer than" in clause for clause in listing.account.unread) is unread
    assert listing.account.entries < 9 if unread else listing.account.entries in (9, 20)


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (SITEMAP.encode(), True),
        (gzip.compress(SITEMAP.encode(), mtime=0), True),
        (f"<sitemapindex><sitemap><loc>{URL}</loc></sitemap></sitemapindex>".encode(), True),
        (FEED.encode(), False),
        (SECTION.encode(), False),
        (b" " * 100, False),
        (b"\x1f\x8b\x08 no gzip", False),
    ],
)
def test_a_sitemap_is_known_by_its_beginning(body: bytes, is_one: bool) -> None:
    assert is_sitemap(page(body, "https://tarn.example/")) is is_one


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_large_sitemap_is_known_in_every_coding_that_we_ask_for(coding: str) -> None:
    urls = "".join(f"<url><loc>{URL}/{number}</loc></url>" for number in range(3_000))
    text = f"<urlset>{urls}</urlset>".encode()
    packed = gzip.compress(text) if coding == "gzip" else zlib.compress(text)
    assert is_sitemap(page(packed, "https://tarn.example/", content_encoding=coding))


def test_what_unpacks_to_too_much_is_no_sitemap() -> None:
    bomb = zlib.compress(b" " * (MAX_BYTES + 1))
    assert not is_sitemap(page(bomb, "https://tarn.example/", content_encoding="deflate"))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (SECTION, "a web page"),
        ("<opml><body><outline/></body></opml>", "an OPML list of feeds"),
        ('{"error": 404}', "a JSON document that is no feed"),
        ("User-agent: *", "something else"),
    ],
)
def test_a_refusal_names_what_was_found_and_what_was_expected(body: str, what: str) -> None:
    kinds = [UrlKind.FEED] if body is SECTION else LISTINGS
    for kind in kinds:
        with pytest.raises(NotAListing) as refusal:
            found(body, kind)
        assert str(refusal.value) == f"{what} where a {kind.value} was expected"
