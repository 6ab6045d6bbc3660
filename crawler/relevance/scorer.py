"""How much a text speaks of armed conflict, and how much of what the seed documents speak of."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from crawler.items import Relevance
from crawler.relevance.terms import Hit, Term, TermIndex, fold, tokens_of, word_count

MODES = ("both", "conflict", "related", "off")
"""Which of the two scores must accept an article."""

_FOLDER = Path(__file__).parent
_NAME = "name of the seed: "
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 1.5
_LEAD_TOKENS = 100
_USUAL_WORDS = 150
_MAX_TERMS = 12


@dataclass(frozen=True, slots=True)
class Weights:
    """What the concepts and entities say."""

    conflict: Mapping[str, float]
    """Of armed conflict; negative where a concept speaks of something else."""
    rarity: Mapping[str, float]
    """How much it tells that two texts share it: what an inverse document frequency is measured for."""
    entities: frozenset[str]


class Scorer:
    """Scores texts against a lexicon of armed conflict and against the seed documents."""

    def __init__(
        self,
        seeds: Iterable[Sequence[str]],
        mode: str,
        conflict_threshold: float,
        related_threshold: float,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"RELEVANCE_MODE is {mode!r}: give one of {', '.join(MODES)}.")
        self.mode = mode
        self.conflict_threshold = conflict_threshold
        self.related_threshold = related_threshold
