"""What somebody typed to find articles, as a query of the index; whatever is typed is a query.

Words have to be there all; `"words in quotes"` together and in this order; `begin*` as the beginning of a word;
`-word` not at all; `one OR other`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from crawler.search.search_words import Word, pairs, words_of

_PART = re.compile(r'(-?)(?:["“”«»„]([^"“”«»„]*)["“”«»„]?|([^\s"“”«»„]+))(\*?)')
_OR = "OR"
_MAX_PARTS = 32
"""More than anybody types; the index takes some hundreds."""


class Phrase(NamedTuple):
    """Words that have to stand together; often a single one."""

    words: tuple[Word, ...]
    is_beginning: bool
    """Whether the last of them may go on."""

    def match(self) -> str:
        """It as SQLite's FTS5 reads it."""
        last = len(self.words) - 1
        tokens = [token for place, word in enumerate(self.words) for token in _tokens(word, place == last)]
        ending = self.words[last]
        goes_on = self.is_beginning or (ending.is_run and len(ending.folded) == 1)
        return f'"{" ".join(tokens)}"' + (" *" if goes_on else "")


@dataclass(frozen=True, slots=True)
class Query:
    """What has to be in a text, and what must not be."""

    wanted: tuple[tuple[Phrase, ...], ...] = ()
    """One of each."""
    unwanted: tuple[Phrase, ...] = ()
    is_empty: bool = True
    """Nothing was typed: everything is found."""

    @property
    def match(self) -> str:
        """What FTS5 is asked for; empty if no word is wanted."""
        return " AND ".join(f"({' OR '.join(each.match() for each in group)})" for group in self.wanted)

    @property
    def unwanted_match(self) -> str:
        """What FTS5 is asked for to leave it out; empty if nothing is unwanted."""
        return " OR ".join(each.match() for each in self.unwanted)


def read_query(typed: str) -> Query:
    """The query that somebody typed."""
    wanted: list[tuple[Phrase, ...]] = []
    unwanted: list[Phrase] = []
    is_either = False
    for part in list(_PART.finditer(typed))[:_MAX_PARTS]:
        if part[3] == _OR:
            is_either = bool(wanted)
            continue
        for phrase in _phrases(part):
            if part[1]:
                unwanted.append(phrase)
            elif is_either:
                wanted[-1] += (phrase,)
            else:
                wanted.append((phrase,))
        is_either = False
    return Query(tuple(wanted), tuple(unwanted), not typed.strip())


def _phrases(part: re.Match[str]) -> Iterator[Phrase]:
    words = tuple(words_of(part[2] or part[3] or ""))
    if words:
        yield Phrase(words, bool(part[4]) or (part[3] or "").endswith("*"))


def _tokens(word: Word, is_last: bool) -> list[str]:
    return pairs(word.folded, is_last) if word.is_run else [word.folded]
