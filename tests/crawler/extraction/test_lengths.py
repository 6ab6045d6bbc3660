"""Lengths at which a page becomes another thing: one letter less, just so many, and one more."""

import pytest

from crawler.extraction.body.blocks import reading_length
from crawler.extraction.page import Page
from crawler.extraction.page_type import MIN_LENGTH, judge
from crawler.extraction.paywall import find_paywall
from crawler.fates import Fate
from tests.support.pages import parsed_page

ARTICLE = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
FLASH, NOTICE, STUB, BEHIND, LINKS = 80, 1500, 1000, 6, 15
GATE = "Already a subscriber?"


def text(length: int) -> str:
    """One sentence with this reading length."""
    made = ("word " * length)[: length + length // 4].rstrip()
    while reading_length(made) > length - 1:
        made = made[:-1]
    made += "."
    assert reading_length(made) == length
    return made


def page(body: str, head: str = "") -> Page:
    return parsed_page(f"<html><head>{head}</head><body>{body}</body></html>")


def fate(length: int, title: str = "Bridge closed", head: str = "") -> Fate | None:
    return fate_of(page(f"<p>{text(length)}</p>", head), title, [text(length)])


def fate_of(shown: Page, title: str, paragraphs: list[str]) -> Fate | None:
    verdict = judge(shown, title, paragraphs)
    return verdict.fate if verdict else None


def is_paywall_stub(shown: Page, paragraphs: list[str], story: list[int]) -> bool:
    return bool(find_paywall(shown, paragraphs, story))


@pytest.mark.parametrize(("more", "expected"), [(-1, Fate.TOO_SHORT), (0, None), (1, None)])
def test_a_text_of_the_least_length_is_an_article(more: int, expected: Fate | None) -> None:
    assert fate(MIN_LENGTH + more) is expected


@pytest.mark.parametrize(("more", "expected"), [(-1, Fate.TOO_SHORT), (0, None), (1, None)])
def test_one_whole_sentence_is_enough_where_the_page_says_that_it_is_an_article(
    more: int, expected: Fate | None
) -> None:
    assert fate(FLASH + more, head=ARTICLE) is expected
    assert fate(FLASH + more) is Fate.TOO_SHORT


@pytest.mark.parametrize(("more", "expected"), [(-1, Fate.SOFT_404), (0, None), (1, None)])
def test_a_text_too_long_for_a_notice_is_none_whatever_its_title(more: int, expected: Fate | None) -> None:
    assert fate(NOTICE + more, "Page not found") is expected
    assert fate(NOTICE + more, "Page not found", ARTICLE) is None


@pytest.mark.parametrize(("more", "is_stub"), [(-1, True), (0, False), (1, False)])
def test_a_text_too_long_for_a_beginning_is_whole_whatever_follows(more: int, is_stub: bool) -> None:
    shown = text(STUB + more)
    assert is_paywall_stub(page(f"<p>{shown}</p><p>{GATE}</p>"), [shown], [0]) is is_stub


def test_no_text_is_no_beginning() -> None:
    assert not is_paywall_stub(page(f"<p>{GATE}</p>"), [], [])
    assert is_paywall_stub(page(f"<p>A</p><p>{GATE}</p>"), ["A"], [0])


@pytest.mark.parametrize(("more", "is_stub"), [(-1, True), (0, False), (1, False)])
def test_a_long_text_is_no_gate_although_it_names_one(more: int, is_stub: bool) -> None:
    gate = f"{GATE} {text(STUB - reading_length(GATE) + more)}"
    assert is_paywall_stub(page(f"<p>{text(300)}</p><p>{gate}</p>"), [text(300)], [0]) is is_stub


@pytest.mark.parametrize(("between", "is_stub"), [(BEHIND - 1, True), (BEHIND, False)])
def test_a_gate_is_near_the_text(between: int, is_stub: bool) -> None:
    others = "<p>The mill of Varosk burned.</p>" * between
    assert is_paywall_stub(page(f"<p>{text(300)}</p>{others}<p>{GATE}</p>"), [text(300)], [0]) is is_stub


CONSENT = "We and our partners store cookies with your consent: privacy."


@pytest.mark.parametrize(("links", "expected"), [(LINKS, Fate.CONSENT_WALL), (LINKS + 1, Fate.TOO_SHORT)])
def test_a_menu_leads_past_what_asks_for_consent(links: int, expected: Fate) -> None:
    menu = '<a href="/1">1</a>' * links
    assert fate_of(page(f"<p>{CONSENT}</p><div>{menu}</div>"), "", [CONSENT]) is expected


@pytest.mark.parametrize(("letters", "expected"), [(20, Fate.CONSENT_WALL), (21, Fate.TOO_SHORT)])
def test_short_labels_do_not_speak_against_a_consent_wall(letters: int, expected: Fate) -> None:
    labels = f"<p>{'x' * letters}</p>" * 40
    assert fate_of(page(f"<p>{CONSENT}</p>{labels}"), "", [CONSENT]) is expected


@pytest.mark.parametrize(("teasers", "others", "expected"), [(2, 0, None), (3, 0, Fate.INDEX_PAGE)])
@pytest.mark.parametrize("length", [199, 200])
def test_three_teasers_are_no_accident(teasers: int, others: int, expected: Fate | None, length: int) -> None:
    lines = [f"{number} {text(length - 1)}" for number in range(teasers)]
    body = "".join(
        f'<h3><a href="/{line[0]}">A headline that is of some length</a></h3><p>{line}</p>' for line in lines
    )
    assert fate_of(page(body), "News", lines) is (expected if length < 200 else None)


@pytest.mark.parametrize(("others", "expected"), [(1, Fate.INDEX_PAGE), (2, None)])
def test_of_five_paragraphs_four_must_be_teasers(others: int, expected: Fate | None) -> None:
    lines = [f"{number} {text(150)}" for number in range(4)]
    body = "".join(
        f'<h3><a href="/{line[0]}">A headline that is of some length</a></h3><p>{line}</p>' for line in lines
    )
    more = [f"Other {number} {text(150)}" for number in range(others)]
    plain = "".join(f"<h3>Plain</h3><p>{line}</p>" for line in more)
    assert fate_of(page(plain + body), "News", [*more, *lines]) is expected
