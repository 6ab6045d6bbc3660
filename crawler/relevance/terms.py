"""Finds the terms of a lexicon in text of any script."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Self

from crawler.relevance.words import (
    beginnings,
    fold_run,
    forms,
    is_compound,
    is_unspaced,
    may_end,
    spellings,
)

_MAX_KNOWN = 20_000
"""Words that are remembered with the terms that they may begin: half a kilobyte each, and most words are seldom."""

_FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write a concept: words, or beginnings of words, marked by `*` at their end.

    A leading hyphen represents the prefixes of Swahili verbs: `-shambuli*`.
    """

    concept: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An occurrence of a term in a text."""

    concept: str
    language: str
    position: int
    """Index of its first word."""
    surface: str
    start: int = 0
    """Its first character within a run of Chinese or Japanese, which counts as one word."""


class _Phrase(NamedTuple):
    term: Term
    rest: tuple[str, ...]
    """The words after the first."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, with the phrases that it may begin."""

    forms: tuple[str, ...]
    phrases: tuple[_Phrase, ...]
    """Phrases whose first word it may be."""
    is_run: bool = False
    """It may have words within it: a run in a script that does not separate them, or a Korean compound."""


_RUN = _Word((), (), is_run=True)

_Phrases = dict[str, tuple[_Phrase, ...]]


@dataclass(slots=True)
class Tables:
    """Phrases by their first word, by the beginning of it, and unspaced terms by their first character."""

    words: _Phrases = field(default_factory=dict)
    stems: _Phrases = field(default_factory=dict)
    unspaced: dict[str, tuple[tuple[str, Term], ...]] = field(default_factory=dict)
    stem_lengths: list[int] = field(default_factory=list)

    def with_terms(self, terms: Iterable[Term]) -> Self:
        """The tables with further terms."""
        tables = type(self)(self.words.copy(), self.stems.copy(), self.unspaced.copy())
        for term in terms:
            tables.add(term)
        tables.stem_lengths = sorted({len(stem) for stem in tables.stems})
        return tables

    def add(self, term: Term) -> None:
        """Index one more term, in place."""
        if is_unspaced(term.text) or is_compound(term.text):
            text = fold_run(term.text)
            self.unspaced[text[0]] = (*self.unspaced.get(text[0], ()), (text, term))
            return
        for words in spellings(term.text, term.language):
            self._add_phrase(words[0], _Phrase(term, tuple(words[1:])))

    def _add_phrase(self, first: str, phrase: _Phrase) -> None:
        if not first.endswith("*"):
            self.words[first] = (*self.words.get(first, ()), phrase)
            return
        for stem in beginnings(first[:-1]):
            self.stems[stem] = (*self.stems.get(stem, ()), phrase)


class TermIndex:
    """Finds terms in texts by looking up each word once, whatever the number of terms.

    Its tables are built when it first reads a text; an index made by `with_terms` starts from the tables of the
    index that it extends.
    """

    def __init__(self, terms: Iterable[Term], extends: "TermIndex | None" = None) -> None:
        self._own, self._extends = tuple(terms), extends
        self._known: dict[str, _Word] = {}

    @property
    def terms(self) -> tuple[Term, ...]:
        return (*self._extends.terms, *self._own) if self._extends else self._own

    def with_terms(self, terms: Iterable[Term]) -> "TermIndex":
        """An index of these terms too."""
        if self._extends is None:
            return TermIndex(terms, extends=self)
        return TermIndex((*self._own, *terms), self._extends)

    def build(self) -> None:
        """Build the tables now, for processes that are forked later to share."""
        assert self._tables is not None

    @cached_property
    def _tables(self) -> Tables:
        tables = self._extends._tables if self._extends else Tables()
        return tables.with_terms(self._own)

    def find(self, tokens: list[str]) -> list[Hit]:
        """Every term in the text, except those of languages that its function words rule out."""
        hits: list[Hit] = []
        spoken: Counter[str] = Counter()
        words = [self._word(token) for token in tokens]
        for position, word in enumerate(words):
            if word.is_run:
                hits.extend(self._find_unspaced(tokens[position], position))
            for phrase in word.phrases:
                if phrase.term.concept == _FUNCTION:
                    spoken[phrase.term.language] += 1
                elif not phrase.rest or _goes_on(phrase.rest, words, position + 1):
                    surface = " ".join(tokens[position : position + 1 + len(phrase.rest)])
                    hits.append(Hit(phrase.term.concept, phrase.term.language, position, surface))
        unspoken = _not_spoken(spoken)
        spoken_hits = (hit for hit in hits if hit.language not in unspoken)
        # A word that matches several terms of one concept counts once.
        return list({(hit.concept, hit.position, hit.start): hit for hit in spoken_hits}.values())

    def _word(self, token: str) -> _Word:
        known = self._known.get(token)
        if known is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = self._known[token] = self._look_up(token)
        return known

    def _look_up(self, token: str) -> _Word:
        if is_unspaced(token):
            return _RUN
        spelled = tuple(forms(token))
        phrases = [phrase for form in spelled for phrase in self._beginning(form)]
        return _Word(spelled, tuple(phrases), is_run=is_compound(token))

    def _beginning(self, form: str) -> Iterator[_Phrase]:
        tables = self._tables
        yield from tables.words.get(form, ())
        for length in tables.stem_lengths:
            if length > len(form):
                break
            yield from tables.stems.get(form[:length], ())

    def _find_unspaced(self, token: str, position: int) -> Iterator[Hit]:
        run = fold_run(token)
        for start, char in enumerate(run):
            for text, term in self._tables.unspaced.get(char, ()):
                if run.startswith(text, start) and may_end(run, start + len(text)):
                    yield Hit(term.concept, term.language, position, text, start)


def _goes_on(rest: tuple[str, ...], words: list[_Word], start: int) -> bool:
    """Whether the words from `start` on are the rest of a phrase."""
    if start + len(rest) > len(words):
        return False
    return all(_fits(words[start + place].forms, part) for place, part in enumerate(rest))


def _fits(forms: tuple[str, ...], part: str) -> bool:
    if not part.endswith("*"):
        return part in forms
    return any(form.startswith(beginnings(part[:-1])) for form in forms)


def _not_spoken(spoken: Counter[str]) -> frozenset[str]:
    """Languages that the text is not in, by its function words: the German `war` is not a war."""
    most_wide = max(spoken[language] for language in _WITH_FUNCTION_WORDS)
    most_seldom = max(spoken[language] for language in _SELDOM)
    most = max(most_wide, most_seldom)
    others = {each for each in _WITH_FUNCTION_WORDS if most >= _TELLING and 2 * spoken[each] < most}
    return frozenset(others | {each for each in _SELDOM if not most_wide < spoken[each] == most_seldom})


_TELLING = 4
_WITH_FUNCTION_WORDS = (
    "ar",
    "de",
    "en",
    "es",
    "fa",
    "fr",
    "id",
    "it",
    "pl",
    "ps",
    "pt",
    "sr",
    "tr",
    "ur",
    "vi",
)
_SELDOM = ("ha", "so", "sw")
"""Languages whose words count only if the text is surely in one of them: their `hub` is a weapon."""
