"""How far decisions of people move the thresholds, and whether that helps on sources that did not take part in it.

Of each page the lower of the deciding scores, scaled so that its threshold is at log odds 0, speaks; what people said
of the pages for which a score speaks moves its threshold: the shift is the likeliest one, with a normal prior
around the shipped threshold whose standard deviation is half a unit of log odds, so that ten decisions move it little.
Chosen by likelihood at the scores that were decided about, it does not suffer from the choice of pages by their
scores, as a best F1 would.
"""

from collections.abc import Callable, Sequence
from math import exp, sqrt
from typing import NamedTuple

from crawler.relevance.opinion import log_odds
from crawler.relevance.tuning import FARTHEST, NO_TUNING, Tuning

ENOUGH, OF_EACH = 50, 10
"""Decisions that a tuning needs, and of those to accept and to reject."""

_HOLD = 4.0
"""One by the variance of the prior."""

_FOLDS = 10
_FEW_SOURCES = 4
_Z = 1.959964


class Example(NamedTuple):
    """What a person decided about a page, and its two scores, scaled as `Score.scaled`; None where one has no say."""

    source: str
    conflict: float | None
    related: float | None
    belongs: bool


class Comparison(NamedTuple):
    """How many decisions thresholds agree with; each source is judged by a tuning that did not see it."""

    decisions: int
    before: int
    after: int
    low: float
    high: float
    """Ends of the 95 % interval of how many more they agree with."""


def fit(examples: Sequence[Example]) -> Tuning:
    """The tuning that fits these decisions, strongly held back where they are few."""
    of_conflict = [
        each for each in examples if each.related is None or _is_lower(each.conflict, each.related)
    ]
    of_related = [
        each for each in examples if each.conflict is None or _is_lower(each.related, each.conflict)
    ]
    return Tuning(
        _shift(of_conflict, lambda each: each.conflict), _shift(of_related, lambda each: each.related)
    )


def _is_lower(one: float | None, other: float | None) -> bool:
    return one is not None and (other is None or one <= other)


def _shift(examples: Sequence[Example], score_of: Callable[[Example], float | None]) -> float:
    """The likeliest shift, by Newton's method; the prior lets it exist also where all decisions are alike."""
    odds = [(log_odds(score), each.belongs) for each in examples if (score := score_of(each)) is not None]
    shift = 0.0
    for _ in range(50):
        shares = [1.0 / (1.0 + exp(-each - shift)) for each, _ in odds]
        slope = sum(belongs - share for share, (_, belongs) in zip(shares, odds, strict=True)) - _HOLD * shift
        shift += slope / (_HOLD + sum(share * (1.0 - share) for share in shares))
    return round(max(-FARTHEST, min(FARTHEST, shift)), 3)


def agrees(example: Example, tuning: Tuning) -> bool:
    """Whether a tuning decides about a page as the person did."""
    shifts = ((example.conflict, tuning.conflict), (example.related, tuning.related))
    return example.belongs is all(
        log_odds(score) + shift >= 0 for score, shift in shifts if score is not None
    )


def cross_validated(examples: Sequence[Example]) -> Comparison:
    """The shipped thresholds beside tuned ones, over sources; over pages where there are hardly any sources."""
    folds = _folds(examples)
    before, after = list[bool](), list[bool]()
    for number in sorted(set(folds)):
        seen = [each for each, fold in zip(examples, folds, strict=True) if fold != number]
        tuning = fit(seen)
        for each in (each for each, fold in zip(examples, folds, strict=True) if fold == number):
            before.append(agrees(each, NO_TUNING))
            after.append(agrees(each, tuning))
    return Comparison(len(before), sum(before), sum(after), *_gain(before, after))


def _folds(examples: Sequence[Example]) -> list[int]:
    sources = {source: number for number, source in enumerate(sorted({each.source for each in examples}))}
    if len(sources) < _FEW_SOURCES:
        return [number % _FOLDS for number in range(len(examples))]
    return [sources[each.source] % _FOLDS for each in examples]


def _gain(before: Sequence[bool], after: Sequence[bool]) -> tuple[float, float]:
    """The interval of how many more are right (Agresti and Min, Statistics in Medicine 24, 2005)."""
    pairs, count = list(zip(before, after, strict=True)), len(before)
    won, lost = pairs.count((False, True)) + 0.5, pairs.count((True, False)) + 0.5
    gain, total = won - lost, count + 2
    error = _Z * sqrt(won + lost - gain**2 / total)
    return (gain - error) * count / total, (gain + error) * count / total
