"""The terms of word lists in a trie, in which those that a word may begin are found at once.

Forty-five thousand terms take a megabyte so, where Python's objects would take 27 in each process.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Self

from marisa_trie import BytesTrie

from crawler.relevance.words import beginnings, fold_run, is_compound, is_unspaced, may_end, spellings

FORM = 1
"""Raised with every change of what `Tables.of` makes of the same terms: a kept file of another form is not read."""

_END = "\x01"
"""Behind a whole word: what has none is the beginning of one."""

_UNSPACED = "\x02"
"""Before a term in a script that does not separate words."""

_NUMBER = struct.Struct("<I")
"""Before what is said of a term: two spellings of a function word that fold to one count as two."""


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write a concept: words, or beginnings of words, marked by `*` at their end.

    A leading hyphen represents the prefixes of Swahili verbs, which are looked for in Swahili texts: `-shambuli*`.
    """

    concept: str
    language: str
    text: str


class Phrase(NamedTuple):
    """A term without its first word."""

    concept: str
    language: str
    rest: tuple[str, ...]
    """The words after the first."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Phrases by their first word and by the beginning of it, and terms in scripts that do not separate words."""

    trie: BytesTrie

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Self:
        return cls(BytesTrie(_entries(terms)))

    @classmethod
    def map(cls, path: Path) -> Self:
        """The tables of a file that `write` wrote: memory has what is read of it, and all processes the same."""
        return cls(BytesTrie().mmap(str(path)))

    @classmethod
    def is_whole(cls, path: Path) -> bool:
        """Whether a file holds tables."""
        try:
            cls.map(path)
        except (OSError, RuntimeError):
            return False
        return True

    def write(self, file: IO[bytes]) -> None:
        file.write(self.trie.tobytes())

    def beginning_with(self, form: str) -> list[Phrase]:
        """The phrases whose first word may be this form of a word."""
        return [phrase for key in self.trie.prefixes(form + _END) for phrase in self._phrases(key)]

    def within(self, run: str, start: int) -> Iterator[tuple[str, Phrase]]:
        """The terms that are written from an index of a folded run on, each with its text."""
        for key in self.trie.prefixes(_UNSPACED + run[start:]):
            text = key[1:]
            if may_end(run, start + len(text)):
                yield from ((text, phrase) for phrase in self._phrases(key))

    def _phrases(self, key: str) -> list[Phrase]:
        return [_phrase(value) for value in self.trie[key]]


def _entries(terms: Iterable[Term]) -> Iterator[tuple[str, bytes]]:
    for number, term in enumerate(terms):
        if is_unspaced(term.text) or is_compound(term.text):
            yield _UNSPACED + fold_run(term.text), _value(number, term, ())
            continue
        for first, *rest in spellings(term.text, term.language):
            for key in _keys(first):
                yield key, _value(number, term, rest)


def _keys(first: str) -> Sequence[str]:
    return beginnings(first[:-1]) if first.endswith("*") else [first + _END]


def _value(number: int, term: Term, rest: Iterable[str]) -> bytes:
    return _NUMBER.pack(number) + "\t".join((term.concept, term.language, *rest)).encode()


def _phrase(value: bytes) -> Phrase:
    concept, language, *rest = value[_NUMBER.size :].decode().split("\t")
    return Phrase(concept, language, tuple(rest))
