"""What the markup shows of a page before it is parsed."""

import gzip

import pytest

from crawler.extraction.first_look import MOST_CHARS, look_at
from crawler.items import Evidence
from tests.support.pages import STORIES, news_page, raw_page, story, text

ORLA = "The ferry across the Orla at Tolm runs again since Thursday, and the mayor of Tolm was on board."


@pytest.mark.parametrize("language", sorted(STORIES))
def test_title_story_and_language_are_seen_without_a_tree(language: str) -> None:
    look = look_at(raw_page(news_page(language)))
    assert look.title == text(language, "title")
    assert set(look.paragraphs) >= set(story(language))
    assert look.languages == {language}


def test_a_body_is_decoded_as_its_answer_says() -> None:
    body = gzip.compress(f"<title>Fähre</title><p>{ORLA} Grüße.".encode("latin-1"))
    headers = {"content-type": "text/html; charset=iso-8859-1", "content-encoding": "gzip"}
    look = look_at(raw_page(body, headers=headers))
    assert (look.title, look.paragraphs) == ("Fähre", (f"{ORLA} Grüße.",))


def test_paragraphs_come_before_teasers_and_what_the_page_says_of_itself_before_both() -> None:
    teaser = "<li><a href='/1'>A teaser that is long enough for a sentence, of quite another story of the day</a></li>"
    described = f"<meta content='{ORLA}' name=description>"
    look = look_at(raw_page(f"{described}<ul>{teaser * 9}</ul><p class=x>{story()[0]}</p>"))
    assert look.paragraphs[:2] == (ORLA, story()[0])
    assert look.paragraphs[2].startswith("A teaser") and len(look.paragraphs) == 3


def test_links_and_emphasis_do_not_break_a_paragraph() -> None:
    look = look_at(raw_page("<p>" + ORLA.replace("Tolm", '<a href="/t"><b>Tolm</b></a>') + "</p>"))
    assert look.paragraphs == (ORLA,)


def test_scripts_styles_and_menus_are_no_text() -> None:
    code = f"<script>var long = 'this is no text at all, {'x' * 80}'</script><style>{'a ' * 80}</style>"
    assert look_at(raw_page(code + "<li>World</li><li>Sport</li>")).paragraphs == ()


def test_a_page_that_a_script_writes_is_seen_in_its_data() -> None:
    data = f'<script type="application/ld+json">{{"articleBody": "{ORLA} \\u201eOrla\\u201c"}}</script>'
    assert look_at(raw_page(data)).paragraphs == (f"{ORLA} „Orla“",)


def test_no_more_than_the_beginning_is_taken() -> None:
    page = "".join(f"<p>{number} {ORLA}</p>" for number in range(200))
    assert sum(map(len, look_at(raw_page(page)).paragraphs)) == MOST_CHARS


def test_all_languages_count_that_something_says() -> None:
    page = '<html lang="en-GB">' + "".join(f"<p>{paragraph}</p>" for paragraph in story("fr"))
    assert look_at(raw_page(page, evidence=Evidence(language="ar"))).languages == {"en", "fr", "ar"}


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4\x00\xff" * 50, b"<p " * 20_000, b"<meta content='" * 9_000])
def test_no_bytes_stop_it(body: bytes) -> None:
    assert look_at(raw_page(body)).title == ""
