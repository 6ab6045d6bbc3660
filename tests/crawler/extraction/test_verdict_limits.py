"""How much text makes an article, a notice or a list of a page: the values next to each limit."""

import pytest

from crawler.extraction.body.blocks import reading_length
from crawler.extraction.notice_pages import find_notice
from crawler.extraction.page import Page
from crawler.extraction.page_type import judge
from crawler.extraction.verdict import Verdict
from crawler.fates import Fate
from tests.support.pages import parsed_page

DECLARED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Міст упав"}</script>'
OG_ARTICLE = '<meta property="og:type" content="article">'


def sentence(length: int, end: str = ".") -> str:
    """So many letters, of words in two scripts."""
    text = ("міст упав harbour shut " * (length // 5 + 1)).split()
    line = ""
    for word in text:
        line = f"{line} {word}".strip()
        if reading_length(line) >= length:
            break
    while reading_length(line) + len(end) > length:
        line = line[:-1].rstrip()
    line += "ж" * (length - reading_length(line) - len(end)) + end
    assert reading_length(line) == length
    return line


def page(*paragraphs: str, head: str = "", more: str = "") -> Page:
    body = "".join(f"<p>{line}</p>" for line in paragraphs)
    return parsed_page(f"<html><head>{head}</head><body>{body}{more}</body></html>")


def fate(verdict: Verdict | None) -> Fate | None:
    return verdict.fate if verdict else None


@pytest.mark.parametrize(("length", "expected"), [(199, Fate.TOO_SHORT), (200, None), (201, None)])
def test_so_many_letters_are_an_article(length: int, expected: Fate | None) -> None:
    line = sentence(length)
    assert fate(judge(page(line), "Міст упав", [line])) == expected


@pytest.mark.parametrize("head", [DECLARED, OG_ARTICLE, ""])
@pytest.mark.parametrize(
    ("line", "is_flash"),
    [(sentence(79), False), (sentence(80), True), (sentence(81), True), (sentence(120, end="…"), False)],
    ids=["79", "80", "81", "cut"],
)
def test_one_whole_sentence_is_enough_for_what_declares_itself_an_article(
    head: str, line: str, is_flash: bool
) -> None:
    verdict = judge(page(line, head=head), "Міст упав", [line])
    assert fate(verdict) == (None if is_flash and head else Fate.TOO_SHORT)


@pytest.mark.parametrize("head", ["", DECLARED])
@pytest.mark.parametrize(("length", "is_notice"), [(1499, True), (1500, False)])
def test_a_long_page_or_one_with_an_article_is_no_notice(head: str, length: int, is_notice: bool) -> None:
    line = sentence(length)
    verdict = judge(page(line, head=head), "404 Not Found", [line])
    assert fate(verdict) == (Fate.SOFT_404 if is_notice and not head else None)


GATE = '<script src="https://ct.captcha-delivery.com/c.js"></script>'


@pytest.mark.parametrize(("lines", "expected"), [(29, Fate.BOT_CHALLENGE), (30, None)])
def test_a_page_with_a_script_of_a_gate_is_one_where_little_is_shown(
    lines: int, expected: Fate | None
) -> None:
    shown = page(*(f"Line {number} of the page" for number in range(lines)), head=GATE)
    assert fate(find_notice(shown, "The Example")) is expected


LIST = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'


@pytest.mark.parametrize("head", [LIST, LIST + DECLARED, ""])
@pytest.mark.parametrize(("length", "is_list"), [(1499, True), (1500, False)])
def test_what_declares_itself_a_list_is_one_unless_it_has_an_article_or_much_text(
    head: str, length: int, is_list: bool
) -> None:
    line = sentence(length)
    expected = Fate.INDEX_PAGE if is_list and head == LIST else None
    assert fate(judge(page(line, head=head), "Новини", [line])) == expected


def links(length: int) -> str:
    """Links to other pages that have so many letters together."""
    whole, rest = divmod(length, 100)
    sizes = [100] * (whole - 1) + [100 + rest]
    return "".join(f'<div><a href="/{at}">{"ж" * size}</a></div>' for at, size in enumerate(sizes))


@pytest.mark.parametrize(
    "head", ["", OG_ARTICLE, '<meta property="article:published_time" content="2021-01-28">']
)
@pytest.mark.parametrize(("linked", "is_list"), [(5000, False), (5001, True)])
def test_ten_times_as_many_letters_in_links_make_a_list_of_what_is_no_article(
    linked: int, is_list: bool, head: str
) -> None:
    line = sentence(300, end="")
    verdict = judge(page(line, head=head, more=links(linked)), "Новини", [line])
    assert fate(verdict) == (Fate.INDEX_PAGE if is_list and not head else None)


@pytest.mark.parametrize(
    ("lengths", "between", "is_list"),
    [
        ((200, 200), "", False),
        ((200, 199), "", True),
        ((400,), "", False),
        ((399,), "", True),
        ((200, 200), "<div>ще</div>", True),
        ((300, 200, 200), "", False),
    ],
)
def test_sentences_in_a_row_are_a_story_however_many_links_surround_them(
    lengths: tuple[int, ...], between: str, is_list: bool
) -> None:
    lines = [f"{at}{sentence(length)[1:]}" for at, length in enumerate(lengths)]
    body = between.join(f"<p>{line}</p>" for line in lines)
    verdict = judge(page(more=body + links(20_000)), "Новини", lines)
    assert fate(verdict) == (Fate.INDEX_PAGE if is_list else None)


def teasers(number: int, others: int, length: int) -> tuple[Page, list[str]]:
    """A page of paragraphs below links, and of some that follow no link."""
    lines = [f"{at}{sentence(length)[1:]}" for at in range(number + others)]
    below = "".join(
        f'<div><a href="/{at}">Як міст над річкою впав, частина {at}</a></div><p>{line}</p>'
        for at, line in enumerate(lines[:number])
    )
    alone = "".join(f"<div>і</div><p>{line}</p>" for line in lines[number:])
    return page(more=below + alone), lines


@pytest.mark.parametrize(
    ("number", "others", "length", "is_list"),
    [
        (3, 0, 100, True),
        (2, 0, 100, False),
        (4, 1, 100, True),
        (3, 1, 100, False),
        (7, 2, 100, False),
        (8, 2, 100, True),
        (4, 0, 199, True),
        (4, 0, 200, False),
    ],
)
def test_short_paragraphs_below_links_are_teasers(
    number: int, others: int, length: int, is_list: bool
) -> None:
    made, lines = teasers(number, others, length)
    assert fate(judge(made, "Новини", lines)) == (Fate.INDEX_PAGE if is_list else None)


@pytest.mark.parametrize("tag", ["div", "app-root", "main"])
@pytest.mark.parametrize(("length", "expected"), [(199, Fate.JS_SHELL), (200, Fate.NO_TEXT)])
def test_an_empty_frame_is_a_shell_where_hardly_anything_is_shown(
    length: int, expected: Fate, tag: str
) -> None:
    made = page(more=f'<{tag} id="app"></{tag}><div>{"ж" * length}</div>')
    assert fate(judge(made, "", [])) == expected


@pytest.mark.parametrize(("pictures", "kind"), [(3, ""), (4, "it is a gallery with 4 captions")])
def test_four_captions_make_a_gallery_of_a_page_without_text(pictures: int, kind: str) -> None:
    shown = "<figure><img src='a.jpg'><figcaption>Міст</figcaption></figure>" * pictures
    verdict = judge(page(more=shown), "", [])
    assert verdict is not None
    assert verdict.evidence.startswith(kind or "none of its")
