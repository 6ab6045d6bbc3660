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
        weights = self.weights
        return [
            self.bias + sum(weights[name] * value for name, value in features.items() if name in weights)
            for features in described
        ]


MODEL = Model(WEIGHTS, BIAS)
"""Fitted by `bench/fit_blocks.py`."""
