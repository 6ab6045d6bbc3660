"""Which texts of a page become paragraphs of the article."""

import pytest

from crawler.extraction.body.selection import find_paragraphs
from crawler.extraction.loader import clean_text
from crawler.extraction.metadata import read_page_text
from crawler.extraction.titles import title_candidates
from tests.support.pages import STORIES, news_page, parsed_page, story, text

LANGUAGES = sorted(STORIES)


def paragraphs_of(html: str) -> list[str]:
    page = parsed_page(html)
    return [
        clean_text(paragraph)
        for paragraph in find_paragraphs(page, read_page_text(page, title_candidates(page)))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_is_found_without_what_surrounds_it(language: str) -> None:
    assert paragraphs_of(news_page(language)) == list(story(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_double_line_breaks_part_paragraphs(language: str) -> None:
    body = "<br><br>\n".join(story(language))
    assert paragraphs_of(news_page(language, body=body)) == list(story(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_single_line_breaks_after_whole_sentences_part_paragraphs(language: str) -> None:
    body = "<br/>".join(story(language))
    assert paragraphs_of(news_page(language, body=body)) == list(story(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_divs_without_paragraph_elements_are_paragraphs(language: str) -> None:
    body = "".join(f"<div>{paragraph}</div>" for paragraph in story(language))
    assert paragraphs_of(news_page(language, body=body)) == list(story(language))


@pytest.mark.parametrize("part", ["title", "caption", "also", "share", "newsletter"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_around_the_story_are_left_out(language: str, part: str) -> None:
    assert not any(text(language, part) in paragraph for paragraph in paragraphs_of(news_page(language)))


def test_links_inside_a_sentence_stay_in_it() -> None:
    first, *others = story()
    linked = first.replace("mayor of the town", '<a href="/mayor">mayor</a> of <b>the town</b>')
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (linked, *others))
    assert paragraphs_of(news_page(body=body))[0] == first


def test_a_heading_between_paragraphs_is_kept_and_one_at_the_end_is_not() -> None:
    first, second, third, fourth = (f"<p>{paragraph}</p>" for paragraph in story())
    body = f"{first}{second}<h2>A ferry for the villages</h2>{third}{fourth}<h2>Our podcasts</h2>"
    found = paragraphs_of(news_page(body=body))
    assert found[2] == "A ferry for the villages"
    assert found[-1] == story()[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_that_points_elsewhere_is_not_the_storys_wherever_it_stands(language: str) -> None:
    first, second, third, fourth = (f"<p>{paragraph}</p>" for paragraph in story(language))
    body = f"{first}{second}<h3>{text(language, 'also')}</h3>{third}{fourth}"
    assert paragraphs_of(news_page(language, body=body)) == list(story(language))


def test_list_items_and_quotes_are_paragraphs_of_their_own() -> None:
    first, second, third, fourth = story()
    body = f"<p>{first}</p><ul><li>{second}</li><li>{third}</li></ul><blockquote><p>{fourth}</p></blockquote>"
    assert paragraphs_of(news_page(body=body)) == list(story())


def test_a_story_cut_in_two_by_advertising_is_whole() -> None:
    first, second, third, fourth = (f"<p>{paragraph}</p>" for paragraph in story())
    halves = f'{first}{second}</div><div class="ad-slot">Advertisement</div><div class="article-body">{third}{fourth}'
    assert paragraphs_of(news_page(body=halves)) == list(story())


AD = '<div class="ad"><p>Advertisement</p><a href="#more">Continue reading the main story</a></div>'
NEWSLETTER = (
    '<div class="promo-newsletter"><p>Get the stories that matter in your inbox every day at six.</p></div>'
)


@pytest.mark.parametrize("frame", ["<p>{}</p>", '<div class="column"><p class="css-1">{}</p></div>'])
def test_short_paragraphs_behind_advertising_are_not_lost(frame: str) -> None:
    last = ("Dry weather is expected through Thursday.", "The mill will open again in June.")
    before = "".join(frame.format(paragraph) for paragraph in story())
    behind = "".join(AD + frame.format(paragraph) for paragraph in last)
    page = news_page(body=f"{before}{behind}").replace("</article>", f"</article>{NEWSLETTER}")
    assert paragraphs_of(page) == [*story(), *last]


def test_what_follows_a_flash_is_not_taken_for_its_text() -> None:
    flash = (
        "A bomb killed two soldiers near the mill of Varosk on Tuesday, the army of Ostrava Republic said."
    )
    page = news_page(body=f"<p>{flash}</p>").replace("</article>", f"</article>{NEWSLETTER}")
    assert paragraphs_of(page) == [flash]


def test_teasers_behind_the_story_are_left_out() -> None:
    teasers = "".join(
        f'<dt><a href="/{number}">The villages of the north, part {number}</a></dt><dd>{paragraph}</dd>'
        for number, paragraph in enumerate(paragraph.replace("bridge", "mill") for paragraph in story())
    )
    page = news_page().replace("</main>", f"<dl>{teasers}</dl></main>")
    assert paragraphs_of(page) == list(story())


def test_paragraphs_with_pointers_between_them_are_all_the_storys() -> None:
    also = '<div class="promo"><a href="/mill">The mill of Varosk burned for two days</a></div>'
    body = also.join(f"<p>{paragraph}</p>" for paragraph in story())
    assert paragraphs_of(news_page(body=body)) == list(story())


def test_long_links_inside_the_last_paragraphs_do_not_cost_them() -> None:
    linked = [
        f'<p>{line[:20]}<a href="/{at}">{line[20:60]}</a>{line[60:]}</p>' for at, line in enumerate(story())
    ]
    assert paragraphs_of(news_page(body="".join(linked))) == list(story())


def test_a_paragraph_shown_twice_is_kept_once() -> None:
    lead = f'<p class="mobile-only">{story()[0]}</p>'
    body = lead + "".join(f"<p>{paragraph}</p>" for paragraph in story())
    assert paragraphs_of(news_page(body=body)) == list(story())


@pytest.mark.parametrize("answer", ["No.", "No, never."])
def test_a_short_answer_given_twice_is_kept_twice(answer: str) -> None:
    first, second, third, fourth = story()
    told = [first, answer, second, answer, third, fourth]
    assert paragraphs_of(news_page(body="".join(f"<p>{paragraph}</p>" for paragraph in told))) == told


def test_readers_comments_are_left_out() -> None:
    comment = "I crossed this bridge every day of my life, and I cannot believe that it should be gone now."
    comments = (
        f'<section class="comments"><h3>Comments</h3><div class="comment"><p>{comment}</p></div></section>'
    )
    page = news_page().replace("</article>", f"</article>{comments}")
    assert paragraphs_of(page) == list(story())


def test_broken_markup_does_not_lose_the_story() -> None:
    broken = news_page().replace("</p>", "").replace("</div>", "</span>").replace("</article>", "")
    assert paragraphs_of(broken)[: len(story())] == list(story())


def test_a_page_that_a_script_fills_gives_the_text_of_its_json_ld() -> None:
    body = "\\n\\n".join(story())
    html = (
        '<html><body><div id="root"></div><script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "articleBody": "{body}"}}</script></body></html>'
    )
    assert [paragraph for paragraph in paragraphs_of(html) if paragraph] == list(story())


def test_a_page_without_text_has_no_paragraphs() -> None:
    assert paragraphs_of("<html><body><img src='a.png'></body></html>") == []
