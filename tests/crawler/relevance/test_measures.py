import pytest

from crawler.relevance.measures import Measures, Row, best_threshold

ROWS = [
    Row(True, 0.9, True),
    Row(False, 0.8, True),
    Row(True, 0.7, True),
    Row(True, 0.4, False),
    Row(False, 0.1, False),
]


def test_counts_give_the_usual_measures() -> None:
    found = Measures.of(ROWS)
    assert [found.precision, found.recall] == pytest.approx([2 / 3, 2 / 3])
    assert found.f1 == pytest.approx(2 / 3)
    assert found.false_accepts == 0.5
    assert found.average_precision == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_texts_of_one_score_count_together() -> None:
    alike = [Row(True, 0.5, True), Row(False, 0.5, True)]
    assert Measures.of(alike).average_precision == Measures.of(alike[::-1]).average_precision == 0.5


def test_nothing_measures_as_nothing() -> None:
    assert (Measures.of([]).f1, Measures.of([]).average_precision) == (0.0, 0.0)


def test_the_best_threshold_is_a_score() -> None:
    assert list(best_threshold(ROWS)) == pytest.approx([0.4, 6 / 7])
    assert best_threshold([]) == (1.0, 0.0)
