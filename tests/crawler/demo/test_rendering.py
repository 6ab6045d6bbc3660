import gzip
import json
import re
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from crawler.demo import ArticleTruth, Newsroom, Site
from crawler.demo.content import SiteContent, read_sites
from crawler.demo.rendering import SiteRenderer

BASE = "http://127.0.0.1:8000"
SITES = {site.language: site for site in read_sites()}
RENDERERS = {language: SiteRenderer(site) for language, site in SITES.items()}
_SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

each_language = pytest.mark.parametrize("language", sorted(SITES))


def text_at(language: str, path: str) -> str:
    return RENDERERS[language].answer(path, BASE).body.decode(SITES[language].encoding)


def tree_at(language: str, path: str) -> HtmlElement:
    return document_fromstring(text_at(language, path))


def squeezed(tree: HtmlElement) -> str:
    return re.sub(r"[^\S\u00a0]+", " ", tree.text_content())


def article_paths(site: SiteContent) -> list[str]:
    return [story.path for story in site.stories]


def html_paths(site: SiteContent) -> list[str]:
    return sorted(
        path
        for path in RENDERERS[site.language].paths
        if not re.search(r"\.(?:xml|gz|json|txt)$|^/feed/$", path)
    )


@each_language
def test_the_same_base_and_path_give_the_same_bytes(language: str) -> None:
    again = SiteRenderer(SITES[language])
    for path in again.paths:
        assert again.answer(path, BASE) == RENDERERS[language].answer(path, BASE)


@each_language
def test_another_port_changes_the_base_url_and_nothing_else(language: str) -> None:
    for path in html_paths(SITES[language]):
        other = RENDERERS[language].answer(path, "http://127.0.0.1:9999").body
        assert other.replace(b"127.0.0.1:9999", b"127.0.0.1:8000").replace(
            b"127.0.0.1%3A9999", b"127.0.0.1%3A8000"
        ) == (RENDERERS[language].answer(path, BASE).body)


@each_language
def test_each_paragraph_of_the_truth_is_in_the_page_once_and_in_order(language: str) -> None:
    for story in SITES[language].stories:
        text = squeezed(tree_at(language, story.path))
        places = [text.find(paragraph) for paragraph in story.paragraphs]
        assert -1 not in places, story.path
        assert places == sorted(places), story.path
        assert all(text.count(paragraph) == 1 for paragraph in story.paragraphs), story.path


@each_language
def test_an_article_has_the_weight_and_the_furniture_of_a_real_one(language: str) -> None:
    for path in article_paths(SITES[language]):
        page = text_at(language, path)
        assert 10_000 <= len(page.encode()) <= 60_000
        for part in ("cookie-banner", "data-share", "og:title", 'rel="canonical"', "<form"):
            assert part in page, (path, part)
        assert len(tree_at(language, path).findall(".//h1")) == 1


@each_language
def test_every_link_leads_to_a_page_of_the_site_or_an_example_domain(language: str) -> None:
    strays = {stray.path for stray in SITES[language].strays}
    for path in html_paths(SITES[language]):
        for anchor in tree_at(language, path).iter("a"):
            url = urlsplit(urljoin(BASE + path, anchor.get("href", "")))
            if url.scheme in ("mailto", "javascript") or (url.hostname or "").endswith(".example"):
                continue
            assert url.hostname == "127.0.0.1"
            assert url.path in RENDERERS[language].paths | strays, (path, url.path)


@each_language
def test_what_looks_like_data_of_the_page_is_valid_json(language: str) -> None:
    for path in article_paths(SITES[language]):
        for script in tree_at(language, path).iter("script"):
            if "json" in (script.get("type") or ""):
                json.loads(script.text or "")


@each_language
def test_a_page_without_a_date_gives_none(language: str) -> None:
    undated = [story for story in SITES[language].stories if not story.published]
    for story in undated:
        answer = RENDERERS[language].answer(story.path, BASE)
        assert answer.modified is None
        tree = tree_at(language, story.path)
        assert not tree.xpath("//time | //meta[contains(@property, 'time')]")
        assert not re.search(r"\d{1,2} \w+ 20\d\d|20\d\d-\d\d|\d\d/\d\d/\d\d", tree.text_content())


@each_language
def test_every_article_is_named_by_a_listing_of_the_registry(language: str, newsroom: Newsroom) -> None:
    (site,) = [site for site in newsroom.sites if site.language == language]
    named = "".join(text_of_listing(site, path) for path in listing_paths(SITES[language]))
    for article in site.articles:
        assert is_named(article, named), article.url


def listing_paths(site: SiteContent) -> list[str]:
    return [listing.path for listing in site.listings if listing.registry or listing.gzip]


def text_of_listing(site: Site, path: str) -> str:
    body = RENDERERS[site.language].answer(path, site.url.rstrip("/")).body
    body = gzip.decompress(body) if path.endswith(".gz") else body
    return body.decode(SITES[site.language].encoding)


def is_named(article: ArticleTruth, text: str) -> bool:
    path = urlsplit(article.url).path
    return re.search(rf"{re.escape(path)}[<\"]", text) is not None


