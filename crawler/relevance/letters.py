"""Which languages a text cannot be in, by its letters: lists of languages with one script share many words."""

import re
from collections.abc import Iterable

_KANA = re.compile("[\u3041-\u30fa]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_JAPANESE_SHARE = 0.1
"""Kana among the signs of a Japanese text: a third or more; of a Chinese one, a brand or a quotation."""
_TELLING_LENGTH = 30
"""Ideographs from which on a text without kana is not Japanese: headlines may do without."""
_ARABIC = re.compile("[\u0621-\u064a]")
_URDU = re.compile("[ٹڈڑںہھے]")
_NOT_SERBIAN = re.compile("[йьюящыэъіїєґ]", re.IGNORECASE)
_SERBIAN = re.compile("[јљњћђџ]", re.IGNORECASE)


def unwritten(tokens: Iterable[str]) -> frozenset[str]:
    """Languages whose words are none of this text's: Japanese without kana, Urdu without Urdu letters."""
    text = "".join(tokens)
    if text.isascii():
        return frozenset()
    return frozenset({*_of_ideographs(text), *_of_arabic(text), *_of_cyrillic(text)})


def _of_ideographs(text: str) -> Iterable[str]:
    ideographs = len(_IDEOGRAPH.findall(text))
    kana = len(_KANA.findall(text)) if ideographs else 0
    if kana > _JAPANESE_SHARE * (kana + ideographs):
        return ("zh",)
    return ("ja",) if ideographs >= _TELLING_LENGTH else ()


def _of_arabic(text: str) -> Iterable[str]:
    return ("ur",) if _ARABIC.search(text) and not _URDU.search(text) else ()


def _of_cyrillic(text: str) -> Iterable[str]:
    foreign = len(_NOT_SERBIAN.findall(text))
    if not foreign:
        return ("ru", "uk") if _SERBIAN.search(text) else ()
    return ("sr",) if foreign > len(_SERBIAN.findall(text)) else ()
