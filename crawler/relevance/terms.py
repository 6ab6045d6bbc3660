"""Find the terms of a lexicon in text of any script."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.relevance.words import beginnings, fold, fold_run, forms, is_unspaced, may_end

_MAX_KNOWN = 100_000
_FUNCTION = "function"
_WORD = re.compile(r"(?<!\w)-?\w+\*?")


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write a concept: words, or the beginnings of words where they end with `*`.

    A hyphen stands for what Swahili verbs begin with: `-shambuli*`.
    """

    concept: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A term where it stands in a text."""

    concept: str
    language: str
    position: int
    """Index of its first word."""
    surface: str
    start: int = 0
    """In a run of Chinese or Japanese, which is one word here: its first character there."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    term: Term
    rest: tuple[str, ...]
    """The words after the first."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, looked up."""

    forms: tuple[str, ...]
    phrases: tuple[_Phrase, ...]
    """What may begin with it."""
    is_run: bool = False
    """It is many words, in a script that does not part them."""


_RUN = _Word((), (), is_run=True)


class TermIndex:
    """Terms by their first words: each word of a text is looked up, whatever the number of terms."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._words: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._stems: defaultdict[str, list[_Phrase]] = defaultdict(list)
        self._unspaced: defaultdict[str, list[tuple[str, Term]]] = defaultdict(list)
        for term in terms:
            self._add(term)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        self._known: dict[str, _Word] = {}

    def find(self, tokens: list[str]) -> list[Hit]:
        """Every term in the text, in the languages that its function words show."""
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
        # Several terms of a concept may fit the same word, which counts once.
        return list({(hit.concept, hit.position, hit.start): hit for hit in spoken_hits}.values())

    def _add(self, term: Term) -> None:
        if is_unspaced(term.text):
            text = fold_run(term.text)
            self._unspaced[text[0]].append((text, term))
            return
        first, *rest = (fold(word) for word in _WORD.findall(term.text))
        phrase = _Phrase(term, tuple(rest))
        if first.endswith("*"):
            for stem in beginnings(first[:-1]):
                self._stems[stem].append(phrase)
        else:
            self._words[first].append(phrase)

    def _word(self, token: str) -> "_Word":
        known = self._known.get(token)
        if known is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            known = self._known[token] = self._look_up(token)
        return known

    def _look_up(self, token: str) -> "_Word":
        if is_unspaced(token):
            return _RUN
        spellings = tuple(forms(token))
        phrases = [phrase for form in spellings for phrase in self._beginning(form)]
        return _Word(spellings, tuple(phrases))

    def _beginning(self, form: str) -> Iterator[_Phrase]:
        yield from self._words.get(form, ())
        for length in self._stem_lengths:
            if length > len(form):
                break
            yield from self._stems.get(form[:length], ())

    def _find_unspaced(self, token: str, position: int) -> Iterator[Hit]:
        run = fold_run(token)
        for start, char in enumerate(run):
            for text, term in self._unspaced.get(char, ()):
                if run.startswith(text, start) and may_end(run, start + len(text)):
                    yield Hit(term.concept, term.language, position, text, start)


def _goes_on(rest: tuple[str, ...], words: list[_Word], start: int) -> bool:
    """Whether the words from `start` on are those of a phrase after its first."""
    if start + len(rest) > len(words):
        return False
    return all(_fits(words[start + place].forms, part) for place, part in enumerate(rest))


def _fits(forms: tuple[str, ...], part: str) -> bool:
    if not part.endswith("*"):
        return part in forms
    return any(form.startswith(beginnings(part[:-1])) for form in forms)


def _not_spoken(spoken: Counter[str]) -> frozenset[str]:
    """Languages that are not the text's, by how many function words of each it has: German `war` is no war."""
    most_wide = max(spoken[language] for language in _WITH_FUNCTION_WORDS)
    most_seldom = max(spoken[language] for language in _SELDOM)
    most = max(most_wide, most_seldom)
    others = {each for each in _WITH_FUNCTION_WORDS if most >= _TELLING and 2 * spoken[each] < most}
    return frozenset(others | {each for each in _SELDOM if not most_wide < spoken[each] == most_seldom})


_TELLING = 4
_WITH_FUNCTION_WORDS = ("ar", "de", "en", "es", "fa", "fr", "it", "ps", "pt", "tr")
_SELDOM = ("ha", "so", "sw")
"""Languages whose words are looked for only where nothing else can be meant: their `hub` is a weapon."""