@pytest.mark.parametrize(
    ("language", "path"), [("fr", "/feed/"), ("ar", "/rss.xml"), ("ru", "/rss/news.xml")]
)
def test_rss_is_well_formed_and_dated(language: str, path: str) -> None:
    answer = RENDERERS[language].answer(path, BASE)
    etree.fromstring(answer.body)
    feed = feedparser.parse(answer.body, response_headers={"content-type": answer.content_type})
    assert not feed.bozo
    stories = {BASE + story.path: story for story in SITES[language].stories if story.in_feeds}
    assert {entry.link for entry in feed.entries} == stories.keys()
    for entry in feed.entries:
        assert entry.title == stories[entry.link].title
        assert ("published" in entry) == bool(stories[entry.link].published)


def test_the_russian_feed_and_pages_are_in_windows_1251() -> None:
    answer = RENDERERS["ru"].answer("/rss/news.xml", BASE)
    assert answer.content_type.endswith("charset=windows-1251")
    assert answer.body.startswith(b'<?xml version="1.0" encoding="windows-1251"?>')
    assert "пустыне".encode("windows-1251") in answer.body
    page = RENDERERS["ru"].answer(SITES["ru"].stories[0].path, BASE)
    assert page.content_type == "text/html; charset=windows-1251"
    assert b"charset=windows-1251" in page.body


def test_atom_gives_both_times_of_an_entry() -> None:
    feed = feedparser.parse(RENDERERS["en"].answer("/atom.xml", BASE).body)
    assert not feed.bozo
    stories = {BASE + story.path: story for story in SITES["en"].stories}
    for entry in feed.entries:
        story = stories[entry.link]
        assert (entry.title, entry.published, entry.updated) == (
            story.title,
            story.published,
            story.modified or story.published,
        )


def test_the_json_feed_holds_only_some_of_the_stories() -> None:
    items = json.loads(text_at("es", "/feed.json"))["items"]
    assert {item["url"] for item in items} == {
        BASE + story.path for story in SITES["es"].stories if story.in_feeds
    }
    assert len(items) < len(SITES["es"].stories)


def test_the_news_sitemap_gives_title_and_time() -> None:
    tree = etree.fromstring(RENDERERS["en"].answer("/news-sitemap.xml", BASE).body)
    news = {**_SITEMAP, "n": "http://www.google.com/schemas/sitemap-news/0.9"}
    assert [element.text for element in tree.findall(".//n:title", news)]
    assert len(tree.findall(".//n:publication_date", news)) == len(SITES["en"].stories)


def test_the_sitemap_index_leads_to_gzipped_sitemaps_of_every_story() -> None:
    index = etree.fromstring(RENDERERS["ru"].answer("/sitemap.xml", BASE).body)
    found = set()
    for loc in index.findall(".//s:loc", _SITEMAP):
        answer = RENDERERS["ru"].answer((loc.text or "").removeprefix(BASE), BASE)
        sitemap = etree.fromstring(gzip.decompress(answer.body))
        found |= {element.text for element in sitemap.findall(".//s:loc", _SITEMAP)}
    assert found == {BASE + story.path for story in SITES["ru"].stories}


def test_the_arabic_page_reads_from_right_to_left_and_has_no_paragraph_element() -> None:
    for story in SITES["ar"].stories:
        tree = tree_at("ar", story.path)
        assert tree.get("dir") == "rtl"
        assert tree.find(".//p") is None
        assert len(tree.xpath("//div[@id='NewsDetails']/br")) == 2 * (len(story.paragraphs) - 1)


def test_an_amp_page_names_its_canonical_page_and_has_the_same_text() -> None:
    for story in SITES["es"].stories:
        page, amp = tree_at("es", story.path), tree_at("es", "/amp" + story.path)
        assert page.xpath("string(//link[@rel='amphtml']/@href)") == f"{BASE}/amp{story.path}"
        assert amp.xpath("string(//link[@rel='canonical']/@href)") == BASE + story.path
        assert [p.text_content() for p in amp.xpath("//div[@class='cuerpo']/p")] == list(story.paragraphs)


def test_the_robots_file_forbids_what_a_feed_lists() -> None:
    (story,) = [story for story in SITES["en"].stories if story.special == "robots_disallowed"]
    assert story.path in text_at("en", "/atom.xml")
    (rule,) = [line for line in text_at("en", "/robots.txt").splitlines() if line == "Disallow: /private/"]
    assert story.path.startswith(rule.removeprefix("Disallow: "))


def test_noarchive_is_said_where_it_should_be() -> None:
    for story in SITES["fr"].stories:
        robots = tree_at("fr", story.path).xpath("string(//meta[@name='robots']/@content)")
        assert ("noarchive" in robots) == (story.special == "noarchive")


def test_the_index_page_has_no_text_but_links_to_stories() -> None:
    (story,) = [story for story in SITES["fr"].stories if story.special == "index_page"]
    links = tree_at("fr", story.path).xpath("//ul[@class='dossier-liste']//a")
    assert len(links) >= 5
