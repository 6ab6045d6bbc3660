"""Where a page's text breaks into blocks."""

import pytest

from crawler.extraction.body.blocks import Block, ends_sentence, is_teaser, reading_length, split_lines
from crawler.extraction.loader import clean_text
from tests.support.pages import parsed_page


def blocks_of(body: str) -> list[Block]:
    return parsed_page(f"<html><body>{body}</body></html>").blocks


def texts_of(body: str) -> list[str]:
    return [clean_text(block.text) for block in blocks_of(body)]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("a<p>b</p>c", ["a", "b", "c"]),
        ("<p>a <b>b</b><i>c</i> d</p>", ["a bc d"]),
        ("<p>a<br><br>b<br> <br/>c</p>", ["a", "b", "c"]),
        ("<p>a<br>b</p>", ["a b"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
        ("<h2>a</h2>b<hr>c", ["a", "b", "c"]),
        ("<p>a<script>x()</script>b<style>p{}</style>c</p>", ["abc"]),
        ("<nav>menu</nav><p>a</p><button>press</button><noscript>no</noscript>", ["a"]),
        ("<p> \n </p>", []),
    ],
)
def test_blocks_break_where_a_browser_breaks_lines(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


def test_a_block_knows_its_links_and_its_surroundings() -> None:
    (block,) = blocks_of(
        '<aside class="relatedLinks"><p class="promo">See <a href="/x">the mill</a></p></aside>'
    )
    assert block.link_chars == len("themill")
    assert {"aside", "related"} <= block.marks
    assert block.tag == "p"


def test_paragraphs_in_frames_of_their_own_share_the_container_of_all() -> None:
    one, other, noted = blocks_of(
        "<section><div class='column'><p>a</p></div><div class='column'><p>b</p></div><div class='ad'><p>c</p></div>"
        "</section>"
    )
    assert one.container is other.container
    assert one.container.tag == "section"
    assert noted.container.tag == "div"


def test_a_block_knows_its_pieces_and_its_dates() -> None:
    (block,) = blocks_of("<p><span>By Ana Veld</span> <time datetime='2021-01-28'>28 January</time></p>")
    assert block.pieces == ("By Ana Veld", "28 January")
    assert [time.get("datetime") for time in block.times] == ["2021-01-28"]


def test_a_date_without_text_goes_with_what_follows() -> None:
    (block,) = blocks_of("<div><time datetime='2021-01-28'></time></div><p>Ana Veld</p>")
    assert len(block.times) == 1


def test_links_as_long_as_headlines_point_to_other_articles_and_buttons_do_not() -> None:
    headline, buttons, below = blocks_of(
        "<h3><a href='/1'>The mill burned for two days and nights</a></h3>"
        "<div><a href='#'>Share it</a> <a href='#'>Send it</a> <a href='#'>Print it now</a></div><p>a</p>"
    )
    assert headline.is_pointer
    assert not buttons.is_pointer
    assert buttons.links == 3
    assert [is_teaser([headline, below], at) for at in (0, 1)] == [True, True]
    assert [is_teaser([below, buttons], at) for at in (0, 1)] == [False, False]


@pytest.mark.parametrize("attribute", ["hidden", 'style="display: none"', 'aria-hidden="true"'])
def test_hidden_blocks_are_marked(attribute: str) -> None:
    (block,) = blocks_of(f"<div {attribute}>secret</div>")
    assert "hidden" in block.marks


def test_lines_of_verse_or_of_an_address_are_no_paragraphs() -> None:
    assert len(split_lines("Mill Lane 3\nVarosk\nOstrava Republic")) == 1


@pytest.mark.parametrize(
    "text", ["End.", "Really?", "“Yes!”", "结束。", "खत्म।", "ختم ہوا۔", "«Нет…»", "จบแล้ว"]
)
def test_sentences_end_in_many_scripts(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["Ana Veld", "12 March 2021", "Related:", ""])
def test_labels_are_no_sentences(text: str) -> None:
    assert not ends_sentence(text)


def test_east_asian_letters_count_for_three() -> None:
    assert reading_length("a b\n") == 2
    assert reading_length("大桥") == 6
