"""Probability that a text is about armed conflict: a logistic regression over named features."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.relevance.lexicon import WEIGHTS_FILE, read_rows

BIAS = "bias"

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ConflictModel:
    """The weights by feature name (`features.describe`): one set for headlines, messages and articles."""

    weights: Weights

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability from 0 to 1."""
        evidence = self.weights[BIAS] + sum(self.contributions(features).values())
        return 1.0 / (1.0 + math.exp(-evidence))

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """Log odds that each feature contributes."""
        return {name: self.weights[name] * value for name, value in features.items() if name in self.weights}


def load_model(changed: Weights) -> ConflictModel:
    """The model of weights.tsv in this folder; `changed` weights replace its own."""
    return ConflictModel({name: float(weight) for name, weight in read_rows(WEIGHTS_FILE)} | dict(changed))
