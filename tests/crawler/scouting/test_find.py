"""`scrapy sources add` finds what a site has, and writes it into a registry of the operator's own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.items import Evidence, RawPage
from crawler.scouting.find_spider import FindSpider, Found
from crawler.scouting.proposal import propose, with_values
from crawler.scouting.site_hints import Hints, read_hints, sitemaps_of
from crawler.sources.country_facts import country_of_host, zone_of
from crawler.sources.registry import load_registry
from crawler.sources.start_urls import source_of
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, http
from tests.support.origin import Answer, serve
from tests.support.pseudo_terminal import scrapy_at_terminal
from tests.support.source_options import options

FRONT = """<!doctype html><html lang="fr-ML"><head><title>Une | Le Courrier de Tarn</title>
<link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel="alternate" type="application/rss+xml" href="/feed"></head><body>
<a href="/rss/monde.xml">RSS</a> <a href="https://elsewhere.example/feed">other</a>
<a href="/2026/11/03/le-convoi-de-veld-est-arrive-hier-soir">Le convoi de Veld est arriv\xe9 hier soir</a>
</body></html>"""
ITEM = "<item><title>{0}</title><link>/{0}</link><pubDate>0{1} Nov 2026 08:00:00 +0000</pubDate></item>"
NEWS = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{}</loc><news:news>
<news:publication_date>2026-11-02</news:publication_date><news:title>Veld</news:title></news:news></url></urlset>"""


def rss(*titles: str) -> Answer:
    items = "".join(ITEM.format(title, day) for day, title in enumerate(titles, 1))
    document = (
        f"<rss version='2.0'><channel><title>Tarn</title><language>fr-fr</language>{items}</channel></rss>"
    )
    return http(document.encode(), "application/rss+xml")


def page(body: str, **headers: str) -> RawPage:
    return RawPage(
        "https://tarn.example/", body.encode(), headers, datetime(2026, 11, 30, tzinfo=UTC), Evidence()
    )


def test_a_front_page_says_name_language_and_feeds_but_none_of_comments_or_others() -> None:
    assert read_hints(page(FRONT)) == Hints(
        "Le Courrier de Tarn", "fr", ("https://tarn.example/feed", "https://tarn.example/rss/monde.xml")
    )
    assert read_hints(
        page("<rss><channel><title><![CDATA[Orla &amp; Veld]]></title><language>ar</language>")
    ) == Hints("Orla & Veld", "ar")
    assert read_hints(
        page('{"version": "https://jsonfeed.org/version/1.1", "title": "Velmar", "language": "uk"}')
    ) == (Hints("Velmar", "uk"))


def test_the_sitemaps_of_a_robots_file_begin_with_those_of_news() -> None:
    body = b"User-agent: *\nDisallow:\nSitemap: https://tarn.example/all.xml\r\nSITEMAP : https://tarn.example/news.xml"
    assert sitemaps_of(body) == ["https://tarn.example/news.xml", "https://tarn.example/all.xml"]
    assert sitemaps_of(b"\xff # no sitemap: x") == []


@pytest.mark.parametrize(
    ("host", "country", "zone"),
    [
        ("tarn.example.ml", "ML", "Africa/Bamako"),
        ("velmar.co.uk", "GB", "Europe/London"),
        ("orla.com.ru", "RU", ""),
        ("orla.io", "", ""),
        ("orla.com", "", ""),
        ("127.0.0.1", "", ""),
    ],
)
def test_a_domain_of_a_country_tells_country_and_zone(host: str, country: str, zone: str) -> None:
    assert (country_of_host(host), zone_of(country)) == (country, zone)


def found(path: str, key: str, items: int = 3, *, is_start: bool = False, language: str = "") -> Found:
    url = f"https://tarn.example.ml{path}"
    return Found(url, "x", items, "", "2026-11-01", (), Hints("Tarn", language), is_start, key)


