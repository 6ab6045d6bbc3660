from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.frontier.link_score import MOST_JUDGED, Focus, discover_promising, words_of
from crawler.items import Evidence, Link, RawPage, UrlKind
from crawler.relevance.seeds import read_seeds
from tests.conftest import ROOT

WAR = "Russian warplanes bomb the rebel town of Tarmil in Syria"
SPORT = "Strikers fire Veld United to the top of the table"


@pytest.fixture(scope="module", params=["both", "conflict", "related"])
def focus(request: pytest.FixtureRequest) -> Focus:
    return Focus(tuple(read_seeds(Path(ROOT, "seeds"))), request.param)


def feed(*items: tuple[str, str]) -> RawPage:
    """A feed with articles, each given by headline and path."""
    listed = "".join(f"<item><title>{title}</title><link>{path}</link></item>" for title, path in items)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{listed}</channel></rss>'
    headers = {"content-type": "application/rss+xml"}
    return RawPage("https://veld.example/feed", body.encode(), headers, datetime.now(UTC), Evidence())


def promises(focus: Focus | None, *items: tuple[str, str]) -> list[float | None]:
    return [link.promise for link in discover_promising(feed(*items), UrlKind.FEED, focus)]


def test_a_headline_on_what_is_sought_promises_more(focus: Focus) -> None:
    war, sport = promises(focus, (WAR, "/1"), (SPORT, "/2"))
    assert war is not None
    assert sport is not None
    assert 0 <= sport < war <= 1


def test_without_a_headline_the_url_tells(focus: Focus) -> None:
    slug = WAR.lower().replace(" ", "-")
    war, sport = promises(focus, ("", f"/2021/01/{slug}.html"), ("", "/2021/01/veld-united-top-of-the-table"))
    assert war is not None
    assert sport is not None
    assert sport < war


def test_what_tells_nothing_promises_what_its_neighbours_do(focus: Focus) -> None:
    (_, among_war), (_, among_sport) = (promises(focus, (title, "/1"), ("", "/2")) for title in (WAR, SPORT))
    assert among_war is not None
    assert among_sport is not None
    assert among_sport < among_war


def test_nothing_is_left_out_whatever_it_promises(focus: Focus) -> None:
    items = [(SPORT, f"/{number}") for number in range(40)]
    assert len(promises(focus, *items)) == 40


def test_of_a_long_list_only_the_beginning_is_judged_and_the_rest_like_it(
    focus: Focus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.frontier.link_score.MOST_JUDGED", 2)
    first, second, *rest = promises(focus, (WAR, "/1"), (SPORT, "/2"), (WAR, "/3"), (SPORT, "/4"))
    assert first is not None
    assert second is not None
    assert rest == [pytest.approx((first + second) / 2)] * 2
    assert MOST_JUDGED >= 1000


def test_without_a_focus_nothing_is_promised() -> None:
    assert promises(None, (WAR, "/1")) == [None]


def test_a_list_of_lists_is_not_judged(focus: Focus) -> None:
    index = (
        b'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>https://veld.example/air-strikes-in-syria.xml</loc></sitemap></sitemapindex>"
    )
    raw = replace(feed(), body=index, headers={"content-type": "application/xml"})
    [link] = discover_promising(raw, UrlKind.SITEMAP, focus)
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
