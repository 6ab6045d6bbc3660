"""Splits texts into words and reduces these to the forms of the word lists."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from crawler.relevance.zawgyi import in_unicode

MAX_CHARS = 30_000
"""Characters of a text that are read: its beginning shows what it is about, and the work stays bounded."""

_MAX_WORD = 40
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_MYANMAR = "\u1000-\u1049\u1050-\u109f"
# Scripts of India and its neighbours, whose vowel signs are no letters to `\w`; without their full stops.
_INDIC = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3"
_KANA_MARKS = "\u3099\u309a"
_TOKEN = re.compile(rf"[\w{_MARKS}{_MYANMAR}{_INDIC}{_KANA_MARKS}]+")
_PHRASE_WORD = re.compile(rf"(?<!\w)-?[\w{_INDIC}]+\*?")
_NUKTA = "\u093c"
"""The dot below Devanagari letters, which many writers omit."""
_IGNORED = re.compile(f"[{_MARKS}{_NUKTA}\u0640]")
# Hindi writes a nasal before a consonant of its class as a letter or as a dot: हिन्दी, हिंदी.
_DEVANAGARI_NASAL = re.compile("[ङञणनम]\u094d(?=[क-घच-झट-ढत-धप-भ])")
_DEVANAGARI_DOT = "\u0902"
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_UNSPACED = re.compile(f"[\u3040-\u30ff\u3400-\u9fff{_MYANMAR}]")
"""Scripts that do not separate words: Chinese, Japanese, Burmese."""
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7a3]")
_UNSPACED_OR_HANGUL = re.compile(f"{_UNSPACED.pattern}|{_HANGUL.pattern}")
_LATIN_PART = re.compile("[A-Za-z][A-Za-z0-9]+")
_FIRST_UNSPACED = "\u1000"
# Within words: Burmese pages use a space without width to allow line breaks, Indian ones joiners to shape letters,
# Japanese ones a dot between the parts of a name.
_WITHIN = re.compile(
    f"(?<=[{_MYANMAR}])\u200b(?=[{_MYANMAR}])|(?<=[{_INDIC}])[\u200c\u200d]"
    "|(?<=[\u30a1-\u30fa\u30fc])\u30fb(?=[\u30a1-\u30fa])"
)
# A vowel, a tone, or a consonant without a vowel of its own belongs to the syllable before it.
_SYLLABLE_GOES_ON = re.compile("[\u102b-\u103e]|[\u1000-\u1021][\u1037]?[\u1039\u103a]")
_ETHIOPIC_VOWELS = 8

# Letters that replace each other: on Arabic, Persian, Pashto, Urdu keyboards, in Turkish, where Hausa ones are missing.
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ك": "ک", "ګ": "گ", "ة": "ه", "ı": "i"}
    | {"ہ": "ه", "ھ": "ه", "ۃ": "ه"}
    | {"\u0901": _DEVANAGARI_DOT}
    | {"ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
    # In Amharic these are pronounced the same, and their use follows no rule today.
    | dict(zip("ሐሑሒሓሔሕሖኀኁኂኃኄኅኆሃ", "ሀሁሂሀሄህሆሀሁሂሀሄህሆሀ", strict=True))
    | dict(zip("ሠሡሢሣሤሥሦዐዑዒዓዔዕዖኣፀፁፂፃፄፅፆ", "ሰሱሲሳሴስሶአኡኢአኤእኦአጸጹጺጻጼጽጾ", strict=True))
)
_ARABIC = re.compile("[\u0621-\u06d3]")
_URDU = re.compile("[ٹڈڑںہھۃے]")
"""Letters that Arabic does not have."""
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
# A horn, a hook above, or two signs on one letter: only Vietnamese has them, while Yoruba dots letters below too.
_VIETNAMESE = re.compile("\u031b|\u0309|\u0323[\u0302\u0306]|[\u0302\u0306][\u0300\u0301\u0303]")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
# Both hòa and hoà are in use.
_EARLY_TONE = re.compile(r"([òóỏõọ](?=[ae])|[ùúủũụ](?=y))(\w)(?!\w)")
_CYRILLIC = str.maketrans("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж")
_MIN_STEM = 3
_MIN_SYLLABLES = 2
_MIN_VERB = 2


def tokens_of(text: str) -> list[str]:
    """The words in the first MAX_CHARS of a text, as written; a run of Chinese or Japanese counts as one."""
    return _TOKEN.findall(_WITHIN.sub("", in_unicode(text[:MAX_CHARS])))


def word_count(tokens: list[str]) -> int:
    """Length of a text in words; estimated for scripts that do not separate them."""
    return len(tokens) + sum(_further_words(token) for token in tokens if token >= _FIRST_UNSPACED)


def is_unspaced(text: str) -> bool:
    """Whether a text has letters of a script that does not separate words."""
    return _UNSPACED.search(text) is not None


def is_compound(text: str) -> bool:
    """Whether a text is a Korean word, which may have others within it and endings behind it."""
    return _HANGUL.search(text) is not None and " " not in text


def latin_parts(token: str) -> list[str]:
    """The words in Latin letters within a run or a Korean compound, folded: NATO軍, NATO가."""
    return (
        [part.casefold() for part in _LATIN_PART.findall(token)] if _UNSPACED_OR_HANGUL.search(token) else []
    )


def fold_run(text: str) -> str:
    """Chinese, Japanese, Korean, Burmese in NFC, with a Burmese letter corrected that is often mistaken for another."""
    return _WITHIN.sub("", unicodedata.normalize("NFC", text)).replace("\u1025\u103a", "\u1009\u103a")


def may_end(run: str, end: int) -> bool:
    """Whether a word may end at this index: not within a Burmese syllable."""
    return _SYLLABLE_GOES_ON.match(run, end) is None


def forms(token: str) -> list[str]:
    """A word without case and accents, and its possible forms without prefixes.

    Prefixes of Arabic, Hebrew and Amharic may begin any word.
    """
    if token.isascii():
        return [token[:_MAX_WORD].casefold()]
    token = unicodedata.normalize("NFC", token[:_MAX_WORD])
    word = fold(token)
    if _ACCENTED.search(token):
        return _with_tones(word, token)
    if _URDU.search(token):
        return [word]
    if _ARABIC.match(word):
        return [word, *_without_prefix(word, _ARABIC_PREFIX, _MIN_STEM)]
    if _HEBREW.match(word):
        return [word, *_without_prefix(word, _HEBREW_PREFIX, _MIN_STEM)]
    if _ETHIOPIC.match(word):
        # Each letter is a syllable: two make a word, and one before them can be a prefix.
        return [word, *_without_prefix(word, _ETHIOPIC_PREFIX, _MIN_SYLLABLES - 1)]
    return [word]


def swahili_forms(word: str) -> list[str]:
    """A folded word, and what it may be without the prefixes of a Swahili verb: `walishambulia` is `-shambulia`."""
    verbs = _swahili_verbs(word) if _SWAHILI.fullmatch(word) else ()
    return [word, *(f"-{verb}" for verb in verbs)]


def spellings(text: str, language: str) -> list[list[str]]:
    """The words of a term as `forms` has them; Serbian ones, which the word lists have in Latin, in Cyrillic too."""
    text = _WITHIN.sub("", text)
    if language == "vi":
        texts = [_fold_vietnamese(text)]
    elif language == "sr":
        texts = [fold(text), fold(_in_cyrillic(text.casefold()))]
    else:
        texts = [fold(text)]
    return [_PHRASE_WORD.findall(each) for each in dict.fromkeys(texts)]


def fold(word: str) -> str:
    """A word without case, accents, vowel signs and other variants of its letters."""
    if word.isascii():
        return word.casefold()
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    folded = _IGNORED.sub("", decomposed).translate(_LETTERS)
    return _DEVANAGARI_NASAL.sub(_DEVANAGARI_DOT, folded) if _DEVANAGARI.match(folded) else folded


def _with_tones(word: str, token: str) -> list[str]:
    """A word with Latin letters that ASCII lacks: without accents, with them, or both, as it may be Vietnamese."""
    tonal = _fold_vietnamese(token)
    return [tonal] if _VIETNAMESE.search(unicodedata.normalize("NFD", tonal)) else [word, tonal]


def _fold_vietnamese(text: str) -> str:
    """A text without case, but with the tones that tell Vietnamese words apart, on the last of several vowels."""
    return _EARLY_TONE.sub(_move_tone, unicodedata.normalize("NFC", text.casefold()))


def _move_tone(early: re.Match[str]) -> str:
    vowel = unicodedata.normalize("NFD", early[1])
    return unicodedata.normalize("NFC", vowel[0] + early[2] + vowel[1:])


def _in_cyrillic(text: str) -> str:
    for latin, cyrillic in (("lj", "љ"), ("nj", "њ"), ("dž", "џ")):
        text = text.replace(latin, cyrillic)
    return text.translate(_CYRILLIC)


@cache
def beginnings(stem: str) -> tuple[str, ...]:
    """The beginnings of words with this stem: an Amharic ending changes the vowel of the letter before it."""
    if not _ETHIOPIC.match(stem[-1:]):
        return (stem,)
    first = ord(stem[-1]) // _ETHIOPIC_VOWELS * _ETHIOPIC_VOWELS
    letters = {fold(chr(first + vowel)) for vowel in range(_ETHIOPIC_VOWELS)}
    return tuple(stem[:-1] + letter for letter in sorted(letters))


def _further_words(token: str) -> int:
    """About how many words a token is beyond its first: a run has one for two ideographs, or for six Burmese signs."""
    if not _UNSPACED.match(token):
        return 0
    return max(0, len(token) // (6 if token < "\u2000" else 2) - 1)


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
