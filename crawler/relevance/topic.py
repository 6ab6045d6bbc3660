"""The thresholds of relevance, and the operator's additions to the word lists: `topic.toml`, beside the seeds."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Self

from crawler.errors import OperatorError
from crawler.relevance.lexicon import KINDS, OTHER, Lexicon
from crawler.relevance.term_tables import Term

FILE = "topic.toml"
_THRESHOLDS = ("conflict", "conflict_review", "related", "related_review")
_GROUPS = ("act", "force", "means", "harm", "setting", OTHER)
_KEYS = {
    "thresholds": set(_THRESHOLDS),
    "concepts": {"terms", "group", "conflict", "rarity"},
    "entities": {"aliases", "kind", "part_of"},
}
_DEFAULT_RARITY = 1.5
_ANY_LANGUAGE = ""

Table = dict[str, object]


class TopicError(OperatorError):
    """The file cannot be used; the message says where and why, and what to do."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The lowest scores at which an article is accepted, and at which it waits for a person's decision."""

    conflict: float = 0.5
    conflict_review: float = 0.28
    """Between it and the threshold lie a twentieth of the labelled texts and a quarter of the errors."""
    related: float = 0.21
    """A text without a name in common with a seed reaches it if the cosine of their concepts is about half."""
    related_review: float = 0.19

    def __post_init__(self) -> None:
        for name in ("conflict", "related"):
            if getattr(self, f"{name}_review") > getattr(self, name):
                raise TopicError(f"The threshold {name}_review is above {name}: give it no more than that.")

    def __str__(self) -> str:
        return " ".join(f"{getattr(self, name):g}" for name in _THRESHOLDS)


@dataclass(frozen=True, slots=True)
class Topic:
    """Additions to word lists, weights and thresholds; none by default."""

    thresholds: Thresholds = Thresholds()
    concepts: Mapping[str, Table] = field(default_factory=dict, hash=False)
    entities: Mapping[str, Table] = field(default_factory=dict, hash=False)
    digest: str = ""
    """Eight hex digits of the file; empty if there is none."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The topic in a folder of seeds; TopicError if its file is wrong."""
        path = folder / FILE
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return cls()
        except OSError as error:
            raise TopicError(f"Cannot read {path}: {error.strerror}.") from None
        try:
            tables = tomllib.loads(content.decode())
            return cls.of(tables, hashlib.sha256(content).hexdigest()[:8])
        except (TopicError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise TopicError(f"{path}: {error}") from None

    @classmethod
    def of(cls, tables: Table, digest: str = "") -> Self:
        """The topic of a parsed file."""
        _refuse_unknown(tables, set(_KEYS), "The file")
        thresholds = _table(tables, "thresholds")
        _refuse_unknown(thresholds, _KEYS["thresholds"], "[thresholds]")
        given = {name: _share(thresholds, name, "[thresholds]") for name in thresholds}
        parts = {}
        for part in ("concepts", "entities"):
            parts[part] = {name: _table(_table(tables, part), name) for name in _table(tables, part)}
            for name, table in parts[part].items():
                _refuse_unknown(table, _KEYS[part], f"[{part}.{name}]")
        return cls(_thresholds(given), parts["concepts"], parts["entities"], digest)

    @property
    def weights(self) -> dict[str, float]:
        """Weights of concepts for the score `conflict`."""
        return {
            name: _number(table, "conflict", f"[concepts.{name}]")
            for name, table in self.concepts.items()
            if "conflict" in table
        }

    def extend(self, lexicon: Lexicon) -> Lexicon:
        """The word lists with these additions."""
        for name, table in self.concepts.items():
            where = f"[concepts.{name}]"
            lexicon = lexicon.with_concept(
                name,
                _terms(name, table, "terms", where),
                group=_choice(table, "group", _GROUPS, lexicon.groups.get(name, "setting"), where),
                rarity=_number(table, "rarity", where, lexicon.rarity.get(name, _DEFAULT_RARITY)),
            )
        for name, table in self.entities.items():
            where = f"[entities.{name}]"
            kind = _choice(table, "kind", tuple(KINDS), lexicon.kinds.get(name, "place"), where)
            whole = table.get("part_of", lexicon.part_of.get(name, name))
            if not isinstance(whole, str):
                raise TopicError(f"{where}: part_of is the name of one entity.")
            lexicon = lexicon.with_entity(name, _terms(name, table, "aliases", where), kind, whole)
        _refuse_unknown_wholes(self.entities, lexicon)
        return lexicon


NO_TOPIC = Topic()


def _refuse_unknown_wholes(entities: Mapping[str, Table], lexicon: Lexicon) -> None:
    """TopicError for a `part_of` that names no entity: a typing error would go unnoticed."""
    for name, table in entities.items():
        if table.get("part_of", name) not in lexicon.kinds:
            raise TopicError(
                f"[entities.{name}]: part_of is {table['part_of']!r}; give an entity of the word lists or of this file."
            )


def _thresholds(given: dict[str, float]) -> Thresholds:
    """The given thresholds; the default for review is lowered to the threshold that it belongs to."""
    for name in ("conflict", "related"):
        if name in given:
            default: float = getattr(Thresholds(), f"{name}_review")
            given.setdefault(f"{name}_review", min(default, given[name]))
    return Thresholds(**given)


def _terms(name: str, table: Table, key: str, where: str) -> list[Term]:
    words = table.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip(" *") for word in words):
        raise TopicError(f'{where}: {key} is a list of words, such as ["ambush*"].')
    return [Term(name, _ANY_LANGUAGE, word) for word in words]


def _number(table: Table, key: str, where: str, default: float = 0.0) -> float:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise TopicError(f"{where}: {key} is {value!r}; give a number.")
    return float(value)


def _share(table: Table, key: str, where: str) -> float:
    """A number from 0 to 1: with a threshold of 60 every article would be refused."""
    share = _number(table, key, where)
    if not 0 <= share <= 1:
        raise TopicError(f"{where}: {key} is {table[key]!r}; give a number from 0 to 1.")
    return share


def _choice(table: Table, key: str, choices: tuple[str, ...], default: str, where: str) -> str:
    value = table.get(key, default)
    if value not in choices:
        raise TopicError(f"{where}: {key} is {value!r}; give one of {', '.join(choices)}.")
    return str(value)


def _table(tables: Table, name: str) -> Table:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise TopicError(f"{name} is not a table: write [{name}].")
    return table


def _refuse_unknown(table: Table, known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise TopicError(f"{where} has {unknown[0]!r}; known are {', '.join(sorted(known))}.")
