"""How much a text speaks of armed conflict, and how much of what the seed documents speak of."""

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from crawler.items import Relevance
from crawler.relevance.lexicon import Lexicon, load_lexicon, word_lists_hash
from crawler.relevance.terms import TermIndex, tokens_of, word_count

MODES = ("both", "conflict", "related", "off")
"""Which of the two scores must accept an article."""

CONFLICT_THRESHOLD = 0.5

RELATED_THRESHOLD = 0.24
"""A text that shares no name with a seed reaches it when its concepts are alike by 0.6 (cosine)."""

MAX_TERMS = 12

# A headline and a lead say what a text is about; in a long text each mention says less.
_TITLE_WEIGHT = 3.0
_LEAD_WEIGHT = 1.5
_LEAD_TOKENS = 100
_USUAL_WORDS = 150

# The evidence that leaves both open, and how fast certainty grows: set by hand to the lexicon's scale.
_EVEN_EVIDENCE = 1.5
_EVIDENCE_SLOPE = 1.2

# That two texts name the same places and actors tells more than that both speak of, say, air strikes.
_ENTITY_SHARE = 0.6
_EVEN_SHARED = 4.0
"""A country and two of its towns, named where it matters: half of what can be shared."""

_WORD_WITHIN = re.compile(r"(?<=[\w,»”)] )\w{4,}")
_MOST_CAPITALS = 0.2

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Features:
    """What was found in a text: how present each concept and entity is (0 to 1), and as which words."""

    presence: Vector
    surfaces: Mapping[str, str]


class Scorer:
    """Scores texts by a lexicon of armed conflict and by their likeness to the seed documents."""

    def __init__(
        self,
        seeds: Sequence[Sequence[str]],
        lexicon: Lexicon,
        mode: str = "both",
        conflict_threshold: float = CONFLICT_THRESHOLD,
        related_threshold: float = RELATED_THRESHOLD,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"RELEVANCE_MODE is {mode!r}: give one of {', '.join(MODES)}.")
        self._mode = mode
        self._conflict_threshold = conflict_threshold
        self._related_threshold = related_threshold
        self._lexicon = lexicon.with_names(_unknown_names(seeds, TermIndex(lexicon.terms)))
        self._index = TermIndex(self._lexicon.terms)
        found = [self._features(None, seed).presence for seed in seeds]
        self.model = (
            f"mode {mode}, thresholds {conflict_threshold:g} {related_threshold:g}, "
            f"word lists {word_lists_hash()}, seeds {_hash_seeds(seeds)}"
        )
        self._seeds = [(self._concepts(presence), self._entities(presence)) for presence in found]

    @classmethod
    def from_seeds(cls, seeds: Iterable[Sequence[str]], mode: str = "both") -> Self:
        """A scorer for seed documents, each given by its paragraphs."""
        return cls(list(seeds), load_lexicon(), mode)

    def score(self, title: str | None, paragraphs: Sequence[str]) -> Relevance:
        """Judge a text of any language; the mode says which of the two judgements decides."""
        features = self._features(title, paragraphs)
        conflict = self._conflict(features.presence)
        related = self._related(features.presence)
        conflict_accept = conflict >= self._conflict_threshold
        related_accept = related >= self._related_threshold
        return Relevance(
            conflict=round(conflict, 4),
            conflict_accept=conflict_accept,
            related=round(related, 4),
            related_accept=related_accept,
            accept=(conflict_accept or self._mode in ("related", "off"))
            and (related_accept or self._mode in ("conflict", "off")),
            terms=self._terms(features),
            model=self.model,
        )

    def promise(self, title: str, words: Sequence[str]) -> float:
        """How likely a text is what is sought, 0 to 1, by its title and what else is known before it is fetched."""
        found = self.score(title, words)
        related = found.related / (found.related + self._related_threshold)
        if self._mode == "both":
            return (found.conflict + related) / 2
        return related if self._mode == "related" else found.conflict

    def _features(self, title: str | None, paragraphs: Sequence[str]) -> Features:
        headline = tokens_of(title or "")
        tokens = headline + tokens_of("\n".join(paragraphs))
        counts: defaultdict[str, float] = defaultdict(float)
        surfaces: dict[str, str] = {}
        for hit in self._index.find(tokens):
            weight = _place_weight(hit.position, len(headline))
            counts[hit.concept] += weight
            if whole := self._lexicon.part_of.get(hit.concept):
                counts[whole] += weight
            surfaces.setdefault(hit.concept, hit.surface)
        dilution = min(1.0, _USUAL_WORDS / max(1, word_count(tokens)))
        presence = {concept: _saturated(count * dilution) for concept, count in counts.items()}
        return Features(presence, surfaces)

    def _conflict(self, presence: Vector) -> float:
        weights = self._lexicon.conflict
        evidence = sum(weights.get(concept, 0.0) * value for concept, value in presence.items())
        return 1.0 / (1.0 + math.exp((_EVEN_EVIDENCE - evidence) / _EVIDENCE_SLOPE))

    def _related(self, presence: Vector) -> float:
        """Likeness to the seed document that is most like the text."""
        concepts, entities = self._concepts(presence), self._entities(presence)
        return max((_likeness(concepts, entities, *seed) for seed in self._seeds), default=0.0)

    def _concepts(self, presence: Vector) -> Vector:
        return _weighted(presence, self._lexicon.rarity)

    def _entities(self, presence: Vector) -> Vector:
        return _weighted(presence, self._lexicon.entities)

    def _terms(self, features: Features) -> tuple[str, ...]:
        weights = {**self._lexicon.conflict, **self._lexicon.entities}
        strength = {name: weights[name] * value for name, value in features.presence.items()}
        telling = sorted(
            (name for name in features.surfaces if strength[name] > 0), key=lambda name: -strength[name]
        )
        return tuple(dict.fromkeys(features.surfaces[name] for name in telling))[:MAX_TERMS]


