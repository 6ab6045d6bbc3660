"""Which articles tell the same in another language: by what their openings mean to the sentence encoder.

Vectors are kept as bytes, one signed number from -127 to 127 for each dimension, so that neither the catalogue nor the
process that crawls needs the encoder or numpy. Vectors of two encoders cannot be compared.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from operator import mul
from typing import Self

from crawler.relevance.encoder import LANGUAGES, Vector

TRANSLATION_SIMILARITY = 0.6
"""From here on two articles on one war are translations, if neither has a nearer one in the other's language: on
`bench/relevance_sets/translations.jsonl` precision .98 (`python -m bench.translations`)."""

_MOST = 127


@dataclass(frozen=True)
class Meaning:
    """The meaning of an article in a language (ISO 639-1)."""

    language: str
    numbers: bytes

    @classmethod
    def of(cls, language: str, vector: Vector) -> Self:
        """The meaning with each number of the vector as one byte."""
        scale = _MOST / max(map(abs, vector))
        return cls(language, array("b", [round(number * scale) for number in vector]).tobytes())

    @cached_property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(array("b", self.numbers))

    @cached_property
    def _length(self) -> float:
        return sqrt(sum(map(mul, self._numbers, self._numbers)))

    def similarity(self, other: "Meaning") -> float:
        """The cosine of the two, from -1 to 1."""
        product: int = sum(map(mul, self._numbers, other._numbers))
        return product / (self._length * other._length)


def translation_similarity(one: Meaning, other: Meaning) -> float:
    """How surely two articles tell the same, -1 to 1; 0 in one language, or in one that the encoder does not know."""
    is_possible = one.language != other.language and {one.language, other.language} <= LANGUAGES
    return one.similarity(other) if is_possible else 0.0


def find_translations(article: Meaning, others: Iterable[Meaning]) -> dict[str, Meaning]:
    """The translations of an article among others on the same events, by language; at most one in each.

    `others` are those of some days around it, in all languages, with those in its own language: a text is the
    translation of the article that is nearest to it.
    """
    others = list(others)
    found: dict[str, tuple[float, Meaning]] = {}
    for other in others:
        similarity = translation_similarity(article, other)
        if similarity >= max(TRANSLATION_SIMILARITY, found.get(other.language, (0.0, other))[0]):
            found[other.language] = similarity, other
    rivals = [other for other in others if other.language == article.language]
    return {
        language: other
        for language, (similarity, other) in found.items()
        if all(translation_similarity(rival, other) <= similarity for rival in rivals)
    }
