"""What extraction makes of every article of the newsroom, against the truth about it."""

from datetime import UTC, datetime
from functools import cache

import pytest

from crawler.demo import Newsroom
from crawler.demo.content import read_sites
from crawler.demo.newsroom import ArticleTruth, Site
from crawler.demo.rendering import AMP
from crawler.extraction import extract
from crawler.items import Article, Evidence, RawPage
from tests.support.newsroom_client import ask

CAPTURED = datetime(2021, 3, 20, 12, tzinfo=UTC)
BY_CONTENT = {"live_blog", "paywall_stub", "index_page"}
"""Fates that a page's content decides; the others are decided before or after extraction."""

PLACES = [
    (site.id, path)
    for site in read_sites()
    for story in site.stories
    for path in ([story.path, AMP + story.path] if story.special == "amp" else [story.path])
]
every_article = pytest.mark.parametrize(("site_id", "path"), PLACES, ids=[path for _, path in PLACES])


@cache
def article_at(url: str, zone: str, language: str) -> Article:
    reply = ask(url)
    assert reply.status == 200
    return extract(RawPage(url, reply.body, reply.headers, CAPTURED, Evidence(zone=zone, language=language)))


def find(newsroom: Newsroom, site_id: str, path: str) -> tuple[Site, ArticleTruth]:
    site = next(site for site in newsroom.sites if site.id == site_id)
    return site, next(truth for truth in site.articles if truth.url == site.link(path))


@every_article
def test_text_and_title_are_those_that_were_published(newsroom: Newsroom, site_id: str, path: str) -> None:
    site, truth = find(newsroom, site_id, path)
    article = article_at(truth.url, site.zone, site.language)
    assert article.title == truth.title
    # A list of other articles has no text of its own, and its fate says so.
    if truth.fate != "index_page":
        assert article.paragraphs == truth.paragraphs


@every_article
def test_the_month_is_right_and_what_is_undated_stays_so(newsroom: Newsroom, site_id: str, path: str) -> None:
    site, truth = find(newsroom, site_id, path)
    assert article_at(truth.url, site.zone, site.language).month == truth.month


@every_article
def test_the_verdict_is_the_fate_that_content_decides(newsroom: Newsroom, site_id: str, path: str) -> None:
    site, truth = find(newsroom, site_id, path)
    verdict = article_at(truth.url, site.zone, site.language).verdict
    assert verdict == (truth.fate if truth.fate in BY_CONTENT else None)


@every_article
def test_the_language_is_that_of_the_text(newsroom: Newsroom, site_id: str, path: str) -> None:
    site, truth = find(newsroom, site_id, path)
    assert article_at(truth.url, site.zone, "").language == truth.language
