"""Names of months as they are written in dates, in about forty languages: from CLDR, through Babel."""

import pickle
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.localedata import resolve_locale_filename

LOCALES = """
en fr de de_AT es es_UY pt ca it ro nl sv da no is fi et lv lt pl cs sk hr sr_Latn sl hu sq
ru uk be bg sr el tr az ar ar_LB ar_DZ ar_MA fa ur he hi bn id sw
"""
"""The locales that are read; across all of CLDR `mai`, `mar` and `may` each name several months."""

_ABBREVIATED = frozenset({"en"})
"""Locales whose abbreviations count as names: `mar` is also the beginning of `marraskuuta`, Finnish for November."""

_STAND_ALONE = frozenset({"ca"})
"""Locales whose names in dates contain a preposition: `de gener`."""

MISSING = (
    (2, "feber"),  # Austrian, beside Februar
    # The Arabic names of the Levant are also written without articles.
    *((1, "كانون ثاني"), (10, "تشرين أول"), (11, "تشرين ثاني"), (12, "كانون أول")),
    # Newspapers spell January and February in Bengali with a short i, CLDR with a long one.
    *((1, "জানুয়ারি"), (2, "ফেব্রুয়ারি")),
)
"""Names that CLDR lacks."""

_SHORTEST = 3
"""Fewest letters of an abbreviation."""


def find_month(name: str) -> int | None:
    """The number of a month by its name or an abbreviation; None if unknown, or if languages disagree.

    `listopada` is November in Polish and October in Croatian: a wrong month is worse than none.
    """
    months = load_months().get(plain(name), frozenset())
    return next(iter(months)) if len(months) == 1 else None


def plain(text: str) -> str:
    """Lower case without accents, which writers often leave out; digits of every script as 0 to 9."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    kept = (_digit(letter) for letter in letters if unicodedata.category(letter) not in ("Mn", "Cf"))
    # Recomposed, because decomposition also splits Korean syllables.
    return unicodedata.normalize("NFC", "".join(kept))


def _digit(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


@cache
def load_months() -> dict[str, frozenset[int]]:
    """Month numbers by plain name or, if that is not itself a name, by the beginning of one: 50 ms the first time."""
    names, beginnings = dict[str, set[int]](), dict[str, set[int]]()
    for number, written in (*names_of_cldr(), *MISSING):
        name = plain(written)
        names.setdefault(name, set()).add(number)
        for end in range(_SHORTEST, len(name)):
            beginnings.setdefault(name[:end].strip(), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in (beginnings | names).items()}


def names_of_cldr() -> Iterator[tuple[int, str]]:
    """Month number and name, for each locale."""
    for locale in LOCALES.split():
        months = _read_locale(locale)["months"]
        yield from months["stand-alone" if locale in _STAND_ALONE else "format"]["wide"].items()
        if locale in _ABBREVIATED:
            yield from months["format"]["abbreviated"].items()


def _read_locale(name: str) -> Any:
    # Not through babel.Locale, which merges each locale with its parents and caches the result: twice the time, and
    # 45 MB in each worker.
    with Path(resolve_locale_filename(name)).open("rb") as file:
        return pickle.load(file)
