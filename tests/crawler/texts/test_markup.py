"""Titles are what readers see, however often programs escaped them."""

import pytest

from crawler.texts.markup import plain_title, undo_markup


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Bridge &amp;amp; tunnel", "Bridge & tunnel"),
        ("Bridge &amp; <i>tunnel</i>", "Bridge & tunnel"),
        ("Pont &amp;lt;b&amp;gt;détruit&amp;lt;/b&amp;gt;", "Pont détruit"),
        ("&amp;quot;Мост&amp;quot; &amp;laquo;пал&amp;raquo;", '"Мост" «пал»'),
        ("&#1575;&#1604;&#1580;&#1587;&#1585; &amp;ndash; Тарн", "الجسر – Тарн"),
        ("גשר &amp;#34;טארן&amp;#34;", 'גשר "טארן"'),
        ("塔恩&amp;nbsp;大桥&amp;hellip;", "塔恩\xa0大桥…"),
        ("<p class='x'>Γέφυρα</p><br/>έπεσε", "Γέφυρα έπεσε"),
        ('<img src="a.jpg" alt="">पुल गिरा', "पुल गिरा"),
        ("&lt;p&gt;สะพาน&lt;/p&gt;", "สะพาน"),
        ("5 < 6 > 4 &amp; AT&T", "5 < 6 > 4 & AT&T"),
        ("a &amp;lt; b", "a < b"),
        ("x&unknown; &#xfffffff; &", "x&unknown; &#xfffffff; &"),
    ],
)
def test_a_title_is_what_readers_see(written: str, title: str) -> None:
    assert plain_title(written) == title


INLINE = ["a", "b", "br", "em", "font", "i", "p", "q", "small", "span", "strong", "sub", "sup", "u"]
BREAKS = ["br", "div", "h1", "h6", "li", "p"]


@pytest.mark.parametrize("tag", INLINE)
@pytest.mark.parametrize(
    "form", ["{0}", "/{0}", "{0} ", "{0}/", "{0} /", "{0} class=x", '{0} class="x" id="y" /']
)
def test_an_inline_tag_in_a_text_is_not_shown(tag: str, form: str) -> None:
    for each in (tag, tag.upper()):
        assert undo_markup(f"Brücke<{form.format(each)}> fällt") == "Brücke fällt"


@pytest.mark.parametrize("tag", BREAKS)
@pytest.mark.parametrize("form", ["{0}", "/{0}", "{0}/", "{0} /", "{0} class=x", '{0} class="x" id="y"'])
def test_where_a_tag_breaks_a_title_it_has_a_space(tag: str, form: str) -> None:
    for each in (tag, tag.upper()):
        assert plain_title(f"Brücke<{form.format(each)}>fällt") == "Brücke fällt"


@pytest.mark.parametrize(
    "text",
    [
        "a <b and c> d",
        "a <p < q> b",
        "<bar>",
        "x <i think> y",
        "<h7>",
        "<b a<c=1>",
        "&toolongtobeanamedcharacter0123456;",
    ],
)
def test_what_is_no_tag_stays(text: str) -> None:
    assert plain_title(text) == text


@pytest.mark.parametrize(("times", "is_undone"), [(3, True), (4, False)])
def test_who_escapes_more_than_three_times_means_it(times: int, is_undone: bool) -> None:
    text = "&"
    for _ in range(times):
        text = text.replace("&", "&amp;")
    assert (plain_title(text) == "&") is is_undone


def test_other_texts_are_undone_once() -> None:
    assert undo_markup("&amp;amp; <b>x</b>") == "&amp; x"
