"""Splits a text into its sentences, and says which words are its headline and its lead."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from crawler.relevance.words import tokens_of

READ_CHARS = 6_000
"""Characters of a text that are read: no labelled text is longer, and the beginning shows what an article is about."""

LEAD_WORDS = 100
"""Words behind the headline that show what a text is about."""

_HEADLINE_WORDS = 25
"""Words of the first sentence that are the headline of a text without one, as messages are written."""

# A full stop within a number or an abbreviation has no space behind it, or ends a sentence too early: both do no harm.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'»”’)\]]*\s+(?=\S)|[।。！？؟۔…\n։።]+")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text, by sentence."""

    tokens: list[str]
    starts: list[int]
    """The place of the first word of each sentence."""
    headline: int
    """How many words are the headline: the given one, or the first sentence."""
    is_titled: bool
    """Whether a headline was given."""

    @classmethod
    def of(cls, title: str | None, paragraphs: Sequence[str]) -> Self:
        """Read a text of any language; a text that only repeats its headline is a headline."""
        headline = tokens_of(title or "")
        body = list(_sentences("\n".join(paragraphs)[:READ_CHARS]))
        if headline and headline == [word for sentence in body for word in sentence]:
            body = []
        sentences = [headline, *body] if headline else body
        starts, tokens = list[int](), list[str]()
        for sentence in sentences:
            starts.append(len(tokens))
            tokens += sentence
        first = len(headline) or min(len(body[0]) if body else 0, _HEADLINE_WORDS)
        return cls(tokens, starts, first, bool(headline))

    def sentence_of(self, position: int) -> int:
        """The number of the sentence that has the word at this place."""
        return bisect_right(self.starts, position) - 1

    def years(self) -> Iterator[tuple[int, int]]:
        """The sentence and the value of each number of four digits that may be a year."""
        for position, token in enumerate(self.tokens):
            if year := _YEAR.search(token):
                yield self.sentence_of(position), int(year[0])


def _sentences(text: str) -> Iterator[list[str]]:
    for part in _SENTENCE_END.split(text):
        if words := tokens_of(part):
            yield words
