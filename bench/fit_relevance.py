"""Fits the weights of the score for armed conflict.

    python -m bench.fit_relevance TEXTS.jsonl > crawler/relevance/weights.tsv

TEXTS has one JSON object per line: title (or null), text, label_conflict (0, 1 or null) and source. The model is a
logistic regression for each of two profiles: short texts (headlines, messages) and articles. The prior of its weights
is `relevance_prior.tsv`, set by people who know the field; the texts move them from there, so that the weight of a
concept that few texts mention stays near its prior.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crawler.relevance.conflict import BIAS, SHORT_WORDS, is_short
from crawler.relevance.features import describe, find_mentions
from crawler.relevance.lexicon import Lexicon, load_lexicon

Matrix = npt.NDArray[np.float64]
Weights = Mapping[str, float]

_PRIOR = Path(__file__).with_name("relevance_prior.tsv")
_PENALTIES = {"short": 1.0, "body": 12.0}
"""Strength of the prior; in long texts many concepts occur together and would share a weight among them."""
_MARGINS = {"short": -0.35, "body": 0.5}
"""Subtracted from the bias: fewer articles of a crawl are about war than of the labelled ones; more of the headlines
are, and most of these name a place that the gazetteer lacks."""
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """One text as a sample for the model."""

    id: str
    source: str
    language: str
    is_title: bool
    """The headline alone."""
    is_article: bool
    """A headline and a text of at least a hundred words together."""
    is_short: bool
    is_conflict: bool
    features: Weights


def read_samples(path: Path) -> list[Sample]:
    """Every labelled text, and every headline again as a text of its own."""
    lexicon = load_lexicon()
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["label_conflict"] is not None]
    samples = [_sample(row, row["text"] or "", lexicon) for row in rows]
    return samples + [_sample(row, "", lexicon) for row in rows if row["title"] and row["text"]]


def _sample(row: dict[str, str], text: str, lexicon: Lexicon) -> Sample:
    mentions = find_mentions(lexicon, row["title"], text.split("\n\n"))
    return Sample(
        id=row["id"],
        source=row["source"],
        language=row["lang"],
        is_title=not text,
        is_article=mentions.is_titled and mentions.words >= SHORT_WORDS,
        is_short=is_short(mentions),
        is_conflict=bool(row["label_conflict"]),
        features=describe(mentions, lexicon),
    )


class Fit:
    """Fits one profile to all or some of the samples."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        """The samples must be all short texts or all articles."""
        profile = "short" if samples[0].is_short else "body"
        prior, penalty, self._margin = read_prior(), _PENALTIES[profile], _MARGINS[profile]
        self.names = sorted({*prior, *(name for sample in samples for name in sample.features)} - {BIAS})
        self._values: Matrix = np.array(
            [[sample.features.get(name, 0.0) for name in self.names] + [1.0] for sample in samples]
        )
        self._wanted: Matrix = np.array([float(sample.is_conflict) for sample in samples])
        self._prior: Matrix = np.array([prior.get(name, 0.0) for name in [*self.names, BIAS]])
        self._penalty: Matrix = np.array([penalty * _firmness(name) for name in self.names] + [1e-3])

    def weights(self, chosen: npt.NDArray[np.bool_] | None = None, start: Matrix | None = None) -> Matrix:
        """The weights in the order of the names, then the bias, without the margin (Newton's method)."""
        values = self._values if chosen is None else self._values[chosen]
        wanted = self._wanted if chosen is None else self._wanted[chosen]
        theta = self._prior if start is None else start
        for _ in range(_STEPS if start is None else _STEPS // 3):
            guess = 1 / (1 + np.exp(-values @ theta))
            slope = values.T @ (guess - wanted) + self._penalty * (theta - self._prior)
            curve = (values * (guess * (1 - guess))[:, None]).T @ values + np.diag(self._penalty)
            theta = theta - np.linalg.solve(curve, slope)
        return theta

    def scores(self, theta: Matrix, chosen: npt.NDArray[np.bool_]) -> Matrix:
        """The probabilities of the chosen samples."""
        found: Matrix = 1 / (1 + np.exp(self._margin - self._values[chosen] @ theta))
        return found

    def profile(self) -> dict[str, float]:
        """The weights fitted to all samples, by feature name."""
        weights = dict(zip([*self.names, BIAS], map(float, self.weights()), strict=True))
        return weights | {BIAS: weights[BIAS] - self._margin}


def _firmness(name: str) -> float:
    # The labelled texts are about a few wars of a few years; the weights are for all wars.
    return 10.0 if name.startswith("entity ") else 1.0


def read_prior() -> dict[str, float]:
    """The prior of each weight."""
    lines = _PRIOR.read_text(encoding="utf-8").splitlines()[1:]
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines)}


def main() -> None:
    """Print the table of weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    samples = read_samples(parser.parse_args().texts)
    short = Fit([sample for sample in samples if sample.is_short]).profile()
    body = Fit([sample for sample in samples if not sample.is_short]).profile()
    names = sorted({*short, *body} - {BIAS}, key=lambda name: (-body.get(name, 0.0), name))
    print("feature\tshort\tbody")
    for name in [BIAS, *names]:
        print(f"{name}\t{short.get(name, 0.0):.2f}\t{body.get(name, 0.0):.2f}")


if __name__ == "__main__":
    main()
