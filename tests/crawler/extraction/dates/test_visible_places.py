"""In which places of a page a date may stand that is the article's own."""

from datetime import date

import pytest

from crawler.extraction.body.blocks import squeeze
from crawler.extraction.dates.visible import read_visible_dates
from tests.support.pages import news_page, parsed_page, story, text


def beside(html: str) -> list[tuple[str, str, str]]:
    """What is read beside the headline of the English story: kind, place, value."""
    titles = {squeeze(text("en", "title")).lower()}
    found = read_visible_dates(
        parsed_page(html).blocks, titles, set(map(squeeze, story())), date(2021, 3, 15)
    )
    return [(item.kind, item.where, item.value) for item in found]


def page(above: str, byline: str) -> str:
    """The story with something above its headline, and another byline."""
    return news_page().replace('<p class="byline">Ana Veld</p>', byline).replace("<h1>", f"{above}<h1>")


@pytest.mark.parametrize(
    ("head", "is_read"),
    [
        ("<p>28 January 2021</p><h1>{}</h1>", True),
        ("<div><p>Section</p><p>28 January 2021</p></div><div><h1>{}</h1><p>Share</p></div>", False),
        (
            "<main><div><p>Section</p><p>28 January 2021</p></div><div><h1>{}</h1><p>Share</p></div></main>",
            True,
        ),
        ("<p>28 January 2021</p><div><h1>{}</h1><p>Share</p></div>", False),
        ('<div><p class="byline">28 January 2021</p></div><h1>{}</h1>', True),
        ('<header><p class="byline">28 January 2021</p></header><h1>{}</h1>', False),
        ('<nav><p class="byline">28 January 2021</p></nav><h1>{}</h1>', False),
        ('<header><p class="byline">28 January 2021</p><h1>{}</h1></header>', True),
        ("<div><p>28 January 2021</p><h2>{0}</h2><p>Section</p><h1>{0}</h1></div>", True),
        ("<div><p>28 January 2021</p>{1}<h1>{0}</h1></div>", False),
    ],
)
def test_a_date_above_the_headline_stands_in_its_part_of_the_page(head: str, is_read: bool) -> None:
    head = head.format(text("en", "title"), "<p>Button</p>" * 4)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story())
    assert bool(beside(f"<html><body>{head}{paragraphs}</body></html>")) is is_read


def test_the_likeliest_place_with_a_publication_is_the_only_one_that_is_read() -> None:
    above = '<p class="byline">Published 3 February 2020</p>'
    assert beside(page(above, "<p>28 January 2021</p>")) == [("published", "text", "2021-01-28")]
    changed = beside(page(above, "<p>Updated 2 February 2021</p>"))
    assert sorted(changed) == [("modified", "text", "2021-02-02"), ("published", "text", "2020-02-03")]


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("<p><time>yesterday</time></p>", []),
        ('<p><time datetime="soon">28 January 2021</time></p>', [("published", "text", "2021-01-28")]),
        ('<p><span id="update-date">28 January 2021</span></p>', [("modified", "text", "2021-01-28")]),
        (
            "<p>27 January 2021</p><p>28 January 2021</p>",
            [("published", "text", "2021-01-27"), ("published", "text", "2021-01-28")],
        ),
        ("<p>28 January 2020</p><p>28 January 2021</p>", []),
    ],
)
def test_what_a_byline_gives(byline: str, found: list[tuple[str, str, str]]) -> None:
    assert beside(page("", byline)) == found
