"""Which part of a title is the site's, and which of two titles is whole: the values next to each limit."""

import pytest

from crawler.extraction.titles import title_candidates
from tests.support.pages import parsed_page

LONG = "Старий міст над річкою Орла впав уночі після обстрілу та пожежі в порту"


def best(title: str, og: str = "", h1: str = "", site: str = "") -> str:
    """The first title of a page with these."""
    metas = "".join(
        f'<meta property="{name}" content="{text}">'
        for name, text in (("og:title", og), ("og:site_name", site))
        if text
    )
    heading = f"<h1>{h1}</h1>" if h1 else ""
    html = f"<html><head><title>{title}</title>{metas}</head><body>{heading}<p>x</p></body></html>"
    return title_candidates(parsed_page(html))[0]


@pytest.mark.parametrize(("tail", "is_kept"), [(39, False), (40, False), (41, True)])
@pytest.mark.parametrize("separator", [" | ", " - ", " — "])
def test_so_short_is_what_a_site_adds_to_its_titles(separator: str, tail: int, is_kept: bool) -> None:
    added = "ж" * tail
    assert best(f"{LONG}{separator}{added}") == (f"{LONG}{separator}{added}" if is_kept else LONG)


@pytest.mark.parametrize(("head", "is_kept"), [(29, True), (30, True), (31, False)])
def test_what_a_site_adds_is_shorter_than_the_headline(head: int, is_kept: bool) -> None:
    headline, added = "ш" * head, "ж" * 30
    assert best(f"{headline} | {added}") == (f"{headline} | {added}" if is_kept else headline)


@pytest.mark.parametrize("name", ["Вісник", "Газета"])
@pytest.mark.parametrize(("more", "is_site"), [(11, True), (12, True), (13, False)])
def test_the_name_of_a_site_may_have_a_few_more_letters(name: str, more: int, is_site: bool) -> None:
    title = f"{LONG}: {name} {'ж' * more}"
    assert best(title, site=name) == (LONG if is_site else title)


@pytest.mark.parametrize(("name", "is_site"), [("Орлах", False), ("Орлахи", True)])
def test_a_name_of_few_letters_is_in_other_words_by_chance(name: str, is_site: bool) -> None:
    title = f"{LONG}: {name} сьогодні"
    assert best(title, site=name) == (LONG if is_site else title)


@pytest.mark.parametrize(("headline", "is_confirmed"), [("Міст", False), ("Мости", True)])
def test_a_heading_of_few_letters_is_not_borne_out_by_a_title_that_has_them(
    headline: str, is_confirmed: bool
) -> None:
    og = f"{headline} над річкою впав уночі"
    assert best(og, og=og, h1=headline) == (headline if is_confirmed else og)


@pytest.mark.parametrize(("letters", "is_confirmed"), [(15, False), (16, True)])
def test_a_heading_is_borne_out_by_so_long_a_title_within_it(letters: int, is_confirmed: bool) -> None:
    og = "ж" * letters
    heading = f"Терміново {og} уночі"
    assert best(og, og=og, h1=heading) == (heading if is_confirmed else og)


WHOLE = "Старий міст над річкою Орла " + "впавуночі" * 3
"""Its last word begins before the fortieth letter."""


@pytest.mark.parametrize(("cut", "is_read_whole"), [(39, False), (40, True), (41, True)])
def test_a_title_of_so_many_letters_may_have_been_cut(cut: int, is_read_whole: bool) -> None:
    assert best(WHOLE, og=WHOLE[:cut]) == (WHOLE if is_read_whole else WHOLE[:cut])


@pytest.mark.parametrize(("missing", "is_read_whole"), [(3, False), (4, True)])
def test_so_much_is_missing_of_a_title_that_was_cut(missing: int, is_read_whole: bool) -> None:
    assert best(WHOLE, og=WHOLE[:-missing]) == (WHOLE if is_read_whole else WHOLE[:-missing])


@pytest.mark.parametrize(
    ("rest", "is_read_whole"), [(" (фото)", False), ("ів (фото)", True), (", фото та відео", False)]
)
def test_a_title_was_cut_within_a_word_or_a_bracket(rest: str, is_read_whole: bool) -> None:
    start = "Старий міст над річкою Орла впав уночі разом з частиною берег"
    assert best(start + rest, og=start) == (start + rest if is_read_whole else start)
    bracket = f"{start} (як повідомила"
    assert best(f"{bracket} мерія міста)", og=bracket) == f"{bracket} мерія міста)"
