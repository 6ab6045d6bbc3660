"""What is seen of a block."""

import pytest

from crawler.extraction.body import block_features
from crawler.extraction.body.block_features import PageText, describe_blocks, locate
from crawler.extraction.body.weights import WEIGHTS
from crawler.extraction.loader import clean_text
from tests.support.pages import news_page, parsed_page, story, text


def test_a_found_paragraph_is_located_in_order() -> None:
    blocks = parsed_page("<p>Ana</p><p>The mill by the river burned.</p><p>Ana</p>").blocks
    assert locate(blocks, "Themillbytheriverburned.Ana") == [False, True, True]


def test_a_paragraph_is_located_by_its_middle_where_its_ends_differ() -> None:
    sentence = "x" * 30 + "The mill by the river burned for two days and nights." + "y" * 30
    blocks = parsed_page(f"<p>{sentence}</p>").blocks
    assert locate(blocks, "Themillbytheriverburnedfortwodaysandnights.") == [True]


def test_however_many_paragraphs_are_looked_for_the_search_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(block_features, "_MAX_SCANNED", 200)
    sentence = "The mill by the river burned for two days and nights."
    blocks = parsed_page(
        f"{'<p>Another sentence that is nowhere in the text.</p>' * 9}<p>{sentence}</p>"
    ).blocks
    text_with_gap = "".join((f"Gap. {sentence}").split())
    assert not locate(blocks, text_with_gap)[-1]
    assert locate(blocks, "".join(sentence.split()))[-1]


def test_marks_of_the_pages_frame_say_nothing() -> None:
    page = parsed_page(news_page().replace("<main>", '<main class="has-comments newsletter">'))
    found = "".join("".join(story()).split())
    described = describe_blocks(page.blocks, PageText(), locate(page.blocks, found))
    assert not [name for features in described for name in features if "comments" in name]


def test_text_that_json_ld_has_is_known_as_body() -> None:
    page = parsed_page(news_page())
    page_text = PageText.of([text("en", "title")], "", "<p>" + "</p><p>".join(story()) + "</p>")
    described = describe_blocks(page.blocks, page_text, locate(page.blocks, ""))
    known = [
        clean_text(block.text)
        for block, features in zip(page.blocks, described, strict=True)
        if "in article body" in features
    ]
    assert known == list(story())


def test_each_weight_is_of_a_feature_that_pages_have() -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story())
    page = parsed_page(
        f"<form class='comments' hidden><figure class='byline newsletter-signup'>www.varosk.example</figure></form>"
        f"<div class='sidebar'><p>Read also: <a>The mill is on fire</a></p></div><h1>{text('en', 'title')}</h1>"
        f"<p class='lead'>{'The mill, ' * 30}</p><p class='caption'>The mill.</p><ul><li>x</ul>"
        "<header><p>Our newsletter comes to you each Monday</p></header><aside><p>Weather</p></aside>"
        "<footer>The mills of Varosk are on Facebook</footer>"
        "<article><p>Mills</p></article><blockquote><p>A quote</p></blockquote><dl><dt>Mills</dt><dd>Two</dd></dl>"
        "<div class='share'><p>x</p></div><div class='ad'><p>x</p></div><figure><figcaption>x</figcaption></figure>"
        "<p><span class='sr-only'>Spoken</span></p><div class='author-bio'><p>Ada mills.</p></div>"
        f"<div><h2>River</h2>{paragraphs}</div><div>{''.join(f'<p>{paragraph}</p>' for paragraph in story('fr'))}</div>"
    )
    page_text = PageText.of([text("en", "title")], story()[0], "\n".join(story()))
    found = "".join("".join(["River", *story()]).split())
    described = describe_blocks(page.blocks, page_text, locate(page.blocks, found))
    seen = {name for features in described for name in features}
    assert set(WEIGHTS) <= seen
