"""The passage of a text in which something was found, with the words that were looked for marked."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from crawler.search.search_query import Phrase, Query
from crawler.search.search_words import Word, words_of

_READ = 200_000
"""Characters of a text in which a passage is looked for."""

_BEFORE, _LENGTH = 70, 260


class Piece(NamedTuple):
    """A stretch of text."""

    text: str
    is_found: bool


def passage(text: str, query: Query) -> list[Piece]:
    """Some words around the first place where something of the query is; the beginning of the text if nothing is."""
    line = " ".join(text[:_READ].split())
    spans = list(_spans(line, query))
    first = spans[0][0] if spans else 0
    start = _word_start(line, max(0, first - _BEFORE)) if first > _BEFORE else 0
    end = len(line) if len(line) - start <= _LENGTH else _word_start(line, start + _LENGTH)
    pieces = _cut(line, spans, start, len(line[:end].rstrip()))
    before, after = ("… " if start else ""), (" …" if end < len(line) else "")
    return [each for each in (Piece(before, False), *pieces, Piece(after, False)) if each.text]


def marked(text: str, query: Query) -> list[Piece]:
    """The whole text with what was looked for marked."""
    return _cut(text, list(_spans(text, query)), 0, len(text))


def _cut(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    within = [(first, last) for first, last in spans if start <= first and last <= end]
    edges = [start, *(edge for span in within for edge in span), end]
    return [
        Piece(text[first:last], number % 2 == 1)
        for number, (first, last) in enumerate(pairwise(edges))
        if last > first
    ]


def _word_start(text: str, place: int) -> int:
    """The start of the first word from a place on, where words are separated and one starts soon."""
    blank = text.find(" ", place, place + 30)
    return place if blank < 0 else blank + 1


def _spans(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where the words of a query are, in order, none of them twice."""
    words = list(words_of(text))
    phrases = [phrase for group in query.wanted for phrase in group]
    found = sorted(span for phrase in phrases for span in _spans_of(text, words, phrase))
    reached = 0
    for start, end in found:
        if start >= reached:
            yield start, end
            reached = end


def _spans_of(text: str, words: Sequence[Word], phrase: Phrase) -> Iterator[tuple[int, int]]:
    first = phrase.words[0]
    if first.is_run and len(phrase.words) == 1:
        yield from _runs(text, words, first.folded)
        return
    count = len(phrase.words)
    for place in range(len(words) - count + 1):
        if all(
            _fits(words[place + nth], wanted, nth == 0, phrase.is_beginning and nth == count - 1)
            for nth, wanted in enumerate(phrase.words)
        ):
            yield words[place].start, words[place + count - 1].end


def _runs(text: str, words: Sequence[Word], wanted: str) -> Iterator[tuple[int, int]]:
    """Where a run is within longer ones."""
    for word in words:
        start = word.folded.find(wanted) if word.is_run else -1
        is_same_length = len(word.folded) == word.end - word.start
        while start >= 0:
            if not is_same_length:  # its characters have another form in the text: all of it
                yield word.start, word.end
                break
            yield word.start + start, word.start + start + len(wanted)
            start = word.folded.find(wanted, start + len(wanted))


def _fits(word: Word, wanted: Word, is_first: bool, goes_on: bool) -> bool:
    if wanted.is_run and word.is_run:
        return word.folded.endswith(wanted.folded) if is_first else word.folded.startswith(wanted.folded)
    return word.folded == wanted.folded or (goes_on and word.folded.startswith(wanted.folded))
