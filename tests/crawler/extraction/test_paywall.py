"""Beginnings of paid articles, and articles that came whole."""

import json

import pytest

from crawler.extraction import extract
from tests.support.pages import news_page, raw_page, story


def verdict_of(body: str, *, gate: str = "", **properties: object) -> str | None:
    """The fate of a page with these JSON-LD properties and a gate after its text."""
    node = json.dumps({"@type": "NewsArticle"} | properties)
    head = f'<script type="application/ld+json">{node}</script>'
    page = news_page(body=body, head=head).replace('<div class="newsletter-signup">', f"{gate}<div>")
    return extract(raw_page(page)).verdict


def paragraphs(number: int) -> str:
    return "".join(f"<p>{line}</p>" for line in story()[:number])


PART = {"@type": "WebPageElement", "isAccessibleForFree": False}


@pytest.mark.parametrize(
    "gate",
    [
        '<div class="css-gate"><h2>This story is for subscribers</h2><p>Subscribe to continue reading.</p></div>',
        "<p>Already a subscriber? <a href='/login'>Log in</a></p>",
        "<section><h3>Cet article est réservé aux abonnés</h3></section>",
        "<section><p>Nur für Abonnenten: jetzt testen</p></section>",
        "<section><p>Материал доступен только для подписчиков</p></section>",
        "<section><p>للمشتركين فقط</p></section>",
        "<section><p>この記事は有料会員限定です。残り 812文字</p></section>",
    ],
)
def test_a_gate_behind_a_short_text_makes_it_a_stub(gate: str) -> None:
    assert verdict_of(paragraphs(2), gate=gate) == "paywall_stub"
    assert verdict_of(paragraphs(2), gate=gate, isAccessibleForFree=False) == "paywall_stub"


def test_a_paid_text_that_breaks_off_is_a_stub() -> None:
    body = f"<p>{story()[0][:-20]}…</p><p>x</p>"
    assert verdict_of(body, isAccessibleForFree="False") == "paywall_stub"
    assert verdict_of(body, isAccessibleForFree=True) != "paywall_stub"


def test_a_paid_text_without_its_paid_part_is_a_stub() -> None:
    part = PART | {"cssSelector": ".paid-part"}
    assert verdict_of(paragraphs(2), isAccessibleForFree=False, hasPart=part) == "paywall_stub"
    assert verdict_of(paragraphs(2), isAccessibleForFree=False, hasPart=[part]) == "paywall_stub"


@pytest.mark.parametrize("selector", [".article-body", "main .article-body", "#elsewhere, .article-body"])
def test_a_paid_text_that_shows_its_paid_part_is_an_article(selector: str) -> None:
    part = PART | {"cssSelector": selector}
    assert verdict_of(paragraphs(2), isAccessibleForFree=False, hasPart=part) is None


def test_a_metered_page_that_shows_the_whole_text_is_an_article() -> None:
    assert verdict_of(paragraphs(4), isAccessibleForFree=False) is None
    long = "".join(f"<p>{line}</p>" for language in ("en", "fr", "es") for line in story(language))
    gate = "<p>Already a subscriber? Log in</p>"
    assert verdict_of(long, gate=gate, isAccessibleForFree=False, hasPart=PART) is None


@pytest.mark.parametrize(
    "box",
    [
        "<p>Subscribe to our newsletter and get the news of the day in your inbox</p>",
        "<p><a href='#more'>Continue reading the main story</a></p>",
        "<p>Abonnez-vous à notre lettre</p>",
    ],
)
def test_a_newsletter_box_is_no_gate(box: str) -> None:
    assert verdict_of(paragraphs(4), gate=f"<section>{box}</section>") is None


@pytest.mark.parametrize("part", [None, 1, "x", [], [1], {"cssSelector": 1}, {"cssSelector": "((("}])
def test_nonsense_about_the_paid_part_says_nothing(part: object) -> None:
    assert verdict_of(paragraphs(4), isAccessibleForFree=False, hasPart=part) is None