def test_feeds_and_news_sitemaps_are_proposed_and_a_front_page_only_without_them() -> None:
    front, feed = found("/", "sections", is_start=True, language="fr"), found("/feed", "feeds", language="bm")
    empty, past = found("/rss", "feeds", 0), found("/sitemap.xml", "sitemaps")
    source = propose([front, feed, empty, found("/news.xml", "news_sitemaps"), past], {"focus": "ML,Sahel"})
    assert [start.url for start, _ in source.starts] == [
        "https://tarn.example.ml/feed",
        "https://tarn.example.ml/news.xml",
    ]
    assert (source.country, source.timezone, source.languages, source.focus) == (
        *("ML", "Africa/Bamako"),
        *(("bm",), ("ML", "Sahel")),
    )
    assert [start.url for start, _ in propose([front, past], {}).starts] == ["https://tarn.example.ml/"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"country": "mali"}, "two capital letters"),
        ({"colour": "red"}, "no 'colour'"),
        ({"timezone": "Africa/Bamaco"}, "did you mean Africa/Bamako"),
    ],
)
def test_a_wrong_value_is_a_sentence(given: dict[str, str], words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        with_values(source_of("https://tarn.example/"), given)


def test_common_places_are_tried_where_the_front_page_names_no_feed(tmp_path: Path) -> None:
    bare = FRONT.replace("rel", "rev").replace("/rss/monde.xml", "/about")
    robots = http(b"Sitemap: /news-map.xml\n", "text/plain")
    answers = {
        "/": http(bare.encode()),
        "/rss.xml": rss("Veld", "Orla"),
        "/robots.txt": robots,
        "/feed": http(b"<p>"),
    }
    with serve(Site({**answers, "/news-map.xml": http(NEWS.format("/veld").encode(), "text/xml")})) as origin:
        given = {**SETTINGS, "DATA_DIR": str(tmp_path), "SPIDER_MODULES": ["crawler.scouting"]}
        spider = run_crawl("find", given, url=origin.url("/")).spider
        assert isinstance(spider, FindSpider)
        assert sorted((each.key, each.url, each.headlines[:1]) for each in spider.found) == [
            ("feeds", origin.url("/rss.xml"), ("Veld",)),
            ("news_sitemaps", origin.url("/news-map.xml"), ("Veld",)),
            ("sections", origin.url("/"), ("Le convoi de Veld est arriv\xe9 hier soir",)),
        ]
        assert "/sitemap.xml" not in origin.read
        assert len(origin.moments) == 9


def test_a_site_is_added_once_and_comments_stay(tmp_path: Path) -> None:
    to = tmp_path / "mine.toml"
    to.write_text("# mine, by hand\n", encoding="utf-8")
    answers = {"/": http(FRONT.encode()), "/feed": rss("Veld", "Orla"), "/rss/monde.xml": rss("Veld")}
    with serve(Site({**answers})) as origin:
        given = ("--to", to, "--yes", *options(tmp_path))
        ran = scrapy("sources", "add", origin.url("/"), "--country", "ML", *given)
        assert ran.returncode == OK, ran.stderr
        again = scrapy("sources", "add", origin.url("/feed"), *given)
    [source] = load_registry([to])
    assert to.read_text("utf-8").startswith("# mine, by hand\n")
    assert (source.name, source.country, source.languages) == ("Le Courrier de Tarn", "ML", ("fr",))
    assert sorted(each.url for each in source.feeds) == [origin.url("/feed"), origin.url("/rss/monde.xml")]
    assert f"Added to {to} as {source.id}: `scrapy crawl news -a sources={to}" in ran.stdout
    assert "    Orla\n" in ran.stdout
    assert (
        again.stdout
        == f"{origin.url('/feed')} is in the registry already, as {source.id}: nothing was added.\n"
    )


@pytest.mark.parametrize(("typed", "country"), [("country=ML kind=newspaper\n", "ML"), ("n\n", "")])
def test_at_a_terminal_the_operator_sees_and_changes_what_is_written(
    tmp_path: Path, typed: str, country: str
) -> None:
    to = tmp_path / "mine.toml"
    with serve(
        Site({"/": http(FRONT.encode()), "/feed": rss("Veld"), "/rss/monde.xml": rss("Orla")})
    ) as origin:
        exit_code, shown = scrapy_at_terminal(
            "sources", "add", origin.url("/"), "--to", to, *options(tmp_path), typed=typed
        )
    assert exit_code == OK, shown
    assert " of about 10 URLs" in shown
    assert "Not known: country, timezone, kind, owner. Enter writes this to" in shown
    assert [(each.country, each.timezone) for each in load_registry([to] if to.exists() else [])] == (
        [("ML", "Africa/Bamako")] if country else []
    )


def test_a_site_without_anything_is_a_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    with serve(Site()) as origin:
        ran = scrapy(
            "sources", "add", origin.url("/"), "--to", tmp_path / "new.toml", "--yes", *options(tmp_path)
        )
    assert ran.returncode == FAILED
    assert ran.stdout.endswith(
        f"Nothing that lists articles was found at {origin.url('/')}: gone (HTTP 404).\n"
    )
    assert not (tmp_path / "new.toml").exists()
