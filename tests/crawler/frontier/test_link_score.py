from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.frontier.link_score import MOST_SCORED, discover_scored, words_of
from crawler.items import Evidence, Link, RawPage, UrlKind
from crawler.relevance import TopicProfile
from crawler.relevance.seeds import read_topic_profile
from tests.support.checkout import ROOT

WAR = "Russian warplanes bomb the rebel town of Tarmil in Syria"
SPORT = "Strikers fire Veld United to the top of the table"


@pytest.fixture(scope="module", params=["both", "conflict", "related"])
def profile(request: pytest.FixtureRequest) -> TopicProfile:
    return read_topic_profile(Path(ROOT, "seeds"), request.param)


def feed(*items: tuple[str, str]) -> RawPage:
    """A feed with articles, each given by headline and path."""
    listed = "".join(f"<item><title>{title}</title><link>{path}</link></item>" for title, path in items)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{listed}</channel></rss>'
    headers = {"content-type": "application/rss+xml"}
    return RawPage("https://veld.example/feed", body.encode(), headers, datetime.now(UTC), Evidence())


def scores(profile: TopicProfile | None, *items: tuple[str, str]) -> list[float | None]:
    return [link.score for link in discover_scored(feed(*items), UrlKind.FEED, profile).links]


def test_a_headline_on_topic_scores_higher(profile: TopicProfile) -> None:
    war, sport = scores(profile, (WAR, "/1"), (SPORT, "/2"))
    assert war is not None
    assert sport is not None
    assert 0 <= sport < war <= 1


@pytest.mark.parametrize(
    "written",
    [
        "Russian war&amp;#112;lanes &amp;lt;b&amp;gt;bomb&amp;lt;/b&amp;gt; the rebel town of Tarmil in Syria",
        "&lt;p&gt;Russian warplanes bomb the rebel&amp;nbsp;town of Tarmil in &amp;#83;yria&lt;/p&gt;",
        "<![CDATA[Russian warplanes&#32;bomb the <i>rebel</i> town of Tar&#109;il in S&amp;#121;ria]]>",
    ],
)
def test_a_headline_counts_however_often_it_was_escaped(profile: TopicProfile, written: str) -> None:
    plain, escaped = scores(profile, (WAR, "/1"), (written, "/2"))
    assert plain == escaped


def test_without_a_headline_the_url_decides(profile: TopicProfile) -> None:
    slug = WAR.lower().replace(" ", "-")
    war, sport = scores(profile, ("", f"/2021/01/{slug}.html"), ("", "/2021/01/veld-united-top-of-the-table"))
    assert war is not None
    assert sport is not None
    assert sport < war


def test_a_link_without_words_gets_the_mean_of_its_listing(profile: TopicProfile) -> None:
    (_, among_war), (_, among_sport) = (scores(profile, (title, "/1"), ("", "/2")) for title in (WAR, SPORT))
    assert among_war is not None
    assert among_sport is not None
    assert among_sport < among_war


def test_no_link_is_left_out_whatever_its_score(profile: TopicProfile) -> None:
    items = [(SPORT, f"/{number}") for number in range(40)]
    assert len(scores(profile, *items)) == 40


def test_only_the_beginning_of_a_long_listing_is_scored_and_the_rest_gets_its_mean(
    profile: TopicProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.frontier.link_score.MOST_SCORED", 2)
    first, second, *rest = scores(profile, (WAR, "/1"), (SPORT, "/2"), (WAR, "/3"), (SPORT, "/4"))
    assert first is not None
    assert second is not None
    assert rest == [pytest.approx((first + second) / 2)] * 2
    assert MOST_SCORED >= 1000


def test_without_a_profile_no_link_is_scored() -> None:
    assert scores(None, (WAR, "/1")) == [None]


def test_links_to_listings_are_not_scored(profile: TopicProfile) -> None:
    index = (
        b'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>https://veld.example/air-strikes-in-syria.xml</loc></sitemap></sitemapindex>"
    )
    raw = replace(feed(), body=index, headers={"content-type": "application/xml"})
    [link] = discover_scored(raw, UrlKind.SITEMAP, profile).links
    assert link == Link(link.url, UrlKind.SITEMAP, link.evidence)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://veld.example/2021/01/air-strikes-near-veld.html", "air strikes near veld html"),
        ("https://veld.example/%D8%BA%D8%A7%D8%B1%D8%A9_%D8%AC%D9%88%D9%8A%D8%A9", "غارة جوية"),
        ("https://veld.example/article/20210111-17", "article"),
        ("https://veld.example/?p=17", ""),
    ],
)
def test_the_words_of_a_url_are_those_of_its_path(url: str, words: str) -> None:
    assert words_of(url) == words
