"""Pages whose tags are not closed: browsers show the story where libxml2 has it in a menu."""

import pytest

from crawler.extraction import extract, html5
from crawler.extraction.document import parse
from tests.support.pages import STORIES, news_page, raw_page, story

UNCLOSED = {
    "a button": '<div class="tools"><button class="menu">Menu</div>',
    "a button within a header": '<header><div><button type="button"><span>Search</span></div></header>',
    "a menu": '<div><nav><ul><li><a href="/">Front</a></li></ul></div>',
    "menus within each other": '<div><ul><li><nav><ul><li><nav><ul><li><a href="/a">A</a></li></ul></div>',
    "an aside": '<div><aside class="offer"><p>The Example on paper</p></div>',
    "a list of choices": "<div><header><select><option>English</select><button>Go</header></div>",
}


@pytest.mark.parametrize("language", sorted(STORIES))
@pytest.mark.parametrize("tag", UNCLOSED)
def test_a_story_behind_a_tag_that_is_never_closed_is_found(tag: str, language: str) -> None:
    html = news_page(language).replace("<main>", f"{UNCLOSED[tag]}<main>")
    assert extract(raw_page(html)).paragraphs == story(language)


def test_text_behind_an_early_end_of_the_document_is_found() -> None:
    html = news_page().replace("<main>", "</body></html><main>")
    assert extract(raw_page(html)).paragraphs == story()


def test_a_tree_that_html5_does_not_better_stays() -> None:
    footer = f"<footer>{'<p>Imprint and contact of The Example</p>' * 40}</footer>"
    html = news_page().replace("</main>", f"</main>{footer}").encode()
    first = parse(raw_page(html))
    assert first is not None
    assert html5.mend(first[0], html, lambda _: first[0]) is first[0]


@pytest.mark.parametrize("tag", ['<b id="{}">', '<font color="{}">', '<i class="{}">'])
def test_a_page_that_would_grow_out_of_proportion_is_not_read_again(tag: str) -> None:
    bomb = "<div><nav><p>" + "".join(map(tag.format, range(2000))) + "</div>" + "<p>More" * 2000
    parsed = parse(raw_page(f"<html><body>{bomb}</body></html>"))
    assert parsed is not None
    assert len(list(parsed[0].iter())) < 10_000
