"""How much a text has in common with a seed document: concepts of war, places, actors, names."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.relevance.lexicon import Lexicon
from crawler.relevance.terms import TermIndex
from crawler.relevance.words import tokens_of

Vector = Mapping[str, float]

# Two texts that name the same places and actors have more in common than two about, say, air strikes.
_ENTITY_SHARE = 0.6
_EVEN_SHARED = 4.0
"""Weight of shared entities at which half of the score is reached: a country and two of its towns."""

_GROUNDS = ("place", "country", "group")
_SOME_GROUND = 1.0
"""Weight of other places and groups at which shared concepts count half: ambushes are alike everywhere."""

_WORD_WITHIN = re.compile(r"(?<=[\w,»”)] )\w{4,}")
_MOST_CAPITALS = 0.2


@dataclass(frozen=True, slots=True)
class Likeness:
    """How similar a text is to one seed document."""

    score: float
    """From 0 to 1."""
    shared: Vector
    """What each shared concept and entity adds to it."""


@dataclass(frozen=True, slots=True)
class TopicVector:
    """What a text is about: the weights of its concepts and entities."""

    concepts: Vector
    entities: Vector
    grounds: Vector
    """The entities that identify a war: places and armed groups, not powers and weapons."""

    @classmethod
    def of(cls, presence: Vector, lexicon: Lexicon) -> "TopicVector":
        """The vector of a text, from the presence of each concept and entity in it."""
        entities = _weighted(presence, lexicon.entities)
        grounds = {name: value for name, value in entities.items() if lexicon.kinds.get(name) in _GROUNDS}
        return cls(_weighted(presence, lexicon.rarity), entities, grounds)

    def focused(self) -> "TopicVector":
        """The same for a seed document: what it names in passing, among much else, is not what it is about."""
        most = max(self.entities.values(), default=1.0)
        return replace(self, entities={name: value * value / most for name, value in self.entities.items()})

    def likeness(self, text: "TopicVector") -> Likeness:
        """How similar a text is to this seed: concepts by their cosine, entities by how much is shared."""
        alike = _cosine(text.concepts, self.concepts)
        if not self.entities:
            return Likeness(sum(alike.values()), alike)
        common = _products(text.entities, self.entities)
        of_concepts = (1.0 - _ENTITY_SHARE) * (1.0 - self._elsewhere(text))
        of_entities = _ENTITY_SHARE / (sum(common.values()) + _EVEN_SHARED)
        shared = {name: value * of_concepts for name, value in alike.items()}
        shared |= {name: value * of_entities for name, value in common.items()}
        return Likeness(sum(shared.values()), shared)

    def _elsewhere(self, text: "TopicVector") -> float:
        """How surely a text is about another war, 0 to 1, judged by the places and groups that it names."""
        other = sum(value for name, value in text.grounds.items() if name not in self.entities)
        same = sum(value for name, value in text.grounds.items() if name in self.entities)
        return other / (other + same + _SOME_GROUND)


NOTHING = Likeness(0.0, {})


def names_in(paragraphs: Sequence[str]) -> list[str]:
    """Words that are always capitalised within the sentences of a text: mostly names.

    Empty if a fifth of the words are capitalised, as in German, where a capital means nothing.
    """
    text = "\n".join(paragraphs)
    words = _WORD_WITHIN.findall(text)
    lower = {word for word in words if not word[0].isupper()}
    names = [word for word in words if word[0].isupper() and word.lower() not in lower]
    return list(dict.fromkeys(names)) if len(names) < _MOST_CAPITALS * len(words) else []


def unknown_names(seeds: Sequence[Sequence[str]], index: TermIndex) -> list[str]:
    """Names in the seeds that are not part of any term: `Deir` alone is not Deir Ezzor."""
    names = [name for seed in seeds for name in names_in(seed)]
    hits = [hit for seed in seeds for hit in index.find(tokens_of("\n".join(seed)))]
    known = {word for hit in hits for word in hit.surface.split()}
    return [name for name in names if name not in known]


def _weighted(presence: Vector, weights: Vector) -> Vector:
    return {name: weights[name] * value for name, value in presence.items() if name in weights}


def _products(one: Vector, other: Vector) -> Vector:
    return {name: value * other[name] for name, value in one.items() if name in other}


def _cosine(one: Vector, other: Vector) -> Vector:
    """The contribution of each dimension to the cosine."""
    norms = _norm(one) * _norm(other)
    return {name: value / norms for name, value in _products(one, other).items()} if norms else {}


def _norm(vector: Vector) -> float:
    return math.sqrt(sum(value * value for value in vector.values()))
