"""Finds the terms of a lexicon in text of any script."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise, product
from typing import Self

from crawler.relevance.letters import unwritten
from crawler.relevance.term_tables import Phrase, Tables, Term
from crawler.relevance.words import (
    beginnings,
    fold_run,
    forms,
    is_compound,
    is_unspaced,
    latin_parts,
    swahili_forms,
)

_MAX_KNOWN = 20_000
"""Words that are remembered with the terms that they may begin: half a kilobyte each, and most words are seldom."""

_HEAD = 2
_FUNCTION = "function"


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


@dataclass(slots=True)
class _Word:
    """A word of a text, with what it may express or begin; not changed once made (frozen ones take thrice as long)."""

    forms: tuple[str, ...]
    terms: tuple[Phrase, ...] = ()
    """Terms that are this word alone."""
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """Longer terms that it may begin, by the first letters (`_HEAD`) of their second word."""
    languages: tuple[str, ...] = ()
    """Languages of which it is a function word."""
    is_run: bool = False
    """It may have words within it: a run in a script that does not separate them, or a Korean compound."""

    @classmethod
    def of(cls, forms: Sequence[str], begun: Iterable[Phrase], is_run: bool) -> Self:
        """A word with these forms, which may begin these phrases."""
        terms, languages, phrases = [], [], defaultdict[str, list[Phrase]](list)
        for phrase in begun:
            if phrase.concept == _FUNCTION:
                languages.append(phrase.language)
            elif not phrase.rest:
                terms.append(phrase)
            else:
                for head in _heads(phrase.rest[0]):
                    phrases[head].append(phrase)
        by_head = {head: tuple(each) for head, each in phrases.items()}
        return cls(tuple(forms), tuple(terms), by_head, tuple(languages), is_run)

    def phrases_before(self, following: "_Word") -> Iterator[Phrase]:
        """The phrases whose second word may be the following word."""
        for head in {form[:length] for form in following.forms for length in (1, _HEAD)}:
            yield from self.phrases.get(head, ())


_END = _Word(())


class TermIndex:
    """Finds terms in texts by looking up each word once, whatever the number of terms.

    Its tables are made or mapped when it first reads a text; an index made by `with_terms` has those of the index that
    it extends beside its own.
    """

    def __init__(self, make: Callable[[], Tables], extends: "TermIndex | None" = None) -> None:
        self._make, self._extends = make, extends
        self._known: dict[str, _Word] = {}
        self._known_swahili: dict[str, _Word] = {}

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Self:
        return cls(partial(Tables.of, tuple(terms)))

    def with_terms(self, terms: Iterable[Term]) -> "TermIndex":
        """An index of these terms too."""
        return TermIndex(partial(Tables.of, tuple(terms)), extends=self)

    def build(self) -> None:
        """Build the tables now, for processes that are forked later to share."""
        assert self._tables

    @cached_property
    def _tables(self) -> tuple[Tables, ...]:
        return (*(self._extends._tables if self._extends else ()), self._make())

    def find(self, tokens: list[str]) -> list[Hit]:
        """Every term in the text, except those of languages that its function words rule out."""
        words = self._look_up_all(tokens, self._known, forms)
        unspoken = _not_spoken(Counter(language for word in words for language in word.languages))
        unspoken |= unwritten(tokens)
        if _SWAHILI not in unspoken:
            words = self._look_up_all(tokens, self._known_swahili, _forms_with_swahili)
        hits = (hit for hit in self._hits(tokens, words) if hit.language not in unspoken)
        # A word that matches several terms of one concept counts once, as the longest of them.
        by_length = sorted(hits, key=lambda hit: len(hit.surface))
        found = {(hit.concept, hit.position, hit.start): hit for hit in by_length}
        return sorted(found.values(), key=lambda hit: (hit.position, hit.start, hit.concept))

    def _hits(self, tokens: list[str], words: list[_Word]) -> Iterator[Hit]:
        for position, (word, following) in enumerate(pairwise((*words, _END))):
            if word.is_run:
                yield from self._find_unspaced(tokens[position], position)
            for term in word.terms:
                yield Hit(term.concept, term.language, position, tokens[position])
            for concept, language, rest in word.phrases_before(following) if word.phrases else ():
                if _goes_on(rest, words, position + 1):
                    surface = " ".join(tokens[position : position + 1 + len(rest)])
                    yield Hit(concept, language, position, surface)

    def _look_up_all(
        self, tokens: list[str], known: dict[str, _Word], forms_of: Callable[[str], list[str]]
    ) -> list[_Word]:
        """Each word, looked up in `known` or added to it."""
        if len(known) >= _MAX_KNOWN:
            known.clear()
        for token in set(tokens).difference(known):
            known[token] = self._look_up(token, forms_of)
        return [known[token] for token in tokens]

    def _look_up(self, token: str, forms_of: Callable[[str], list[str]]) -> _Word:
        is_run = is_unspaced(token)
        spelled = [] if is_run else forms_of(token)
        begun = [
            phrase
            for form in (*spelled, *latin_parts(token))
            for tables in self._tables
            for phrase in tables.beginning_with(form)
        ]
        is_searched = is_run or is_compound(token)
        return _Word.of(spelled, begun, is_searched) if begun else _Word(tuple(spelled), is_run=is_searched)

    def _find_unspaced(self, token: str, position: int) -> Iterator[Hit]:
        run = fold_run(token)
        for tables, start in product(self._tables, range(len(run))):
            for text, term in tables.within(run, start):
                yield Hit(term.concept, term.language, position, text, start)


def _goes_on(rest: tuple[str, ...], words: list[_Word], start: int) -> bool:
    """Whether the words from `start` on are the rest of a phrase."""
    if start + len(rest) > len(words):
        return False
    return all(_fits(words[place].forms, part) for place, part in enumerate(rest, start))


def _heads(part: str) -> set[str]:
    """What a word begins with that fits this part of a phrase."""
    return {each[:_HEAD] for each in (beginnings(part[:-1]) if part.endswith("*") else (part,))}


def _forms_with_swahili(token: str) -> list[str]:
    return swahili_forms(forms(token)[0]) if token.isascii() else forms(token)


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
_SWAHILI = "sw"
_SELDOM = ("ha", "so", _SWAHILI)
"""Languages whose words count only if the text is surely in one of them: their `hub` is a weapon."""
