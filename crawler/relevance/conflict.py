"""How likely it is that a text is about armed conflict: a logistic regression whose weights can be read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.relevance.features import Mentions
from crawler.relevance.lexicon import WEIGHTS_FILE, read_rows

SHORT_WORDS = 100
"""A shorter text is judged as headlines, link texts and messages are: each of its words says more."""

SHORT_ARTICLE_WORDS = 40
"""One with a headline is an article from this length on: short news of the day use words as long ones do."""

BIAS = "bias"

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """The weights for texts of one kind, by the names of features (`features.describe`)."""

    name: str
    weights: Weights

    def probability(self, features: Mapping[str, float]) -> float:
        """From 0 to 1."""
        evidence = self.weights[BIAS] + sum(self.contributions(features).values())
        return 1.0 / (1.0 + math.exp(-evidence))

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the evidence (log odds), or takes from it."""
        return {name: self.weights[name] * value for name, value in features.items() if name in self.weights}


@dataclass(frozen=True, slots=True)
class ConflictModel:
    """A profile for headlines and messages, and one for articles."""

    short: Profile
    body: Profile

    def profile_for(self, mentions: Mentions) -> Profile:
        """The profile for a text."""
        return self.short if is_short(mentions) else self.body


def is_short(mentions: Mentions) -> bool:
    """Whether a text is a headline or a message, and no article."""
    return mentions.words < (SHORT_ARTICLE_WORDS if mentions.is_titled else SHORT_WORDS)


def load_model(changed: Weights) -> ConflictModel:
    """Read weights.tsv of this folder; `changed` are weights that hold for all texts instead of its own."""
    rows = read_rows(WEIGHTS_FILE)
    return ConflictModel(
        Profile("short", {name: float(short) for name, short, _ in rows} | dict(changed)),
        Profile("body", {name: float(body) for name, _, body in rows} | dict(changed)),
    )
