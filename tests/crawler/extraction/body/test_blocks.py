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


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<story-text>Ana.</story-text><story-text>Ivo.</story-text>", ["Ana.", "Ivo."]),
        ("<question>ანა.</question><para>ივო.</para><para>მარი.</para>", ["ანა.", "ივო.", "მარი."]),
        ("<x-body><h2>መግቢያ</h2><x-p>ድልድዩ ፈረሰ።</x-p></x-body>", ["መግቢያ", "ድልድዩ ፈረሰ።"]),
        (
            "<p><span style='display:block'>Άννα.</span><span style='display: block'>Ίβος.</span></p>",
            ["Άννα.", "Ίβος."],
        ),
        ("<h2><button>누가 찾고 있나?</button></h2><button>공유</button>아나.", ["누가 찾고 있나?", "아나."]),
    ],
)
def test_elements_that_hold_paragraphs_break_lines_whatever_their_names(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


@pytest.mark.parametrize(
    "body",
    [
        "<p>The <x-term>mill</x-term> <x-note>by</x-note> the river</p>",
        "<p><x-term>The mill</x-term> <x-term>by the river</x-term></p>",
        "<div>The <x-term>mill</x-term> by the <i>river</i></div>",
        "<h2><x-term>The mill</x-term> by the river</h2>",
        "<div>The mill <b>by</b> <x-term>the</x-term> <b>river</b></div>",
    ],
)
def test_words_in_elements_of_their_own_stay_in_the_line(body: str) -> None:
    assert texts_of(body) == ["The mill by the river"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<pre>The mill\nburned.\n\nNobody\nwas hurt.</pre>", ["The mill burned.", "Nobody was hurt."]),
        ("<div style='white-space: pre-line'>Млин згорів.\n\nНіхто.</div>", ["Млин згорів.", "Ніхто."]),
        ("<div class='whitespace-pre-wrap'>水车烧了。\n\n没有人受伤。</div>", ["水车烧了。", "没有人受伤。"]),
        ("<pre>The mill burned.\n  Nobody was hurt.</pre>", ["The mill burned.", "Nobody was hurt."]),
        ("<pre><code>a = 1\n\nb = 2</code></pre>", ["a = 1 b = 2"]),
        ("<pre hidden>a\n\nb</pre>", ["a b"]),
    ],
)
def test_preformatted_stories_break_at_empty_lines(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>Dead:<br>- Ana Veld, 34<br>- Ivo Brant, 61</p>", ["Dead:", "- Ana Veld, 34", "- Ivo Brant, 61"]),
        ("<p>Раненые:<br>1. Анна Велд<br>2. Иво Брант</p>", ["Раненые:", "1. Анна Велд", "2. Иво Брант"]),
        ("<p>—¿Quién?<br>—Nadie.</p>", ["—¿Quién?", "—Nadie."]),
        ("<p>मृतक:<br>१. आना वेल्ड<br>२. इवो ब्रांट</p>", ["मृतक:", "१. आना वेल्ड", "२. इवो ब्रांट"]),
        ("<p>死者：<br>一、安娜<br>二、伊沃</p>", ["死者：", "一、安娜", "二、伊沃"]),
        ("<p>הרוגים:<br>א) אנה<br>ב) איבו</p>", ["הרוגים:", "א) אנה", "ב) איבו"]),
        ("<p>アナ<br>イヴォ<br>ミレラ<br>オリン</p>", ["アナ", "イヴォ", "ミレラ", "オリン"]),
        ("<p>桥塌了。<br>\u3000\u3000无人受伤。</p>", ["桥塌了。", "无人受伤。"]),
        (
            "<p>The old bridge<br>of Varosk fell<br>at four, and<br>nobody knew.</p>",
            ["The old bridge of Varosk fell at four, and nobody knew."],
        ),
    ],
)
def test_single_line_breaks_part_items_and_names_but_not_wrapped_lines(body: str, texts: list[str]) -> None:
    assert texts_of(body) == texts


