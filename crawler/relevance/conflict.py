"""Probability that a text is about armed conflict: a logistic regression over named features."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.relevance.features import Mentions
from crawler.relevance.lexicon import WEIGHTS_FILE, read_rows

SHORT_WORDS = 100
"""Words below which a text is scored like headlines and messages, where each word counts more."""

SHORT_ARTICLE_WORDS = 40
"""Words from which on a text with a headline is scored like an article: short news use words as long ones do."""

BIAS = "bias"

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """The weights for one kind of text, by feature name (`features.describe`)."""

    name: str
    weights: Weights

    def probability(self, features: Mapping[str, float]) -> float:
        """Probability from 0 to 1."""
        evidence = self.weights[BIAS] + sum(self.contributions(features).values())
        return 1.0 / (1.0 + math.exp(-evidence))

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """Log odds that each feature contributes."""
        return {name: self.weights[name] * value for name, value in features.items() if name in self.weights}


@dataclass(frozen=True, slots=True)
class ConflictModel:
    """One profile for headlines and messages, one for articles."""

    short: Profile
    body: Profile

    def profile_for(self, mentions: Mentions) -> Profile:
        """The profile for a text."""
        return self.short if is_short(mentions) else self.body


def is_short(mentions: Mentions) -> bool:
    """Whether a text is a headline or a message instead of an article."""
    return mentions.words < (SHORT_ARTICLE_WORDS if mentions.is_titled else SHORT_WORDS)


def load_model(changed: Weights) -> ConflictModel:
    """The model of weights.tsv in this folder; `changed` weights replace its own in both profiles."""
    rows = read_rows(WEIGHTS_FILE)
    return ConflictModel(
        Profile("short", {name: float(short) for name, short, _ in rows} | dict(changed)),
        Profile("body", {name: float(body) for name, _, body in rows} | dict(changed)),
    )
