"""The words by which texts of any script are found: the same of a text and of what somebody looks for.

Scripts that do not separate words (Chinese, Japanese, Korean compounds, Thai, Lao, Burmese, Khmer) are cut into
overlapping pairs of characters: whatever stands together in a text is found by them, without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from crawler.relevance.words import fold

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
# Vowel signs and accents are no letters to `\w`; joiners stand within words of Persian and of India.
_SIGNS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d57"
    "\u0d82\u0d83\u0dca-\u0ddf\u0f18-\u0f87\u135d-\u135f\u200c\u200d"
)
_WORD = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_SIGNS}])*")
_RUN = re.compile(f"[{_UNSPACED}]")
_JOINERS = re.compile("[\u200c\u200d]")
_ARABIC_ARTICLE = re.compile("[وف]?(?:[بک]?ال|لل)(?=...)")
_MAX_WORD = 40
_MAX_KNOWN = 200_000


class Word(NamedTuple):
    """A word of a text, or a run of a script that does not separate words."""

    start: int
    end: int
    folded: str
    is_run: bool


def words_of(text: str) -> Iterator[Word]:
    """The words and runs of a text in their order, with where they stand."""
    for found in _WORD.finditer(text):
        is_run = _RUN.match(found[0]) is not None
        yield Word(found.start(), found.end(), (fold_run if is_run else fold_word)(found[0]), is_run)


class _Forms(dict[str, str]):
    """What the index keeps of words; remembered, because a text has few that no other one has."""

    def __missing__(self, word: str) -> str:
        if _RUN.match(word):
            return " ".join(pairs(fold_run(word)))
        if len(self) >= _MAX_KNOWN:
            self.clear()
        return self.setdefault(word, fold_word(word))


_forms = _Forms()


def index_words(text: str) -> str:
    """What the index keeps of a text: its words, separated by blanks."""
    return " ".join(map(_forms.__getitem__, _WORD.findall(text)))


def fold_word(word: str) -> str:
    """A word without case, accents, vowel signs and the Arabic article, its digits in ASCII."""
    if word.isascii():
        return word[:_MAX_WORD].casefold()
    folded = "".join(map(_digit, fold(_JOINERS.sub("", word)[:_MAX_WORD])))
    return folded[found.end() :] if (found := _ARABIC_ARTICLE.match(folded)) else folded


def fold_run(run: str) -> str:
    """A run in the one form of its characters: half width is full width."""
    return unicodedata.normalize("NFKC", run)


def pairs(run: str, is_last: bool = False) -> list[str]:
    """The overlapping pairs of characters of a run, and its last character alone, so that it is found as a beginning.

    `is_last`: of the run at the end of what is looked for, after which the text may go on.
    """
    found = [run[start : start + 2] for start in range(len(run) - 1)]
    return found if is_last and found else [*found, run[-1:]]


def _digit(character: str) -> str:
    return (
        character if character.isascii() or not character.isdecimal() else str(unicodedata.decimal(character))
    )
