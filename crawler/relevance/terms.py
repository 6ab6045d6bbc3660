"""Find the terms of a lexicon in text of any script."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_CHARS = 30_000
"""What is read of a text: its beginning says what it is about, and no text takes longer than this."""

_MAX_KNOWN = 100_000
_MAX_WORD = 40
_FUNCTION = "function"
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_MYANMAR = "\u1000-\u1049\u1050-\u109f"
_TOKEN = re.compile(rf"[\w{_MARKS}{_MYANMAR}]+")
_IGNORED = re.compile(f"[{_MARKS}\u0640]")
_UNSPACED = re.compile(f"[\u3040-\u30ff\u3400-\u9fff{_MYANMAR}]")
"""Scripts that do not part words: Chinese, Japanese, Burmese."""
_FIRST_UNSPACED = "\u1000"
# Arabic and Persian keyboards write the same letters differently.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ı": "i"})
_ARABIC = re.compile("[\u0621-\u06d3]")
_ARABIC_PREFIX = re.compile("[وف]?(?:[بک]?ال|لل|[بلک])?")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_HEBREW_PREFIX = re.compile("[והבלכמש]{1,2}")
_ETHIOPIC = re.compile("[\u1200-\u137f]")
_ETHIOPIC_PREFIX = re.compile("(?:ስለ|እንደ|[የበከለ])?")
_MIN_STEM = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One way to write a concept: words, or the beginnings of words where they end with `*`."""

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
        if _UNSPACED.search(term.text):
            self._unspaced[term.text[0]].append((term.text, term))
            return
        first, *rest = (fold(word) for word in re.findall(r"\w+\*?", term.text))
        phrase = _Phrase(term, tuple(rest))
        if first.endswith("*"):
            self._stems[first[:-1]].append(phrase)
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
        if _UNSPACED.search(token):
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
        for start, char in enumerate(token):
            for text, term in self._unspaced.get(char, ()):
                if token.startswith(text, start):
                    yield Hit(term.concept, term.language, position, text, start)


def tokens_of(text: str) -> list[str]:
    """The words of a text as written, of its first `MAX_CHARS`; a run of Chinese or Japanese is one."""
    return _TOKEN.findall(text[:MAX_CHARS])


def word_count(tokens: list[str]) -> int:
    """Length of a text in words, where they are not parted too."""
    return sum(len(token) // _word_length(token) or 1 for token in tokens)


def _word_length(token: str) -> int:
    """Of a run of words about how long each is: two ideographs, six of the signs of Burmese."""
    if token < _FIRST_UNSPACED or not _UNSPACED.match(token):
        return len(token)
    return 6 if token < "\u2000" else 2


def forms(token: str) -> list[str]:
    """A word without case and accents, and what it may be without Arabic, Hebrew or Ethiopic prefixes."""
    word = fold(token[:_MAX_WORD])
    if _ARABIC.match(word):
        return [word, *_without_prefix(word, _ARABIC_PREFIX)]
    if _HEBREW.match(word):
        return [word, *_without_prefix(word, _HEBREW_PREFIX)]
    if _ETHIOPIC.match(word):
        return [word, *_without_prefix(word, _ETHIOPIC_PREFIX)]
    return [word]


def fold(word: str) -> str:
    """A word without case, accents, vowel signs and other variants of its letters."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return _IGNORED.sub("", decomposed).translate(_LETTERS)


def _without_prefix(word: str, prefix: re.Pattern[str]) -> Iterator[str]:
    longest = prefix.match(word)
    for length in range(1, longest.end() + 1 if longest else 0):
        # One letter before a short word mostly belongs to it: Arabic `paper` would be Raqqa.
        if len(word) - length >= (_MIN_STEM if length > 1 else _MIN_STEM + 1):
            yield word[length:]


def _goes_on(rest: tuple[str, ...], words: list[_Word], start: int) -> bool:
    """Whether the words from `start` on are those of a phrase after its first."""
    if start + len(rest) > len(words):
        return False
    return all(_fits(words[start + place].forms, part) for place, part in enumerate(rest))


def _fits(forms: tuple[str, ...], part: str) -> bool:
    if not part.endswith("*"):
        return part in forms
    return any(form.startswith(part[:-1]) for form in forms)


def _not_spoken(spoken: Counter[str]) -> frozenset[str]:
    """Languages that are not the text's, by how many function words of each it has: German `war` is no war."""
    most = max((spoken[language] for language in _WITH_FUNCTION_WORDS), default=0)
    others = {each for each in _WITH_FUNCTION_WORDS if most >= _TELLING and 2 * spoken[each] < most}
    return frozenset(others | {each for each in _SELDOM if spoken[each] <= most})


_TELLING = 4
_WITH_FUNCTION_WORDS = ("ar", "de", "en", "es", "fa", "fr", "it", "ps", "pt", "tr")
_SELDOM = ("ha", "so", "sw")
"""Languages whose words are looked for only where nothing else can be meant: their `hub` is a weapon."""
