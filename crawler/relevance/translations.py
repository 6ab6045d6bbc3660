"""Which articles tell the same in another language: by what their openings mean to the sentence encoder.

Vectors are kept as bytes, one signed number from -127 to 127 for each dimension, so that neither the catalogue nor the
process that crawls needs the encoder or numpy. Vectors of two encoders cannot be compared.

News of one war means much the same, so no similarity by itself shows a translation: it must stand out from that to
other articles of these days (the margin of Artetxe and Schwenk, Margin-based Parallel Corpus Mining, 2019). For these
many others the signs of the numbers are enough, of which the cosine can be estimated with a few machine instructions.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import repeat
from math import cos, pi, sqrt
from operator import itemgetter, mul
from typing import NamedTuple, Protocol, Self, TypeVar

from crawler.relevance.encoder import DIMENSIONS, LANGUAGES, Vector

MARGIN = 0.17
"""How much more similar two translations are than they are to others: `python -m bench.translations` measures it."""

CROWD = 4
"""How many of the most similar others that means."""

USUAL = 0.35
"""Similarity of two articles on one war in two languages: it stands for others where there are not so many."""

NEAREST = 8
"""Articles with which one is compared by all numbers; a translation was never below the fourth by signs alone."""

_MOST = 127
_COSINES = [cos(pi * differing / DIMENSIONS) for differing in range(DIMENSIONS + 1)]
"""The cosine of two vectors, estimated by how many of their numbers differ in sign."""


class Sketch(Protocol):
    """What is needed of an article to know whether it may be a translation."""

    @property
    def language(self) -> str:
        """ISO 639-1."""
        ...

    @property
    def signs(self) -> int:
        """A bit for each number of its vector, set where that is positive."""
        ...


S = TypeVar("S", bound=Sketch)


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
    def signs(self) -> int:
        return sum(1 << place for place, number in enumerate(self._numbers) if number > 0)

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


class Candidate(NamedTuple):
    """An article that may be a translation."""

    place: int
    """Which one of those given it is."""
    least: float
    """The similarity from which on it is one."""


def find_candidates(article: Sketch, others: Sequence[Sketch]) -> list[Candidate]:
    """Those of the other articles of these days that may be translations of an article, the nearest first."""
    abroad = [
        (_likeness(article.signs, other.signs), place)
        for place, other in enumerate(others)
        if other.language != article.language
    ]
    at_home = [other.signs for other in others if other.language == article.language]
    likeness_by_language: dict[str, list[float]] = {}
    for likeness, place in abroad:
        likeness_by_language.setdefault(others[place].language, []).append(likeness)
    crowds = {language: _crowd(each) for language, each in likeness_by_language.items()}
    found = []
    for likeness, place in nlargest(NEAREST, abroad, key=itemgetter(0)):
        other = others[place]
        its_crowd = _crowd([likeness, *map(_likeness, repeat(other.signs), at_home)])
        found.append(Candidate(place, MARGIN + (crowds[other.language] + its_crowd) / 2))
    return found


def find_translation(article: Meaning, candidates: Iterable[tuple[Meaning, float]]) -> int | None:
    """Which of the candidates, with the similarity that each must have, is the translation; the surest of several."""
    sure = [(article.similarity(other) - least, -place) for place, (other, least) in enumerate(candidates)]
    surplus, place = max(sure, default=(-1.0, 0))
    return -place if surplus >= 0 else None


def has_meaning(language: str | None) -> bool:
    """Whether what the encoder says of texts in a language means anything."""
    return language in LANGUAGES


def _likeness(one: int, other: int) -> float:
    return _COSINES[(one ^ other).bit_count()]


def _crowd(likeness: Iterable[float]) -> float:
    """How similar an article is to those of one language that are most similar to it."""
    return sum(nlargest(CROWD, [*likeness, *[USUAL] * CROWD])) / CROWD
