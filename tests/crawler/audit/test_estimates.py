"""Intervals from stratified samples hold the truth about as often as they say."""

from collections.abc import Sequence
from random import Random

import pytest

from crawler.audit.estimates import Counted, Estimate, quality

Stratum = tuple[int, int, int]
"""Pages, those of them that belong, and those that are judged."""

DRAWS = 120

POPULATIONS: dict[str, tuple[list[Stratum], list[Stratum]]] = {
    "many strata": (
        [(120, 90, 9), (400, 380, 15)],
        [(60, 27, 3), (300, 75, 4), (900, 72, 9), (4000, 40, 30), (200, 30, 6), (50, 5, 4)],
    ),
    "little is missed": ([(50, 40, 9), (150, 143, 15)], [(30, 12, 4), (500, 25, 8), (5000, 10, 44)]),
    "small and poor": ([(40, 20, 12), (30, 20, 12)], [(60, 24, 14), (100, 20, 20), (150, 15, 22)]),
    "rare hits": ([(30, 27, 8)] * 3, [(25, 2, 4)] * 14),
}


def drawn(strata: Sequence[Stratum], chance: Random) -> list[Counted]:
    samples = ((size, some, chance.sample(range(size), judged)) for size, some, judged in strata)
    return [Counted(size, len(sample), sum(page < some for page in sample)) for size, some, sample in samples]


@pytest.mark.parametrize("name", POPULATIONS)
def test_intervals_hold_the_truth_about_nineteen_times_in_twenty(name: str) -> None:
    corpus, others = POPULATIONS[name]
    size, found = sum(each[0] for each in corpus), sum(each[1] for each in corpus)
    missed = sum(each[1] for each in others)
    truth = (found / size, found / (found + missed), 2 * found / (size + found + missed), missed)
    chance, held = Random(14), [0, 0, 0, 0]
    for _ in range(DRAWS):
        for number, figure in enumerate(quality(drawn(corpus, chance), drawn(others, chance))):
            assert figure is not None
            assert figure.low <= figure.value <= figure.high
            held[number] += figure.low - 1e-3 <= truth[number] <= figure.high + 1e-3
    # Of 120 at least 107 hold in 499 of 500 cases; an interval that is too wide would not be wrong, but useless.
    assert [number for number in held if number < 107] == []


def test_estimates_are_right_on_average() -> None:
    corpus, others = POPULATIONS["small and poor"]
    chance = Random(3)
    found = [quality(drawn(corpus, chance), drawn(others, chance)) for _ in range(60)]
    precisions, missed = [each.precision for each in found], [each.missed for each in found]
    assert mean(precisions) == pytest.approx(40 / 70, abs=0.03)
    assert mean(missed) == pytest.approx(59, abs=6)


def mean(figures: Sequence[Estimate | None]) -> float:
    return sum(each.value for each in figures if each is not None) / len(figures)


def test_a_single_stratum_has_the_interval_of_wilson() -> None:
    precision = quality([Counted(10**7, 30, 27)], []).precision
    assert precision is not None
    # Newcombe, Statistics in Medicine 17, 1998, gives the formula; 27 of 30: .7438 to .9654.
    assert precision == pytest.approx((0.9, 0.744, 0.965), abs=0.01)


def test_no_hit_among_those_judged_is_not_none_among_all() -> None:
    found = quality([Counted(100, 20, 20)], [Counted(2000, 40, 0)])
    assert found.recall is not None
    assert found.missed is not None
    assert (found.recall.value, found.recall.high) == (1.0, 1.0)
    assert found.recall.low < 0.5
    assert found.missed.high > 100


def test_of_pages_that_were_all_judged_nothing_is_left_open() -> None:
    found = quality([Counted(10, 10, 9)], [Counted(6, 6, 3), Counted(4, 4, 0)])
    assert found.precision == pytest.approx((0.9, 0.9, 0.9), abs=1e-3)
    assert found.recall == pytest.approx((0.75, 0.75, 0.75), abs=1e-3)
    assert found.missed == pytest.approx((3, 3, 3), abs=0.05)


def test_what_was_not_judged_has_no_figure() -> None:
    assert quality([], []) == (None, None, None, None)
    assert quality([Counted(5, 0, 0)], [Counted(9, 3, 1)]).recall is None
    only_corpus = quality([Counted(5, 2, 1)], [])
    assert only_corpus.precision is not None
    assert only_corpus.recall is None
    assert quality([Counted(5, 2, 0)], [Counted(9, 3, 0)]).recall is None
