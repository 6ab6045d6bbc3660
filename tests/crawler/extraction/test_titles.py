"""Titles: what a reader would call the page."""

import pytest

from crawler.extraction.titles import title_candidates
from tests.support.pages import parsed_page


def title_of(html: str) -> str:
    return title_candidates(parsed_page(html))[0]


def test_the_headline_that_the_pages_metadata_bear_out_is_the_title() -> None:
    html = (
        '<title>The bridge fell | The Example</title><meta property="og:title" content="The bridge fell">'
        "<h1>Log in</h1><h1>The bridge fell</h1><p>x</p>"
    )
    assert title_of(html) == "The bridge fell"


def test_without_headline_the_sites_name_is_taken_off_the_title() -> None:
    assert (
        title_of("<title>The bridge of Varosk fell - The Example</title><p>x</p>")
        == "The bridge of Varosk fell"
    )


@pytest.mark.parametrize(
    ("href", "is_headline"),
    [("", True), ("/?p=7", True), ("/#top", True), ("/", False), ("//news.example", False)],
)
def test_a_heading_that_leads_to_the_front_page_is_the_sites_name(href: str, is_headline: bool) -> None:
    html = f"<h1><a href='{href}'>The bridge of Varosk fell</a></h1><h1>The ferry sank</h1><p>x</p>"
    assert title_of(html) == ("The bridge of Varosk fell" if is_headline else "The ferry sank")


def test_a_dash_inside_a_headline_is_kept() -> None:
    html = "<title>Varosk - a town without bridge</title><h1>Varosk - a town without bridge</h1>"
    assert title_of(html) == "Varosk - a town without bridge"


def test_a_kicker_glued_to_the_headline_is_spelled_as_in_the_metadata() -> None:
    html = (
        '<meta property="og:title" content="War in Ostrava: The bridge fell">'
        "<h1><span>War in Ostrava</span><span>The bridge fell</span></h1>"
    )
    assert title_of(html) == "War in Ostrava: The bridge fell"


@pytest.mark.parametrize(
    "headline",
    [
        "The bridge of Varosk fell at night",
        "Мост в Вароске рухнул этой ночью",
        "سقط جسر فاروسك في الليل",
        "הגשר בוורוסק קרס בלילה",
        "Η γέφυρα του Βάροσκ κατέρρευσε τη νύχτα",
        "瓦罗斯克大桥夜间倒塌，港口关闭",
        "ヴァロスクの橋が夜間に崩落した",
        "สะพานวารอสก์ถล่มในตอนกลางคืน",
        "वारोस्क का पुल रात में गिर गया",
    ],
)
@pytest.mark.parametrize(
    "html",
    [
        '<title>{0} | World | The Vella Post</title><meta property="og:site_name" content="The Vella Post"><p>x',
        "<title>{0} - The Vella Post</title><h1 class='logo'>The Vella Post</h1><h1>{0}</h1><p>x",
        "<title>The Vella Post: {0}</title><h1><a href='/'>The Vella Post</a></h1><h2>{0}</h2><p>x",
        "<title>{0} – The Vella Post</title><h1 id='site-title'><a href='https://news.example'>The Vella Post</a></h1>",
        "<title>{0}</title><h1>{0}<time>28 January 2021</time><h6>By Ana Veld</h6></h1><p>x",
        '<meta name="citation_title" content="{0}"><title>Vol. 3</title><p>x',
        "<title>{0} ⋆ Vella</title><p>x",
        '<title>{0}</title><script type="application/ld+json">'
        '{{"@type": "WebSite", "name": "{0}"}}</script><h1>{0}</h1><p>x',
        '<title>{0}</title><meta property="og:site_name" content="{0}"><meta property="og:title" content="News">'
        "<h1>{0}</h1><p>x",
    ],
)
def test_the_site_its_sections_and_dates_are_no_part_of_a_title(headline: str, html: str) -> None:
    page = parsed_page(html.format(headline), "https://news.example/world/bridge")
    assert title_candidates(page)[0] == headline


@pytest.mark.parametrize(
    "headline",
    [
        "Varosk: a town without bridge",
        "Bridge - what we know so far",
        "Ana Veld | Ivo Dan: two lives by the river",
        "#Varosk rises again",
    ],
)
def test_what_the_headline_contains_stays(headline: str) -> None:
    assert title_of(f"<title>{headline} | The Example</title><h1>{headline}</h1><p>x</p>") == headline


@pytest.mark.parametrize(
    "headline",
    [
        "The bridge of Varosk fell at night and the ferry to the islands does not run (with a map)",
        "Мост в Вароске рухнул этой ночью, паром на острова не ходит, порт закрыт до воскресенья",
        "Η γέφυρα του Βάροσκ κατέρρευσε τη νύχτα και το πλοίο για τα νησιά δεν θα αποπλεύσει σήμερα",
    ],
)
def test_a_title_that_was_cut_is_read_whole(headline: str) -> None:
    cut = headline[: len(headline) - 8]
    assert title_of(f"<title>{cut} | Vella</title><h1>{headline}</h1><p>x</p>") == headline
    meta = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{cut}"}}</script>'
    assert title_of(f"<title>{headline} - Vella</title>{meta}<p>x</p>") == headline


def test_lines_of_a_headline_are_words_of_their_own() -> None:
    assert (
        title_of("<title>The Bridge Fell | Vella</title><h1>THE BRIDGE<br>FELL</h1><p>x</p>")
        == "THE BRIDGE FELL"
    )
