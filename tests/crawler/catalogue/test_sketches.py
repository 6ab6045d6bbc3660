"""Among which articles a translation is looked for."""

import pytest

from crawler.catalogue import sketches
from crawler.catalogue.sketches import Kept, latest

DAYS = ("2021-01-27", "2021-01-28", "2021-01-29")


def kept(article: int | str, day: int = 0, signs: int = 0, language: str = "uk") -> Kept:
    return Kept(article, DAYS[day], language, signs)


@pytest.mark.parametrize("again", [kept("2021-01/003.txt", signs=7), kept(9, day=2, signs=7)])
def test_of_equal_ones_the_first_that_came_stays(again: Kept) -> None:
    assert latest([kept(1, signs=7), kept(2, signs=8), again]) == [kept(2, signs=8), kept(1, signs=7)]


def test_the_same_signs_in_another_language_are_another_article() -> None:
    both = [kept(1, signs=7), kept(2, signs=7, language="ar")]
    assert latest(both) == both


@pytest.mark.parametrize(("most", "left"), [(4, [3, 1, 4, 2]), (3, [1, 4, 2]), (2, [4, 2]), (1, [2])])
def test_of_too_many_the_latest_stay_and_of_a_day_those_that_came_last(
    monkeypatch: pytest.MonkeyPatch, most: int, left: list[int]
) -> None:
    monkeypatch.setattr(sketches, "MOST", most)
    found = [kept(at, day, signs=at) for at, day in ((1, 1), (2, 2), (3, 0), (4, 1))]
    assert [each.article for each in latest(found)] == left
