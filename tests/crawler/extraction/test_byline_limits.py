"""Where names of authors are looked for, and how many are taken: the values next to each limit."""

import pytest

from crawler.extraction.authors import read_byline
from tests.support.pages import parsed_page


def names(body: str, head: str = "") -> list[str]:
    return read_byline(parsed_page(f"<html><head>{head}</head><body>{body}</body></html>")).names


@pytest.mark.parametrize(("between", "is_read"), [(0, True), (10, True), (11, False)])
@pytest.mark.parametrize("headlines", [1, 2])
def test_a_label_is_read_just_below_the_only_headline(headlines: int, between: int, is_read: bool) -> None:
    body = "<h1>Міст упав</h1>" * headlines + "<div>і</div>" * between + "<div>By Ana Veld</div>"
    assert names(body) == (["Ana Veld"] if is_read and headlines == 1 else [])


@pytest.mark.parametrize(("marked", "count"), [(4, 4), (5, 5), (6, 5)])
def test_of_many_marked_names_the_first_are_taken(marked: int, count: int) -> None:
    people = ["Ana Veld", "Ivo Brant", "Odo Tarn", "Mira Donat", "Orrin Vell", "Ula Marsk"]
    body = "".join(f'<a rel="author" href="/{at}">{name}</a> ' for at, name in enumerate(people[:marked]))
    assert names(f"<p>{body}</p>") == people[:count]


@pytest.mark.parametrize(("length", "is_read"), [(90, True), (91, False)])
def test_a_longer_text_is_no_byline(length: int, is_read: bool) -> None:
    line = "By Ana Veld (" + "ж" * (length - len("ByAnaVeld()")) + ")"
    assert len("".join(line.split())) == length
    assert names(f"<h1>Міст упав</h1><div>{line}</div>") == (["Ana Veld"] if is_read else [])


@pytest.mark.parametrize(
    ("label", "is_read"), [("Written by", True), ("Автор", True), ("Est. reading time", False), ("", False)]
)
def test_the_first_label_of_a_card_says_whether_its_value_is_a_name(label: str, is_read: bool) -> None:
    metas = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="Ana Veld">'
    assert names("", metas) == (["Ana Veld"] if is_read else [])


@pytest.mark.parametrize(
    ("written", "name"), [("Veld, Ana", "Ana Veld"), ("Ana Veld", "Ana Veld"), ("Велд, Анна", "Анна Велд")]
)
def test_catalogues_of_science_write_the_family_name_first(written: str, name: str) -> None:
    assert names("", f'<meta name="citation_author" content="{written}">') == [name]


@pytest.mark.parametrize(
    ("second", "is_alike"),
    [('<div class="byline">Ivo Brant</div>', True), ('<p class="byline">Ivo Brant</p>', False)],
)
def test_names_that_look_like_the_first_one_are_of_the_same_byline(second: str, is_alike: bool) -> None:
    body = f'<h1>Міст упав</h1><section><div class="byline">Ana Veld</div>{second}<div>x</div></section>'
    assert names(body) == (["Ana Veld", "Ivo Brant"] if is_alike else ["Ana Veld"])
