"""Nothing is lost between two visits to a feed, however much was published meanwhile."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.fates import Fate
from crawler.items import Discovery, Evidence, UrlKind
from crawler.listing_account import MARK_BYTES, ListingAccount
from crawler.outcome import Outcome
from crawler.sources.source import Source, StartUrl
from crawler.spiders.gap_filling import told_whole
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, fates, feed, http
from tests.support.newsroom_runs import make_due
from tests.support.origin import Origin, serve

SOURCE = """
[[source]]
id = "tarn"
name = "Tarn"
homepage = "{0}/"
feeds = ["{0}/feed"]
"""
EARLIER, LATER = b"a" * MARK_BYTES, b"b" * MARK_BYTES


def crawl(folder: Path, due: str = "0") -> None:
    given = {**SETTINGS, "DATA_DIR": str(folder / "data")}
    run_crawl("news", given, sources=str(folder / "mine.toml"), due=due)


def sitemap(urls: list[str]) -> bytes:
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def publish(site: Site, origin: Origin, numbers: range) -> None:
    """Publish articles; the feed has room for the last ten, the news sitemap for all of them."""
    site |= {f"/2021/01/11/shelling-{n}": article(f"Veld {n}") for n in numbers}
    site["/feed"] = feed(origin.url(f"/2021/01/11/shelling-{n}") for n in [*reversed(numbers)][:10])
    site["/news.xml"] = http(sitemap([origin.url(f"/2021/01/11/shelling-{n}") for n in numbers]), "text/xml")


@pytest.mark.parametrize(
    "more", ['news_sitemaps = ["{0}/news.xml"]\n', ""], ids=["news sitemap", "front page"]
)
def test_sixty_articles_within_one_interval_are_all_kept(tmp_path: Path, more: str) -> None:
    site, registry = Site(), tmp_path / "mine.toml"
    with serve(site) as origin:
        registry.write_text((SOURCE + more).format(origin.url("")), encoding="utf-8")
        publish(site, origin, range(5))
        links = "".join(
            f'<a href="/2021/01/11/shelling-{n}">A headline long enough to be one, number {n}</a>'
            for n in range(65)
        )
        site["/"] = http(f"<html><body>{links}</body></html>".encode())
        crawl(tmp_path)
        publish(site, origin, range(5, 65))
        make_due(tmp_path / "data")
        with closing(sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")) as catalogue, catalogue:
            catalogue.execute("update url set not_before = 0 where url not like '%/feed'")
        crawl(tmp_path, due="1")
        ended = fates(tmp_path / "data", origin)
    assert [n for n in range(65) if ended.get(f"/2021/01/11/shelling-{n}") != "saved"] == []
    with closing(sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")) as catalogue:
        shared = catalogue.execute("select shared from listing_read where form = 'RSS feed'").fetchall()
        [interval] = catalogue.execute("select interval_s from url where url like '%/feed'").fetchone()
    assert shared == [(None,), (0,)]
    assert interval == 900


def ended(fate: Fate, marks: bytes = b"", kind: UrlKind = UrlKind.FEED) -> Outcome:
    account = ListingAccount("RSS feed", 1, marks=marks) if fate is Fate.DISCOVERY else None
    evidence = Evidence("tarn", Discovery.START)
    return Outcome(url="https://tarn.example/feed", kind=kind, fate=fate, evidence=evidence, listing=account)


TARN = Source(
    id="tarn",
    name="Tarn",
    homepage="https://tarn.example/",
    feeds=(StartUrl("https://tarn.example/feed"),),
    sections=(StartUrl("https://tarn.example/war"),),
)


@pytest.mark.parametrize(
    ("outcome", "earlier", "besides"),
    [
        (ended(Fate.DISCOVERY, LATER), EARLIER, ["https://tarn.example/war"]),
        (ended(Fate.DISCOVERY, LATER + EARLIER), EARLIER, []),
        (ended(Fate.DISCOVERY, LATER), b"", []),
        (ended(Fate.DISCOVERY, b""), EARLIER, []),
        (ended(Fate.UNCHANGED), EARLIER, []),
        (ended(Fate.GONE), EARLIER, ["https://tarn.example/"]),
        (ended(Fate.GONE, kind=UrlKind.ARTICLE), EARLIER, []),
    ],
)
def test_other_listings_are_read_where_a_feed_does_not_tell_all(
    outcome: Outcome, earlier: bytes, besides: list[str]
) -> None:
    assert [link.url for link in told_whole(outcome, earlier, [TARN]).besides] == besides
    assert told_whole(outcome, earlier, []).besides == ()


def test_a_feed_that_is_gone_is_found_again_where_the_front_page_names_it(tmp_path: Path) -> None:
    named = b'<link rel="alternate" type="application/rss+xml" href="/new.xml">'
    front = b"<html><head>" + named + b"</head><body>Tarn</body></html>"
    site, registry = Site({"/": http(front), "/veld": article("Veld")}), tmp_path / "mine.toml"
    with serve(site) as origin:
        registry.write_text(SOURCE.format(origin.url("")), encoding="utf-8")
        site["/new.xml"] = feed([origin.url("/veld")])
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert (ended["/feed"], ended["/new.xml"], ended["/veld"]) == ("gone", "discovery", "saved")
