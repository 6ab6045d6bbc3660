"""Splits texts into words and reduces these to the forms of the word lists."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

MAX_CHARS = 30_000
"""Characters of a text that are read: its beginning shows what it is about, and the work stays bounded."""

_MAX_WORD = 40
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_MYANMAR = "\u1000-\u1049\u1050-\u109f"
_TOKEN = re.compile(rf"[\w{_MARKS}{_MYANMAR}]+")
_IGNORED = re.compile(f"[{_MARKS}\u0640]")
_UNSPACED = re.compile(f"[\u3040-\u30ff\u3400-\u9fff{_MYANMAR}]")
"""Scripts that do not separate words: Chinese, Japanese, Burmese."""
_FIRST_UNSPACED = "\u1000"
# Burmese web pages use it to allow line breaks, also within words.
_BREAK = re.compile(f"(?<=[{_MYANMAR}])\u200b(?=[{_MYANMAR}])")
# A vowel, a tone, or a consonant without a vowel of its own belongs to the syllable before it.
_SYLLABLE_GOES_ON = re.compile("[\u102b-\u103e]|[\u1000-\u1021][\u1037]?[\u1039\u103a]")
_ETHIOPIC_VOWELS = 8

# Letters that replace each other: on Arabic, Persian and Pashto keyboards, in Turkish, where Hausa ones are missing.
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ك": "ک", "ګ": "گ", "ة": "ه", "ı": "i"}
    | {"ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
    # In Amharic these are pronounced the same, and their use follows no rule today.
    | dict(zip("ሐሑሒሓሔሕሖኀኁኂኃኄኅኆሃ", "ሀሁሂሀሄህሆሀሁሂሀሄህሆሀ", strict=True))
    | dict(zip("ሠሡሢሣሤሥሦዐዑዒዓዔዕዖኣፀፁፂፃፄፅፆ", "ሰሱሲሳሴስሶአኡኢአኤእኦአጸጹጺጻጼጽጾ", strict=True))
)
_ARABIC = re.compile("[\u0621-\u06d3]")
_ARABIC_PREFIX = re.compile("[وف]?(?:[بک]?ال|لل|[بلک])?")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_HEBREW_PREFIX = re.compile("[והבלכמש]{1,2}")
_ETHIOPIC = re.compile("[\u1200-\u137f]")
_ETHIOPIC_PREFIX = re.compile("(?:ስለ|እንደ|እስከ|ወደ|እየ|[በከለ]የ|[የበከለ]ሚ|[የበከለሲ])?")
_SWAHILI = re.compile("[a-z]{5,}")
_SWAHILI_PREFIX = re.compile(
    "(?:ha)?(?:ni|tu|wa|ya|li|ki|vi|zi|ku|pa|hu|[uami])?"  # who
    "(?:mesha|ngali|nge|li|me|na|ta|ki|ka|ku|ja)?"  # when
    "(?:ye|yo|lo|cho|vyo|zo|po|ko|o)?"  # relative
    "(?:ni|ku|tu|wa|ya|li|ki|vi|zi|ji|mw|mu|[miu])?"  # whom
)
_MIN_STEM = 3
_MIN_SYLLABLES = 2
_MIN_VERB = 2


def tokens_of(text: str) -> list[str]:
    """The words in the first MAX_CHARS of a text, as written; a run of Chinese or Japanese counts as one."""
    return _TOKEN.findall(_BREAK.sub("", text[:MAX_CHARS]))


def word_count(tokens: list[str]) -> int:
    """Length of a text in words; estimated for scripts that do not separate them."""
    return sum(len(token) // _word_length(token) or 1 for token in tokens)


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script that does not separate words."""
    return _UNSPACED.search(text) is not None


def fold_run(text: str) -> str:
    """Chinese, Japanese or Burmese in NFC, with a Burmese letter corrected that is often mistaken for another."""
    return unicodedata.normalize("NFC", text).replace("\u1025\u103a", "\u1009\u103a")


def may_end(run: str, end: int) -> bool:
    """Whether a word may end at this index: not within a Burmese syllable."""
    return _SYLLABLE_GOES_ON.match(run, end) is None


def forms(token: str) -> list[str]:
    """A word without case and accents, and its possible forms without prefixes.

    Prefixes of Arabic, Hebrew and Amharic may begin any word. Those of Swahili begin verbs: `walishambulia` may be
    `-shambulia`, which is not a word of any other language.
    """
    word = fold(token[:_MAX_WORD])
    if _ARABIC.match(word):
        return [word, *_without_prefix(word, _ARABIC_PREFIX, _MIN_STEM)]
    if _HEBREW.match(word):
        return [word, *_without_prefix(word, _HEBREW_PREFIX, _MIN_STEM)]
    if _ETHIOPIC.match(word):
        # Each letter is a syllable: two make a word, and one before them can be a prefix.
        return [word, *_without_prefix(word, _ETHIOPIC_PREFIX, _MIN_SYLLABLES - 1)]
    if _SWAHILI.fullmatch(word):
        return [word, *(f"-{verb}" for verb in _swahili_verbs(word))]
    return [word]


def fold(word: str) -> str:
    """A word without case, accents, vowel signs and other variants of its letters."""
    if word.isascii():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return _IGNORED.sub("", decomposed).translate(_LETTERS)


@cache
def beginnings(stem: str) -> tuple[str, ...]:
    """The beginnings of words with this stem: an Amharic ending changes the vowel of the letter before it."""
    if not _ETHIOPIC.match(stem[-1:]):
        return (stem,)
    first = ord(stem[-1]) // _ETHIOPIC_VOWELS * _ETHIOPIC_VOWELS
    letters = {fold(chr(first + vowel)) for vowel in range(_ETHIOPIC_VOWELS)}
    return tuple(stem[:-1] + letter for letter in sorted(letters))


def _word_length(token: str) -> int:
    """Approximate length of a word in a run: two ideographs, six Burmese signs; of other words their length."""
    if token < _FIRST_UNSPACED or not _UNSPACED.match(token):
        return len(token)
    return 6 if token < "\u2000" else 2


def _without_prefix(word: str, prefix: re.Pattern[str], min_stem: int) -> Iterator[str]:
    longest = prefix.match(word)
    for length in range(1, longest.end() + 1 if longest else 0):
        # One letter before a short word usually belongs to it: the Arabic word for paper would become Raqqa.
        if len(word) - length >= (min_stem if length > 1 else min_stem + 1):
            yield word[length:]


def _swahili_verbs(word: str) -> Iterator[str]:
    for length in range(1, len(word) - _MIN_VERB + 1):
        if _SWAHILI_PREFIX.fullmatch(word, 0, length):
            yield word[length:]
