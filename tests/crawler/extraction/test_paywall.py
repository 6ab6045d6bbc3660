"""Beginnings of paid articles, and articles that came whole."""

import json

import pytest

from crawler.extraction import extract
from tests.support.briefs import BRIEFS
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
    for free in (True, "True", "true", None):
        assert verdict_of(body, isAccessibleForFree=free) != "paywall_stub"


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


PHRASES = {
    "en": "Already a subscriber? Log in",
    "uk": "Лише для передплатників",
    "ar": "للمشتركين فقط",
    "he": "למנויים בלבד",
    "ko": "구독자 전용",
    "ja": "会員限定",
    "zh": "会员专享",
}
FRAMES = ("footer", "aside", "nav", 'div class="site-footer"')


def brief(language: str, *, behind: str = "", frame: str = "", node: object = None, ending: str = "") -> str:
    title, lines = BRIEFS[language]
    whole = [*lines[:2], lines[2] + ending]
    return (
        f"<html><head><title>{title}</title><script type='application/ld+json'>{json.dumps(node or {})}</script></head>"
        f"<article><h1>{title}</h1>{''.join(f'<p>{line}</p>' for line in whole)}</article>{behind}{frame}</html>"
    )


def fate_of(html: str) -> str | None:
    return extract(raw_page(html)).verdict


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_a_gate_in_the_frame_of_the_site_counts_where_the_text_breaks_off(language: str) -> None:
    shown = f"<footer><p>{PHRASES[language]}</p></footer>"
    assert fate_of(brief(language, frame=shown, ending=" …")) == "paywall_stub"


@pytest.mark.parametrize("language", sorted(PHRASES))
@pytest.mark.parametrize("frame", FRAMES)
def test_a_short_and_free_story_is_whole_although_its_site_sells_subscriptions(
    language: str, frame: str
) -> None:
    shown = f"<{frame}><p>{PHRASES[language]}</p></{frame.split()[0]}>"
    assert fate_of(brief(language, frame=shown)) is None


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_a_gate_right_behind_a_short_text_makes_it_a_stub_in_every_script(language: str) -> None:
    gate = f"<div><p>{PHRASES[language]}</p></div>"
    assert fate_of(brief(language, behind=gate)) == "paywall_stub"
    assert fate_of(brief(language, behind=gate, node={"@type": "NewsArticle"})) == "paywall_stub"


@pytest.mark.parametrize("free", [True, "True", "true"])
def test_an_article_that_is_declared_free_is_whole_where_its_text_ends(free: object) -> None:
    node = {"@type": "NewsArticle", "isAccessibleForFree": free}
    gate = f"<div><p>{PHRASES['en']}</p></div>"
    assert fate_of(brief("en", behind=gate, node=node)) is None
    assert fate_of(brief("en", behind=gate, node=node, ending=" The mayor of the town …")) == "paywall_stub"
    assert fate_of(brief("en", behind=gate, node=node | {"wordCount": 700})) == "paywall_stub"
    assert fate_of(brief("en", behind=gate, node=node | {"wordCount": 60})) is None


def test_a_paid_text_with_less_than_half_of_its_words_is_a_stub() -> None:
    node = {"@type": "NewsArticle", "isAccessibleForFree": False}
    assert fate_of(brief("en", node=node | {"wordCount": "900"})) == "paywall_stub"
    assert fate_of(brief("en", node=node | {"wordCount": "many"})) is None
    assert fate_of(brief("th", node=node | {"wordCount": 900})) is None, (
        "Thai has no spaces between its words"
    )


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
@pytest.mark.parametrize(("more", "fate"), [(0, None), (1, "paywall_stub")])
def test_half_of_the_declared_words_is_just_enough(language: str, more: int, fate: str | None) -> None:
    words = sum(len(line.split()) for line in BRIEFS[language][1])
    node = {"@type": "NewsArticle", "isAccessibleForFree": False, "wordCount": 2 * words + more}
    assert fate_of(brief(language, node=node)) == fate


def test_a_longer_text_is_a_stub_only_if_it_is_paid_and_stops_with_an_ellipsis() -> None:
    lines = [line for language in ("en", "uk", "el", "ka", "ar") for line in BRIEFS[language][1]]
    body = "".join(f"<p>{line}</p>" for line in lines)
    assert verdict_of(f"{body}<p>The mayor of the town…</p>", isAccessibleForFree=False) == "paywall_stub"
    assert verdict_of(f"{body}<p>The mayor of the town…</p>") is None
    assert verdict_of(f"{body}<p>The mayor of the town said so.</p>", isAccessibleForFree=False) is None


@pytest.mark.parametrize(
    "offer",
    [
        "This story is for subscribers only. Choose your plan: $4 a month, cancel anytime.",
        "Réservé aux abonnés : 1 € par mois, sans engagement. Déjà abonné ? Connectez-vous pour lire la suite.",
        "Jetzt weiterlesen mit dem Abo: 9,90 € im Monat, jederzeit kündbar.",
        "Оформите подписку за 199 руб в месяц, чтобы читать дальше.",
        "この記事は会員限定です。月額980円で続きを読むには登録してください。",
    ],
)
def test_an_offer_that_was_taken_for_text_is_no_story(offer: str) -> None:
    page = f"<article><h1>Bridge of Varosk falls</h1><p>{story()[0]}</p><p>{offer}</p></article>"
    article = extract(raw_page(page))
    if any(offer[:20] in line for line in article.paragraphs):
        assert article.verdict == "paywall_stub"
    else:
        assert article.verdict in ("paywall_stub", "too_short")


def test_a_story_about_offers_is_a_story() -> None:
    lines = (
        "The harbour paper of Tarnhaven will cost $4 a month from May on, its publisher said on Monday, and readers can"
        " cancel anytime, as they could until now.",
        "A free trial of two weeks remains. The paper has four thousand readers, most of them sailors, and lost a third"
        " of them when the ferry stopped.",
    )
    page = f"<article><h1>Paper of Tarnhaven gets dearer</h1>{''.join(f'<p>{line}</p>' for line in lines)}</article>"
    assert extract(raw_page(page)).verdict is None
