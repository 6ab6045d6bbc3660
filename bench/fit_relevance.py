"""Fit the weights by which texts are judged to be about armed conflict.

    python -m bench.fit_relevance TEXTS.jsonl > crawler/relevance/weights.tsv

TEXTS has one JSON object a line: title (or null), text, label_conflict (0, 1 or null) and source. The model is a
logistic regression for each of two profiles: short texts (headlines, messages) and articles. Its weights are drawn
to `relevance_prior.tsv`, what words mean to people who know the field, and move from there as far as the texts
tell: a concept that few of them have keeps its meaning.
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
"""How firmly weights stay where they begin. In long texts many concepts stand together, and would share it out."""
_MARGINS = {"short": -0.35, "body": 0.5}
"""Taken from the bias: of the articles of a crawl fewer are about war than of the labelled ones; of the headlines more
are, and they mostly name a place that no gazetteer has."""
_STEPS = 12


@dataclass(frozen=True, slots=True)
class Sample:
    """One text as the model sees it."""

    id: str
    source: str
    language: str
    is_title: bool
    """A headline alone."""
    is_article: bool
    """A headline and a text, of a hundred words together."""
    is_short: bool
    is_conflict: bool
    features: Weights


def read_samples(path: Path) -> list[Sample]:
    """Every labelled text, and each headline once more alone."""
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
    """Fits one profile, to all samples or to some of them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        """Take samples that are all short, or all of them articles."""
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
        """Weights of the names, and the bias at the end, without the margin (Newton's method)."""
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
        """Probabilities of some samples."""
        found: Matrix = 1 / (1 + np.exp(self._margin - self._values[chosen] @ theta))
        return found

    def profile(self) -> dict[str, float]:
        """The weights fitted to all samples, by the names of features."""
        weights = dict(zip([*self.names, BIAS], map(float, self.weights()), strict=True))
        return weights | {BIAS: weights[BIAS] - self._margin}


def _firmness(name: str) -> float:
    # The labelled texts are about a few wars of a few years; the weights are for all.
    return 10.0 if name.startswith("entity ") else 1.0


def read_prior() -> dict[str, float]:
    """Where each weight begins."""
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
