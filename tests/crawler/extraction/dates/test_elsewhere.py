"""Which dates that are not beside the headline are the article's own."""

import pytest

from crawler.extraction.body.blocks import squeeze
from crawler.extraction.dates.visible import read_dates_elsewhere
from tests.support.pages import news_page, parsed_page, story, text

OTHER = '<a href="/mill">A mill burned down in the north of Varosk</a>'


def elsewhere(end: str) -> list[str]:
    """The publication that is found below the English story."""
    titles = {squeeze(text("en", "title")).lower()}
    blocks = parsed_page(news_page().replace("</article>", f"{end}</article>")).blocks
    return [item.value for item in read_dates_elsewhere(blocks, titles, set(map(squeeze, story())))]


LABELLED = {
    "<p>Published: {}</p>": "28 January 2021",
    "<div>Published</div><div>{}</div>": "January 28, 2021",
    '<footer><p>Posted by <a href="/v">Ana Veld</a> on <time datetime="2021-01-28">{}</time></p></footer>': "28/1",
    '<p><span itemprop="datePublished" content="2021-01-28">{}</span></p>': "two days ago",
    '<p class="published-date">{}</p>': "28.01.2021",
    "<p>Опубликовано {}</p>": "28 января 2021",
    "<p>تاريخ النشر: {}</p>": "٢٨ يناير ٢٠٢١",
    "<p>发布时间：{}</p>": "2021年1月28日",
}


@pytest.mark.parametrize(("line", "written"), LABELLED.items())
def test_a_line_at_the_end_counts_if_it_says_that_it_is_the_publication(line: str, written: str) -> None:
    assert set(elsewhere(line.format(written))) == {"2021-01-28"}


@pytest.mark.parametrize(
    "end",
    [
        "<p>28 January 2021</p>",
        "<p>Updated: 28 January 2021</p>",
        "<p>Published: 28 January 2021</p><p>Published: 3 March 2021</p>",
        '<div class="related"><p>Published: 28 January 2021</p></div>',
        '<section class="comments"><p>Posted on 28 January 2021</p></section>',
        f"<div>{OTHER}</div><p>Posted on 28 January 2021</p>",
        f"<p>Posted on 28 January 2021</p><h3>{OTHER}</h3>",
        f"<p>{OTHER} Published: 28 January 2021</p>",
        "<p>The book about the bridge, published on 28 January 2021, sold well in all towns on the river.</p>",
    ],
)
def test_other_lines_at_the_end_are_not_read(end: str) -> None:
    assert elsewhere(end) == []


@pytest.mark.parametrize(
    "end",
    [
        '<p class="byline">Ana Veld, 28 January 2021</p>',
        '<div class="article-date">28.01.2021</div>',
        '<p>Ana Veld</p><p class="signature">Halvik, 28 January 2021</p>',
        '<ul class="post-info"><li>Ana Veld</li><li class="date">28 January 2021</li></ul>',
    ],
)
def test_a_byline_below_the_story_is_read(end: str) -> None:
    assert elsewhere(end) == ["2021-01-28"]


@pytest.mark.parametrize(
    "end",
    [
        f'<div>{OTHER}</div><p class="date">28 January 2021</p>',
        '<p class="byline">28 January 2021</p><p class="byline">3 March 2021</p>',
        '<section class="comments"><p class="date">28 January 2021</p></section>',
        '<p class="byline">Updated: 28 January 2021</p>',
    ],
)
def test_bylines_of_others_below_the_story_are_not_read(end: str) -> None:
    assert elsewhere(end) == []


@pytest.mark.parametrize(
    "begin",
    [
        "VAROSK, Jan 28, 2021 (Lamp) - ",
        "Varosk, 28 January 2021 — ",
        "<b>Varosk</b> (28.01.2021): ",
        "ВАРОСК, 28 января 2021 /Лампа/. - ",
        "VAROSK, 28 janvier 2021 – ",
    ],
)
def test_the_dateline_of_the_first_paragraph_is_read(begin: str) -> None:
    first = story()[0]
    html = news_page().replace(f"<p>{first}</p>", f"<p>{begin}{first}</p>")
    blocks = parsed_page(html).blocks
    keys = {block.key for block in blocks if first[:20] in block.text} | set(map(squeeze, story()))
    titles = {squeeze(text("en", "title")).lower()}
    assert [item.value for item in read_dates_elsewhere(blocks, titles, keys)] == ["2021-01-28"]


@pytest.mark.parametrize(
    "begin",
    [
        "On 28 January 2021 ",
        "28 January 2021 – ",
        "From Varosk, since 28 January 2021, ",
        "The law of 28 January 2021 – ",
        "The shelling that began on 28 January 2021 – ",
        "Мост, который рухнул в ночь на 28 января 2021 – ",
    ],
)
def test_a_sentence_that_begins_with_a_date_is_no_dateline(begin: str) -> None:
    first = story()[0]
    html = news_page().replace(f"<p>{first}</p>", f"<p>{begin}{first}</p>")
    blocks = parsed_page(html).blocks
    keys = {block.key for block in blocks if first[:20] in block.text} | set(map(squeeze, story()))
    assert list(read_dates_elsewhere(blocks, {squeeze(text("en", "title")).lower()}, keys)) == []


@pytest.mark.parametrize(
    "body", ["<p>Published: 28 January 2021</p>", "<h1>Bridge</h1><p>Published: 28 January 2021</p>"]
)
def test_a_page_of_which_nothing_else_is_known_may_have_such_a_line(body: str) -> None:
    blocks = parsed_page(f"<body>{body}</body>").blocks
    assert [item.value for item in read_dates_elsewhere(blocks, set(), set())] == ["2021-01-28"]
    assert list(read_dates_elsewhere([], set(), set())) == []


@pytest.mark.parametrize("before", ["<p>Section</p>", "<p>Section</p><p>Share</p>"])
def test_only_the_neighbours_of_a_line_say_that_it_is_of_another_article(before: str) -> None:
    assert elsewhere(f"<div>{OTHER}</div>{before}<p>Published: 28 January 2021</p>") == ["2021-01-28"]
