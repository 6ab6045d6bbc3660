"""Up to where a text is a stub, and a line behind it a gate: the values next to each limit."""

import json

import pytest

from crawler.extraction.body.blocks import reading_length
from crawler.extraction.page import Page
from crawler.extraction.paywall import find_paywall
from tests.support.pages import parsed_page

PAID = {"@type": "NewsArticle", "isAccessibleForFree": False}
GATES = {"en": "Already a subscriber? Log in.", "uk": "Лише для передплатників.", "ar": "للمشتركين فقط."}


def line_of(length: int, end: str = ".") -> str:
    """A line of so many letters."""
    line = ("міст над річкою упав " * (length // 17 + 1)).strip()
    while reading_length(line) + len(end) > length:
        line = line[:-1].rstrip()
    line += "ж" * (length - reading_length(line) - len(end)) + end
    assert reading_length(line) == length
    return line


def found(paragraphs: list[str], behind: str = "", node: object = None, around: str = "{}") -> str:
    """What is said of a page that shows these paragraphs, and something behind them."""
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>' if node else ""
    text = around.format("".join(f"<p>{line}</p>" for line in paragraphs))
    page: Page = parsed_page(f"<html><head>{head}</head><body>{text}{behind}</body></html>")
    story = [at for at, block in enumerate(page.blocks) if block.text in paragraphs]
    return find_paywall(page, paragraphs, story)


@pytest.mark.parametrize("node", [PAID, PAID | {"isAccessibleForFree": True}, None])
@pytest.mark.parametrize(
    ("length", "end", "is_stub"),
    [
        (999, "", True),
        (1000, "", False),
        (999, "…", True),
        (1000, "…", True),
        (2999, "…", True),
        (3000, "…", False),
    ],
)
def test_so_long_a_paid_text_that_breaks_off_is_a_stub(
    length: int, end: str, is_stub: bool, node: object
) -> None:
    said = found([line_of(length, end)], node=node)
    assert said == ("declared as paid, and it breaks off" if is_stub and node == PAID else "")


@pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
@pytest.mark.parametrize(("between", "is_seen"), [(0, True), (5, True), (6, False)])
def test_a_gate_is_looked_for_in_the_next_six_texts(gate: str, between: int, is_seen: bool) -> None:
    said = found([line_of(400)], "<div>і</div>" * between + f"<div>{gate}</div>")
    assert said == (f"“{gate}” stands behind it" if is_seen else "")


@pytest.mark.parametrize(
    ("frame", "is_whole", "is_seen"),
    [
        ("<div>{}</div>", True, True),
        ("<footer><p>{}</p></footer>", True, False),
        ("<footer><p>{}</p></footer>", False, True),
        ("<aside><p>{}</p></aside>", True, False),
        ('<div class="comments"><p>{}</p></div>', True, False),
        ('<div class="comments"><p>{}</p></div>', False, False),
    ],
)
def test_where_a_gate_may_stand_depends_on_whether_the_text_is_whole(
    frame: str, is_whole: bool, is_seen: bool
) -> None:
    said = found([line_of(400, "." if is_whole else "")], frame.format(GATES["uk"]))
    assert bool(said) is is_seen


@pytest.mark.parametrize(("length", "is_gate"), [(999, True), (1000, False)])
def test_a_text_as_long_as_an_article_is_no_gate(length: int, is_gate: bool) -> None:
    gate = f"{GATES['uk']} {line_of(length - reading_length(GATES['uk']))}"
    assert reading_length(gate) == length
    assert bool(found([line_of(400)], f"<div>{gate}</div>")) is is_gate


@pytest.mark.parametrize(
    ("names", "shows_it"),
    [('id="paid"', True), ('class="a paid b"', True), ('id="other"', False), ('class="paid-not"', False)],
)
@pytest.mark.parametrize("around", ["<div {}><div>{{}}</div></div>", "<div {}>{{}}</div>"])
def test_the_paid_part_is_known_by_class_or_id_of_what_is_around_the_end(
    names: str, shows_it: bool, around: str
) -> None:
    part = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": "#paid, .paid"}
    said = found([line_of(400)], node=PAID | {"hasPart": part}, around=around.format(names))
    assert said == ("" if shows_it else "it lacks the part that is declared as paid")


OFFER = "Subscribe to continue reading: $4 a month, cancel anytime."


@pytest.mark.parametrize(
    ("lines", "is_free", "is_stub"),
    [
        ([line_of(300), OFFER], False, True),
        ([line_of(300), OFFER], True, False),
        ([OFFER, line_of(300)], False, False),
        ([OFFER, line_of(30)], False, True),
        ([OFFER, line_of(30)], True, True),
    ],
)
def test_an_offer_at_the_end_or_that_is_most_of_the_text_is_no_story(
    lines: list[str], is_free: bool, is_stub: bool
) -> None:
    node = {"@type": "NewsArticle", "isAccessibleForFree": True} if is_free else None
    assert found(lines, node=node).startswith("it ends with an offer") is is_stub


@pytest.mark.parametrize(
    ("more", "is_offer"),
    [(line_of(299 - reading_length(OFFER)), True), (line_of(300 - reading_length(OFFER)), False)],
)
def test_a_paragraph_about_an_offer_is_a_story_from_a_length_on(more: str, is_offer: bool) -> None:
    assert bool(found([line_of(500), f"{OFFER} {more}"])) is is_offer


@pytest.mark.parametrize(("characters", "is_offer"), [(99, True), (100, False)])
def test_a_line_of_which_a_fifth_is_a_gate_is_one(characters: int, is_offer: bool) -> None:
    gate = "Already a subscriber"
    line = f"{gate} {'ж' * (characters - len(gate) - 2)}."
    assert bool(found([line_of(500), line])) is is_offer
