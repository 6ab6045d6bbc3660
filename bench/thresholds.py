"""How well one threshold serves every publisher, and what a band for review can hold.

So few texts of a publisher are labelled that the threshold with the best F1 among them is mostly chance. Beside it
stands what scores give that are calibrated by their making (labels drawn from the scores), where the best threshold
lies when the texts are drawn again, and what a threshold of its own is worth on texts that did not choose it.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.relevance.topic import Thresholds

Scores = npt.NDArray[np.float64]
Labels = npt.NDArray[np.bool_]

LOWEST, HIGHEST = 0.35, 0.65
"""Where the best threshold of a publisher should lie."""

_DRAWN, _HALVED = 200, 50
_SHIFTS = np.arange(0.0, 2.55, 0.05)
_MEANS = np.arange(-0.6, 0.65, 0.1)


class Texts(NamedTuple):
    """The texts of a publisher: which are wanted, and their scores."""

    wanted: Labels
    scores: Scores


def f1_at(texts: Texts, threshold: float) -> float:
    """F1 of what is accepted from this score upwards."""
    accepted = texts.scores >= threshold
    both = int(accepted.sum() + texts.wanted.sum())
    return 2 * int((accepted & texts.wanted).sum()) / both if both else 0.0


def best(texts: Texts) -> tuple[float, float]:
    """The threshold with the best F1, the highest of several, and that F1; scores are taken to be different."""
    order = np.argsort(-texts.scores)
    wanted = texts.wanted[order]
    found = 2 * np.cumsum(wanted) / (np.arange(1, len(wanted) + 1) + wanted.sum())
    at = int(found.argmax())
    return float(texts.scores[order[at]]), float(found[at])


def share_inside(publishers: Sequence[Texts]) -> float:
    """The share of publishers whose best threshold lies where it should."""
    return fmean(LOWEST <= best(texts)[0] <= HIGHEST for texts in publishers)


def calibrated_shares(publishers: Sequence[Texts]) -> list[float]:
    """The same for labels drawn from the scores, once for each draw."""
    chooser = np.random.default_rng(1)

    def drawn() -> list[Texts]:
        return [Texts(chooser.random(len(scores)) < scores, scores) for _, scores in publishers]

    return [share_inside(drawn()) for _ in range(_DRAWN)]


def reaches_inside(texts: Texts) -> bool:
    """Whether the interval (95 %) of the best threshold, of texts that are drawn again, meets where it should lie."""
    chooser = np.random.default_rng(1)
    found = [
        best(_chosen(texts, chooser.choice(len(texts.wanted), len(texts.wanted)))) for _ in range(_DRAWN)
    ]
    low, high = np.quantile([threshold for threshold, _ in found], (0.025, 0.975))
    return bool(low <= HIGHEST and high >= LOWEST)


def own_gain(texts: Texts, shipped: float) -> float:
    """The F1 that a threshold chosen on half of the texts adds on the other half, on average of many halves."""
    return fmean(
        f1_at(_chosen(texts, other), best(_chosen(texts, one))[0]) - f1_at(_chosen(texts, other), shipped)
        for one, other in _halves(texts.wanted)
    )


def _halves(wanted: Labels) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Halves with as many wanted texts, each as the first and as the second."""
    chooser = np.random.default_rng(1)
    for _ in range(_HALVED):
        kinds = [chooser.permutation(np.flatnonzero(wanted == kind)) for kind in (True, False)]
        one, other = (np.concatenate([kind[half::2] for kind in kinds]) for half in (0, 1))
        yield one, other
        yield other, one


def _chosen(texts: Texts, rows: npt.NDArray[np.intp]) -> Texts:
    return Texts(texts.wanted[rows], texts.scores[rows])


def shift_between(publishers: Sequence[Texts]) -> float:
    """The standard deviation, in log odds, of the shifts of publishers that makes their labels most likely."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    odds = [np.log(scores / (1 - scores)) for _, scores in publishers]

    def likelihood(mean: float, shift: float) -> float:
        found = 0.0
        for (wanted, _), own in zip(publishers, odds, strict=True):
            evidence = own[:, None] + mean + shift * nodes
            each = (wanted[:, None] * evidence - np.logaddexp(0, evidence)).sum(axis=0)
            found += each.max() + np.log(np.exp(each - each.max()) @ weights)
        return found

    return max((likelihood(mean, shift), float(shift)) for mean in _MEANS for shift in _SHIFTS)[1]


def show_publishers(every: Sequence[Texts], counted: Sequence[Texts], shipped: float) -> None:
    """Print how far publishers differ, and what is known of the best thresholds of those with enough texts."""
    drawn = calibrated_shares(counted)
    low, high = np.quantile(drawn, (0.025, 0.975))
    print(
        f"best threshold within .35-.65: {share_inside(counted):.2f} of {len(counted)} publishers; of labels drawn "
        f"from the scores {fmean(drawn):.2f} ({low:.2f} to {high:.2f})"
    )
    print(f"  its interval (95 %) reaches there: {sum(map(reaches_inside, counted))} of {len(counted)}")
    lost = fmean(best(texts)[1] - f1_at(texts, shipped) for texts in counted)
    gains = [own_gain(texts, shipped) for texts in counted]
    print(
        f"  F1 of a threshold of each publisher's own: {lost:+.3f} where it was chosen, {fmean(gains):+.3f} on other "
        f"texts of the publisher (more than .02 for {sum(gain > 0.02 for gain in gains)})"
    )
    print(
        f"  shift between all {len(every)} publishers: {shift_between(every):.2f} log odds (standard deviation)"
    )


def show_review(texts: Texts, limits: Thresholds, is_disputed: Labels | bool = False) -> None:
    """Print what waits for review, and what the most doubtful texts would hold of the errors; if calibrated, too."""
    is_between = (texts.scores >= limits.conflict_review) & (texts.scores < limits.conflict)
    _show_held("for review", texts, is_between | is_disputed, limits.conflict)
    doubt = np.minimum(texts.scores, 1 - texts.scores)
    for share in (0.05, 0.1):
        most = np.isin(np.arange(len(doubt)), np.argsort(-doubt)[: int(share * len(doubt))])
        _show_held("most doubtful", texts, most, limits.conflict)
        print(f"{'':16} if scores were calibrated {doubt[most].sum() / doubt.sum():.3f}")


def _show_held(name: str, texts: Texts, held: Labels, shipped: float) -> None:
    is_wrong = texts.wanted != (texts.scores >= shipped)
    print(
        f"{name:16} {held.mean():.3f} of the texts, "
        f"{is_wrong[held].sum() / is_wrong.sum():.3f} of the {is_wrong.sum()} errors"
    )
