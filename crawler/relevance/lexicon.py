"""The words for armed conflict, the places, actors and weapons of wars, and how much each of them counts."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Self
from unicodedata import unidata_version

from crawler.relevance.term_tables import FORM, Tables, Term
from crawler.relevance.terms import TermIndex
from crawler.user_cache import keep

_FOLDER = files("crawler.relevance")
WEIGHTS_FILE = "weights.tsv"

KINDS = {"place": 3.0, "country": 3.0, "group": 2.0, "weapon": 1.5, "power": 1.0}
"""How much it counts that two texts share an entity: a place more than a power that is in all news."""

_NAME_WEIGHT = 2.0

_WRITTEN_ALIKE = frozenset({"bs", "hr"})
"""Languages that the Serbian list serves, in which it has the words that differ: zračni napad, vazdušni napad."""

OTHER = "other"
"""The group of concepts that are about something other than armed conflict."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts and entities, and the index that finds their terms in a text."""

    index: TermIndex
    languages: frozenset[str]
    """Languages (ISO 639-1) that have words for concepts: in others conflict cannot be judged."""
    groups: Mapping[str, str]
    """The group of each concept: act | force | means | harm | setting of armed conflict, or `OTHER`."""
    rarity: Mapping[str, float]
    """How much it counts that two texts share a concept, like an inverse document frequency."""
    entities: Mapping[str, float]
    """The same for entities."""
    kinds: Mapping[str, str]
    """The kind of each entity, one of `KINDS`."""
    part_of: Mapping[str, str]
    """The country of places and actors: a text that names Aleppo is about Syria."""

    def with_names(self, names: Iterable[str]) -> Self:
        """The lexicon with further names, each an entity."""
        weights = {f"name {name}": _NAME_WEIGHT for name in names}
        terms = [Term(concept, "", concept.removeprefix("name ")) for concept in weights]
        return replace(self, index=self.index.with_terms(terms), entities={**self.entities, **weights})

    def with_concept(self, name: str, terms: Iterable[Term], group: str, rarity: float) -> Self:
        """The lexicon with another concept, or with more terms of one that it has."""
        return replace(
            self,
            index=self.index.with_terms(terms),
            groups={**self.groups, name: group},
            rarity={**self.rarity, name: rarity},
        )

    def with_entity(self, name: str, terms: Iterable[Term], kind: str, whole: str) -> Self:
        """The lexicon with another entity, or with more aliases of one that it has."""
        return replace(
            self,
            index=self.index.with_terms(terms),
            entities={**self.entities, name: KINDS[kind]},
            kinds={**self.kinds, name: kind},
            part_of={**self.part_of, name: whole} if whole != name else self.part_of,
        )


@cache
def load_lexicon() -> Lexicon:
    """The lexicon of lexicon.tsv, concepts.tsv and gazetteer.tsv of this folder: one a process, with one index."""
    concepts = [(name, group, float(rarity)) for name, group, rarity in read_rows("concepts.tsv")]
    places = [*read_rows("gazetteer.tsv")]
    groups = {name: group for name, group, _ in concepts}
    return Lexicon(
        index=TermIndex(load_tables),
        languages=frozenset(
            language for concept, language, _ in read_rows("lexicon.tsv") if concept in groups
        )
        | _WRITTEN_ALIKE,
        groups=groups,
        rarity={name: rarity for name, _, rarity in concepts},
        entities={entity: KINDS[kind] for entity, _, kind, _, _ in places},
        kinds={entity: kind for entity, _, kind, _, _ in places},
        part_of={entity: whole for entity, whole, _, _, _ in places if whole != entity},
    )


def load_tables() -> Tables:
    """The tables of all terms, from the user's cache; made anew where none can be kept there."""
    name = f"words-{FORM}-{unidata_version}-{word_lists_hash()}.marisa"
    with suppress(OSError):
        return Tables.map(keep(name, Tables.is_whole, lambda file: Tables.of(all_terms()).write(file)))
    return Tables.of(all_terms())


def all_terms() -> Iterator[Term]:
    """The terms of concepts, then the aliases of entities."""
    yield from (Term(*row) for row in read_rows("lexicon.tsv"))
    for entity, _, _, language, alias in read_rows("gazetteer.tsv"):
        yield Term(entity, language, alias)


@cache
def word_lists_hash() -> str:
    """Eight hex digits of the SHA-256 of all word lists and weights."""
    digest = hashlib.sha256()
    for name in sorted(file.name for file in _FOLDER.iterdir() if file.name.endswith(".tsv")):
        digest.update((_FOLDER / name).read_bytes())
    return digest.hexdigest()[:8]


def read_rows(name: str) -> Iterator[list[str]]:
    """The rows of a table of this folder, without its header."""
    with (_FOLDER / name).open(encoding="utf-8") as file:
        next(file)
        for line in file:
            yield line.removesuffix("\n").split("\t")
