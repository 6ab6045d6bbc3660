"""How much a text shares with the seed documents: concepts of war, places, actors, names."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.relevance.lexicon import Lexicon
from crawler.relevance.terms import TermIndex
from crawler.relevance.words import tokens_of

Vector = Mapping[str, float]

# That two texts name the same places and actors tells more than that both speak of, say, air strikes.
_ENTITY_SHARE = 0.6
_EVEN_SHARED = 4.0
"""A country and two of its towns, named where it matters: half of what can be shared."""

_GROUNDS = ("place", "country", "group")
_ELSEWHERE = 0.7
"""How much less alike concepts count in a text about another war: ambushes are alike everywhere."""
_SOME_GROUND = 1.0

_WORD_WITHIN = re.compile(r"(?<=[\w,»”)] )\w{4,}")
_MOST_CAPITALS = 0.2


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a text is to one seed document."""

    score: float
    """From 0 to 1."""
    shared: Vector
    """What each concept and entity that both have adds to it."""


@dataclass(frozen=True, slots=True)
class SeedDocument:
    """What a seed document speaks of."""

    concepts: Vector
    entities: Vector
    grounds: Vector
    """Those of the entities that say which war it is: places and armed groups, not powers and weapons."""

    @classmethod
    def of(cls, presence: Vector, lexicon: Lexicon) -> "SeedDocument":
        """By what is present in its text."""
        entities = _weighted(presence, lexicon.entities)
        grounds = {name: value for name, value in entities.items() if lexicon.kinds.get(name) in _GROUNDS}
        return cls(_weighted(presence, lexicon.rarity), entities, grounds)

    def likeness(self, text: "SeedDocument") -> Likeness:
        """How like another text is: its concepts by their cosine, the entities by how much is shared."""
        alike = _cosine(text.concepts, self.concepts)
        if not self.entities:
            return Likeness(sum(alike.values()), alike)
        common = _products(text.entities, self.entities)
        of_concepts = (1.0 - _ENTITY_SHARE) * (1.0 - _ELSEWHERE * self._elsewhere(text))
        of_entities = _ENTITY_SHARE / (sum(common.values()) + _EVEN_SHARED)
        shared = {name: value * of_concepts for name, value in alike.items()}
        shared |= {name: value * of_entities for name, value in common.items()}
        return Likeness(sum(shared.values()), shared)

    def _elsewhere(self, text: "SeedDocument") -> float:
        """How surely a text is about another war than this one, from 0 to 1, by the places and groups it names."""
        other = sum(value for name, value in text.grounds.items() if name not in self.entities)
        same = sum(value for name, value in text.grounds.items() if name in self.entities)
        return other / (other + same + _SOME_GROUND)


NOTHING = Likeness(0.0, {})


def names_in(paragraphs: Sequence[str]) -> list[str]:
    """Words that a text writes with a capital inside its sentences, and never without: mostly names.

    None where a fifth of the words are such, as in German: there a capital tells nothing.
    """
    text = "\n".join(paragraphs)
    words = _WORD_WITHIN.findall(text)
    lower = {word for word in words if not word[0].isupper()}
    names = [word for word in words if word[0].isupper() and word.lower() not in lower]
    return list(dict.fromkeys(names)) if len(names) < _MOST_CAPITALS * len(words) else []


def unknown_names(seeds: Sequence[Sequence[str]], index: TermIndex) -> list[str]:
    """Names of the seeds that are no part of any term: `Deir` alone is not Deir Ezzor."""
    names = [name for seed in seeds for name in names_in(seed)]
    hits = [hit for seed in seeds for hit in index.find(tokens_of("\n".join(seed)))]
    known = {word for hit in hits for word in hit.surface.split()}
    return [name for name in names if name not in known]


def _weighted(presence: Vector, weights: Vector) -> Vector:
    return {name: weights[name] * value for name, value in presence.items() if name in weights}


def _products(one: Vector, other: Vector) -> Vector:
    return {name: value * other[name] for name, value in one.items() if name in other}


def _cosine(one: Vector, other: Vector) -> Vector:
    """What each dimension adds to the cosine."""
    norms = _norm(one) * _norm(other)
    return {name: value / norms for name, value in _products(one, other).items()} if norms else {}


def _norm(vector: Vector) -> float:
    return math.sqrt(sum(value * value for value in vector.values()))
