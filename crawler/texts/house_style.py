"""Whether two words name one thing in the styles of two newsrooms: spelling, transliteration, abbreviation, title."""

import re
import unicodedata
from difflib import SequenceMatcher

_LONGEST = 250
"""Characters of a name that are compared."""

# Letters that transliterations and national spellings use for one sound; doubled ones and h inside a word do not count.
_SOUNDS = str.maketrans({"w": "v", "z": "s", "c": "k", "q": "k", "y": "i", "j": "i", " ": None})
_FORMS = str.maketrans("ةىیکە", "هييكه", "ـ")  # Arabic and Persian forms of one letter; kashida
_SILENT = re.compile(r"(?<=.)h")
_DOUBLED = re.compile(r"(.)\1+|(?<=[aou])e")  # ue, oe and ae are ü, ö and ä where a typesetter has none
_VOWELS = re.compile(r"(?<=.)[aeiouаеиоуыэюяіїє]")

_ALIKE, _LONG = 0.8, 5
"""Share of equal letters of two transliterations, from this length on."""

# As words stand in texts that are compared: without case and full stops.
_TITLES = """
    mr mrs ms miss dr prof sir lord lady sen gov gen col lt capt maj sgt rep hon rev president premier minister senator
    governor general colonel captain chancellor king queen prince princess sheikh imam ayatollah pope judge secretary
    herr frau präsident präsidentin kanzler kanzlerin ministerin minister general oberst könig papst
    m mme mlle président présidente ministre général colonel roi pape premier
    sr sra señor señora presidente presidenta ministro ministra general coronel rey papa don doña canciller
    senhor senhora dom governador governadora
    президент премьер министр господин госпожа генерал полковник король глава г гн гжа
"""
TITLES = frozenset(_TITLES.split())
"""Honorifics and offices before a name, which one newsroom writes and another one does not."""


def is_same_name(one: str, other: str) -> bool:
    """Whether two runs of words, without case, are the same but for a newsroom's style."""
    one, other = one[:_LONGEST], other[:_LONGEST]
    if any(character.isdecimal() for character in one + other):
        return one.replace(" ", "") == other.replace(" ", "")
    return (
        _sounds(one) == _sounds(other)
        or _are_titles(one, other)
        or _is_abbreviation(one, other)
        or _is_abbreviation(other, one)
        or _is_transliteration(_sounds(one), _sounds(other))
    )


def _sounds(words: str) -> str:
    """Words without what transliterations and house styles change: accents, doubled letters, spaces, w for v."""
    letters = unicodedata.normalize("NFD", words)
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _DOUBLED.sub(r"\1", _SILENT.sub("", bare.translate(_SOUNDS).translate(_FORMS)))


def _are_titles(one: str, other: str) -> bool:
    return TITLES.issuperset(one.split()) and TITLES.issuperset(other.split())


def _is_abbreviation(short: str, long: str) -> bool:
    """Whether one is made of the other's initials, as `u s`, `eeuu` (whose doubling is a plural) and `ес`."""
    initials = "".join(word[0] for word in long.split())
    letters = short.replace(" ", "")
    return len(initials) > 1 and letters in (initials, "".join(2 * initial for initial in initials))


def _is_transliteration(one: str, other: str) -> bool:
    """Whether two names differ as transliterations do: in vowels, or in a letter of a long name."""
    if one.upper() == one:  # caseless scripts have one spelling
        return False
    consonants = _VOWELS.sub("", one)
    if len(consonants) > 1 and consonants == _VOWELS.sub("", other) and abs(len(one) - len(other)) <= 1:
        return True
    is_long = min(len(one), len(other)) >= _LONG
    return is_long and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
