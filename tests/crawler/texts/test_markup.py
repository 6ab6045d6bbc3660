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


def test_other_texts_are_undone_once() -> None:
    assert undo_markup("&amp;amp; <b>x</b>") == "&amp; x"
