"""The words for armed conflict, the places and actors of the seeds' region, and what each of them tells."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Self

from crawler.relevance.terms import Term

_FOLDER = files("crawler.relevance")
_KINDS = {"place": 3.0, "country": 3.0, "group": 2.0, "power": 1.0}
"""How much an entity tells about what two texts share: a place more than a power that is in all news."""

_NAME_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms of concepts and entities, with their weights."""

    terms: tuple[Term, ...]
    conflict: Mapping[str, float]
    """What a concept says of armed conflict: negative where it speaks of something else."""
    rarity: Mapping[str, float]
    """How much it tells that two texts share a concept, as an inverse document frequency does."""
    entities: Mapping[str, float]
    """The same for places and actors."""
    part_of: Mapping[str, str]
    """The country of places and actors: who names Aleppo speaks of Syria."""

    def with_names(self, names: Iterable[str]) -> Self:
        """The lexicon with further names as entities of their own."""
        weights = {f"name {name}": _NAME_WEIGHT for name in names}
        terms = tuple(Term(concept, "", concept.removeprefix("name ")) for concept in weights)
        return replace(self, terms=self.terms + terms, entities={**self.entities, **weights})


@cache
def load_lexicon() -> Lexicon:
    """Read lexicon.tsv, concepts.tsv and gazetteer.tsv of this folder."""
    concepts = [(name, float(conflict), float(rarity)) for name, conflict, rarity in _rows("concepts.tsv")]
    terms = [Term(*row) for row in _rows("lexicon.tsv")]
    entities: dict[str, float] = {}
    part_of: dict[str, str] = {}
    for entity, whole, kind, language, alias in _rows("gazetteer.tsv"):
        entities[entity] = _KINDS[kind]
        part_of[entity] = whole
        terms.append(Term(entity, language, alias))
    return Lexicon(
        tuple(terms),
        {name: conflict for name, conflict, _ in concepts},
        {name: rarity for name, _, rarity in concepts if rarity},
        entities,
        {entity: whole for entity, whole in part_of.items() if whole != entity},
    )


@cache
def word_lists_hash() -> str:
    """Eight hex digits that change with any of the word lists."""
    digest = hashlib.sha256()
    for name in sorted(file.name for file in _FOLDER.iterdir() if file.name.endswith(".tsv")):
        digest.update((_FOLDER / name).read_bytes())
    return digest.hexdigest()[:8]


def _rows(name: str) -> list[list[str]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]