def test_a_table_of_facts_is_read_row_by_row() -> None:
    table = (
        "<figure><table><caption>Losses</caption><tr><th>Town<th>Dead<th>Note<tr><td><p>Lenvik</p><td>3<td>"
        "<tr><td>Ulvika<td>0<br>or 1<td>unsure</table></figure>"
    )
    assert texts_of(table) == ["Losses", "Town | Dead | Note", "Lenvik | 3", "Ulvika | 0 or 1 | unsure"]


def test_a_chronology_is_read_row_by_row() -> None:
    event = (
        "Shells fell on the western bank of the river, the mayor said, and the army closed the bridge to all traffic. "
        * 2
    )
    rows = "".join(f"<tr><td>{day} March<td>{event}" for day in (1, 2, 3))
    assert texts_of(f"<table>{rows}</table>") == [f"{day} March | {event.strip()}" for day in (1, 2, 3)]


@pytest.mark.parametrize(
    "body",
    [
        "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
        "<table><tr><td>a<td>b<tr><td>c<td>d<h2></h2></table>",
        "<table><tr><td>a<td>b<tr><td>c<tr><td>d</table>",
    ],
)
def test_a_table_that_arranges_the_page_is_read_cell_by_cell(body: str) -> None:
    assert texts_of(body) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "attributes",
    [
        "class='sr-only'",
        "class='Link-visuallyHidden__x1'",
        "class='u-visually-hidden'",
        "class='screen-reader-text'",
        "class='show-for-sr'",
        "class='sr-only focus:not-sr-only'",
        "class='off note'",
        "class='d-none'",
        "class='hidden'",
        "hidden",
        "style='display:none'",
        "style='clip: rect(0 0 0 0); position: absolute'",
        "style='clip-path: inset(50%)'",
        "style='position:absolute; left:-9999px'",
        "style='position:absolute;width:1px;height:1px;overflow:hidden'",
        "style='font-size:0'",
    ],
)
def test_notes_that_readers_do_not_see_are_not_in_the_line(attributes: str) -> None:
    sheet = "<style>p{margin:0}/* .x */ .off, .p > i{display:none}@media print{.bold{display:none}}</style>"
    body = f"<p>Η <a href='/m'>μυλωνού<span {attributes}>, νέα καρτέλα</span></a> του <b class='bold'>Βάροσκ</b>.</p>"
    assert texts_of(sheet + body) == ["Η μυλωνού του Βάροσκ."]


@pytest.mark.parametrize(
    "attributes",
    [
        "class='not-sr-only'",
        "class='sr-only md:not-sr-only'",
        "aria-hidden='true'",
        "class='hidden md:inline' style='display:none'",
        "class='d-none d-md-inline'",
        "style='font-size:0.9em'",
        "style='line-height:1px; overflow:hidden'",
        "style='font-size: 09px; left: -4px'",
        "class='offscreen-menu-opener'",
    ],
)
def test_notes_that_readers_see_stay(attributes: str) -> None:
    assert texts_of(f"<p>הטוחנת <i {attributes}>מוורוסק</i> מתה.</p>") == ["הטוחנת מוורוסק מתה."]


def test_what_read_more_shows_stays() -> None:
    more = (
        "and the millers, who had slept in the barn, ran to the river with all the buckets that they found, "
        * 2
    )
    assert texts_of(f"<p>The mill burned <span style='display:none'>{more}</span></p>") == [
        f"The mill burned {more.strip()}"
    ]


def test_dates_in_unseen_labels_are_known() -> None:
    (block,) = blocks_of("<p><span class='sr-only'>Published</span> 28 January 2021</p>")
    assert (block.text.strip(), block.pieces) == ("28 January 2021", ("Published", " 28 January 2021"))


def test_a_block_that_only_screen_readers_speak_is_marked() -> None:
    (first, second) = blocks_of(
        "<p class='sr-only'>Story</p><p><span class='visually-hidden'>Advert</span></p>"
    )
    assert "spoken" in first.marks & second.marks


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
