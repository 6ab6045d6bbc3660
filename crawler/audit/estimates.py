"""What a stratified sample says of a whole: shares, with intervals that also hold for few hits, or none.

Each figure (precision, recall, F1, how many are missed) is the value at which a sum of the strata's shares, weighted by
their sizes, is a given number: recall r, say, where (1 - r) of what belongs in the corpus is r of what belongs outside.
Its 95 % interval holds the values that a score test does not reject: the shares are fitted under the value that is
tested, by maximum likelihood, and the variance is theirs, with the correction for finite populations (Miettinen and
Nurminen, Statistics in Medicine 4, 1985; for a single stratum it is Wilson's interval). Half a hit and half a miss
more in each stratum for the fit: a stratum without a hit is not one where there cannot be any.
"""

from collections.abc import Callable, Sequence
from math import copysign, inf, sqrt
from typing import NamedTuple

Z = 1.959964
"""Standard deviations: 95 % of a normal distribution are within."""

_STEPS = 60

_STEEPEST = 1e9
"""Where the fitted shares are as good as 0 or 1."""


class Counted(NamedTuple):
    """A stratum: its pages, those judged of them, and which of these are hits."""

    size: int
    judged: int
    hits: int

    @property
    def estimate(self) -> float:
        """Hits in all of it."""
        return self.size * self.hits / self.judged


class Estimate(NamedTuple):
    """A figure, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Quality(NamedTuple):
    """How good a corpus is; None where nothing was judged that could tell."""

    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    missed: Estimate | None
    """How many articles outside belong into it."""


class _Term(NamedTuple):
    """A stratum in a weighted sum of shares."""

    weight: float
    hits: float
    judged: float
    """Both with half a hit and half a miss more."""
    sum: float
    """What it adds to the sum by its own share."""
    noise: float
    """What its share times its complement is multiplied by to give its part of the variance."""

    @classmethod
    def of(cls, stratum: Counted, factor: float) -> "_Term":
        size, judged, hits = stratum
        weight = factor * size
        correction = max(size - judged, 0) / (size - 1) if size > 1 else 0.0
        return cls(weight, hits + 0.5, judged + 1.0, weight * hits / judged, weight**2 * correction / judged)


def _fitted(term: _Term, slope: float) -> float:
    """The share that is likeliest if the sum has to give way along this slope, between 0 and 1."""
    weight, hits, judged, _, _ = term
    pull = slope * weight
    half = judged + pull
    root = sqrt(max(half * half - 4 * pull * hits, 0.0))
    return 2 * hits / (half + root) if half >= 0 else (half - root) / (2 * pull)


def quality(corpus: Sequence[Counted], others: Sequence[Counted]) -> Quality:
    """Precision, recall, F1 and number of missed articles, from strata of the corpus and of what is outside."""
    corpus, others = ([each for each in some if each.judged] for some in (corpus, others))
    if not corpus:
        return Quality(None, None, None, _missed(others))
    size, found = sum(each.size for each in corpus), sum(each.estimate for each in corpus)
    missed = sum(each.estimate for each in others)
    is_known = bool(others) and found + missed > 0
    return Quality(
        _estimate(found / size, 1.0, lambda q: _deviation(_terms(corpus, 1.0), q * size)),
        _estimate(
            found / (found + missed),
            1.0,
            lambda r: _deviation(_terms(corpus, 1 - r) + _terms(others, -r), 0.0),
        )
        if is_known
        else None,
        _estimate(
            2 * found / (size + found + missed),
            1.0,
            lambda f: _deviation(_terms(corpus, 2 - f) + _terms(others, -f), f * size),
        )
        if is_known
        else None,
        _missed(others),
    )


def _missed(others: Sequence[Counted]) -> Estimate | None:
    if not others:
        return None
    most = float(sum(each.size for each in others))
    return _estimate(
        sum(each.estimate for each in others), most, lambda count: _deviation(_terms(others, 1.0), count)
    )


def _terms(strata: Sequence[Counted], factor: float) -> list[_Term]:
    return [_Term.of(each, factor) for each in strata if factor]


def _deviation(terms: Sequence[_Term], target: float) -> float:
    """How far the sum is from a number, in standard deviations under the hypothesis that it is that number."""
    gap = sum(each.sum for each in terms) - target
    if abs(gap) < 1e-9:
        return 0.0
    slope = _slope(terms, target)
    shares = (_fitted(each, slope) for each in terms)
    variance = sum(each.noise * share * (1 - share) for each, share in zip(terms, shares, strict=True))
    return gap / sqrt(variance) if variance > 0 else copysign(inf, gap)


def _slope(terms: Sequence[_Term], target: float) -> float:
    """The slope along which the fitted shares sum up to a number; the sum falls with it."""

    def excess(slope: float) -> float:
        return sum(each.weight * _fitted(each, slope) for each in terms) - target

    end = 1 / max(abs(each.weight) for each in terms)
    low, high = -end, end
    while excess(low) < 0 and low > -_STEEPEST * end:
        low *= 4
    while excess(high) > 0 and high < _STEEPEST * end:
        high *= 4
    return _root(excess, low, high, 1e-9 / end)


def _estimate(value: float, most: float, deviation: Callable[[float], float]) -> Estimate:
    """The values from 0 to `most` that the test does not reject."""
    return Estimate(value, _end(value, 0.0, deviation), _end(value, most, deviation))


def _end(inside: float, outside: float, deviation: Callable[[float], float]) -> float:
    """Where rejection begins between a value that is not rejected and an end of the scale."""

    def excess(value: float) -> float:
        return min(abs(deviation(value)), 3 * Z) - Z

    return outside if excess(outside) <= 0 else _root(excess, inside, outside, 1e-4)


def _root(function: Callable[[float], float], a: float, b: float, close: float) -> float:
    """Where a function that has different signs at `a` and `b` is nearly 0, by false position (Illinois)."""
    at_a, at_b = function(a), function(b)
    x = a
    for _ in range(_STEPS):
        if at_a == at_b:
            break
        x = (a * at_b - b * at_a) / (at_b - at_a)
        at_x = function(x)
        if abs(at_x) < close:
            break
        if at_x * at_b < 0:
            a, at_a = b, at_b
        else:
            at_a /= 2
        b, at_b = x, at_x
    return x
