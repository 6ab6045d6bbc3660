"""Fits the weights of the score for armed conflict.

    python -m bench.fit_relevance TEXTS.jsonl [TEXTS.jsonl …] > crawler/relevance/weights.tsv

A line of TEXTS is a JSON object: title (or null), text, lang, label_conflict (0, 1 or null), source and, where known,
genre and kind. The model is a logistic regression. The prior of its weights is `relevance_prior.tsv`, set by people who
know the field; the texts move them from there, so that the weight of a concept that few texts mention stays near it.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crawler.relevance.conflict import BIAS
from crawler.relevance.features import describe, find_mentions
from crawler.relevance.lexicon import Lexicon, load_lexicon

Matrix = npt.NDArray[np.floating]
Weights = Mapping[str, float]

_PRIOR = Path(__file__).with_name("relevance_prior.tsv")
_PENALTY = 4.0
"""Strength of the prior; chosen by cross-validation over publishers, flat from 2 to 8."""
_FIRM, _FIXED = 10.0, 1000.0
_HARD_WEIGHT = 1.25
"""What a text of `NEAR_WAR` counts in the fit: a corpus that takes trials and parades for war is of little use."""
_STEPS = 25
_ENOUGH = 1e-3

NEAR_WAR = frozenset(
    {
        "trial",
        "trial_arrest",
        "memorial",
        "history",
        "exercise",
        "procurement",
        "threat",
        "diplomacy",
        "aftermath",
    }
    | {"metaphor", "satire", "satire-metaphor", "culture", "film_book_game"}
)
"""Kinds of texts that use the words of war for something else."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One text as a sample for the model."""

    id: str
    source: str
    language: str
    genre: str
    """article, short, title; `headline` for the headline alone of a text that has more."""
    kind: str
    file: str
    is_conflict: bool
    features: Weights

    @property
    def publisher(self) -> str:
        """The collection that the text is from: its parts are alike, so they are left out together."""
        name, _, _ = self.source.partition(":")
        return self.source if name == "telegram" else name

    @property
    def is_part(self) -> bool:
        """Whether it is a headline of another sample: measured, but not fitted to."""
        return self.genre == "headline"

    @property
    def weight(self) -> float:
        """How much it counts in the fit."""
        return (
            0.0 if self.is_part else _HARD_WEIGHT if self.kind in NEAR_WAR and not self.is_conflict else 1.0
        )


def read_samples(files: Iterable[Path]) -> list[Sample]:
    """Every labelled text, and every headline again as a text of its own."""
    lexicon = load_lexicon()
    samples: list[Sample] = []
    for file in files:
        with file.open(encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row["label_conflict"] is not None]
        samples += [_sample(row, row["text"] or "", file.stem, lexicon) for row in rows]
        samples += [_sample(row, "", file.stem, lexicon) for row in rows if row["title"] and row["text"]]
    return samples


def _sample(row: dict[str, str], text: str, file: str, lexicon: Lexicon) -> Sample:
    mentions = find_mentions(lexicon, row["title"], text.split("\n\n"))
    return Sample(
        id=row["id"],
        source=row.get("source", row["lang"]),
        language=row["lang"],
        genre=row.get("genre", "unknown") if text or not row["text"] else "headline",
        kind=row.get("kind", ""),
        file=file,
        is_conflict=bool(row["label_conflict"]),
        features=describe(mentions, lexicon),
    )


class Fit:
    """Fits the model to all or some of the samples."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        prior = read_prior()
        self.names = sorted({*prior, *(name for sample in samples for name in sample.features)} - {BIAS})
        self._values: Matrix = np.array(
            [[sample.features.get(name, 0.0) for name in self.names] + [1.0] for sample in samples]
        )
        self._wanted: Matrix = np.array([float(sample.is_conflict) for sample in samples])
        self._counted: Matrix = np.array([sample.weight for sample in samples])
        self._prior: Matrix = np.array([prior.get(name, 0.0) for name in [*self.names, BIAS]])
        self._penalty: Matrix = np.array([_PENALTY * _firmness(name) for name in self.names] + [1e-3])

    def weights(self, chosen: npt.NDArray[np.bool_] | None = None, start: Matrix | None = None) -> Matrix:
        """The weights in the order of the names, then the bias (Newton's method, halved steps where it overshoots)."""
        is_fitted = self._counted > 0
        is_fitted = is_fitted if chosen is None else is_fitted & chosen
        problem = _Problem(
            self._values[is_fitted],
            self._wanted[is_fitted],
            self._counted[is_fitted],
            self._prior,
            self._penalty,
        )
        return problem.solve(self._prior if start is None else start)

    def scores(self, theta: Matrix, chosen: npt.NDArray[np.bool_]) -> Matrix:
        """The probabilities of the chosen samples."""
        found: Matrix = 1 / (1 + np.exp(-self._values[chosen] @ theta))
        return found

    def by_name(self) -> dict[str, float]:
        """The weights fitted to all samples, by feature name."""
        return dict(zip([*self.names, BIAS], map(float, self.weights()), strict=True))


@dataclass(frozen=True, slots=True)
class _Problem:
    """Weighted logistic regression with a Gaussian prior for each weight."""

    values: Matrix
    wanted: Matrix
    counted: Matrix
    prior: Matrix
    penalty: Matrix

    def solve(self, start: Matrix) -> Matrix:
        """The most probable weights, searched from these."""
        theta = start
        loss = self._loss(theta)
        for _ in range(_STEPS):
            step = self._step(theta)
            while (found := self._loss(theta - step)) > loss and np.abs(step).max() > _ENOUGH:
                step *= 0.5
            theta = theta - step
            if loss - found < _ENOUGH:
                break
            loss = found
        return theta

    def _loss(self, theta: Matrix) -> float:
        evidence = self.values @ theta
        misfit = self.counted * (np.logaddexp(0.0, evidence) - self.wanted * evidence)
        return float(misfit.sum() + 0.5 * (self.penalty * (theta - self.prior) ** 2).sum())

    def _step(self, theta: Matrix) -> Matrix:
        guess = 1 / (1 + np.exp(-np.clip(self.values @ theta, -35.0, 35.0)))
        slope = self.values.T @ (self.counted * (guess - self.wanted)) + self.penalty * (theta - self.prior)
        curve = (self.values.T * (self.counted * guess * (1 - guess))) @ self.values + np.diag(self.penalty)
        step: Matrix = np.linalg.solve(curve, slope)
        return step


def _firmness(name: str) -> float:
    # The labelled texts are about a few wars of a few years; the weights are for all wars, and for news of these
    # countries that is not about war.
    if name in {"entity country", "entity power"}:
        return _FIXED
    return _FIRM if name.startswith("entity ") else 1.0


def read_prior() -> dict[str, float]:
    """The prior of each weight."""
    lines = _PRIOR.read_text(encoding="utf-8").splitlines()[1:]
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines)}


def main() -> None:
    """Print the table of weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    weights = Fit(read_samples(parser.parse_args().texts)).by_name()
    print("feature\tweight")
    for name in [BIAS, *sorted(weights.keys() - {BIAS}, key=lambda name: (-weights[name], name))]:
        print(f"{name}\t{weights[name]:.2f}")


if __name__ == "__main__":
    main()