def _hash_seeds(seeds: Sequence[Sequence[str]]) -> str:
    """Eight hex digits that tell one set of seed documents from another, whatever their order."""
    texts = sorted("\n\n".join(seed) for seed in seeds)
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


def names_in(paragraphs: Sequence[str]) -> list[str]:
    """Words that a text writes with a capital inside its sentences, and never without: mostly names.

    None where a fifth of the words are such, as in German: there a capital tells nothing.
    """
    text = "\n".join(paragraphs)
    words = _WORD_WITHIN.findall(text)
    lower = {word for word in words if not word[0].isupper()}
    names = [word for word in words if word[0].isupper() and word.lower() not in lower]
    return list(dict.fromkeys(names)) if len(names) < _MOST_CAPITALS * len(words) else []


def _unknown_names(seeds: Sequence[Sequence[str]], index: TermIndex) -> list[str]:
    """Names of the seeds that are no part of any term: `Deir` alone is not Deir Ezzor."""
    names = [name for seed in seeds for name in names_in(seed)]
    hits = [hit for seed in seeds for hit in index.find(tokens_of("\n".join(seed)))]
    known = {word for hit in hits for word in hit.surface.split()}
    return [name for name in names if name not in known]


def _place_weight(position: int, headline_tokens: int) -> float:
    if position < headline_tokens:
        return _TITLE_WEIGHT
    return _LEAD_WEIGHT if position < headline_tokens + _LEAD_TOKENS else 1.0


def _saturated(count: float) -> float:
    return count / (count + 1.0)


def _weighted(presence: Vector, weights: Vector) -> Vector:
    return {name: weights[name] * value for name, value in presence.items() if name in weights}


def _likeness(concepts: Vector, entities: Vector, seed_concepts: Vector, seed_entities: Vector) -> float:
    likeness = _cosine(concepts, seed_concepts)
    if not seed_entities:
        return likeness
    shared = sum(value * seed_entities.get(name, 0.0) for name, value in entities.items())
    return (1.0 - _ENTITY_SHARE) * likeness + _ENTITY_SHARE * shared / (shared + _EVEN_SHARED)


def _cosine(one: Vector, other: Vector) -> float:
    product = sum(value * other.get(name, 0.0) for name, value in one.items())
    return product / (_norm(one) * _norm(other)) if product else 0.0


def _norm(vector: Vector) -> float:
    return math.sqrt(sum(value * value for value in vector.values()))
