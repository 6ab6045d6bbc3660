"""Scores the blocks of a page with fitted weights: positive means story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.extraction.body.block_features import Features
from crawler.extraction.body.weights import BIAS, WEIGHTS


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model of a block's features."""

    weights: Mapping[str, float]
    bias: float

    def scores(self, described: Sequence[Features]) -> list[float]:
        """One score per block."""
        return [self._score(features) for features in described]

    def _score(self, features: Features) -> float:
        weights, score = self.weights, 0.0
        for name, value in features.items():
            if name in weights:
                score += weights[name] * value
        return self.bias + score


MODEL = Model(WEIGHTS, BIAS)
"""Fitted by `bench/fit_blocks.py`."""
