"""Names of months and weekdays as they are written in dates, in about sixty languages: from CLDR, through Babel."""

import pickle
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from babel.localedata import resolve_locale_filename

LOCALES = """
en fr de de_AT es es_UY pt ca it ro nl sv da no is fi et lv lt pl cs sk hr sr_Latn sl hu sq
ru uk be bg mk sr el tr az uz uz_Cyrl kk ky tg hy ka ar ar_LB ar_DZ ar_MA fa ps ckb ur he
hi bn mr ne pa gu ta te ml kn si th lo my km id ms sw am
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
    # In Lebanon the second word is also a figure, or the whole name a letter and a figure.
    *((1, "كانون 2"), (10, "تشرين 1"), (11, "تشرين 2"), (12, "كانون 1")),
    *((1, "ك2"), (10, "ت1"), (11, "ت2"), (12, "ك1")),
    # Newspapers spell January and February in Bengali with a short i, CLDR with a long one.
    *((1, "জানুয়ারি"), (2, "ফেব্রুয়ারি")),
    # CLDR's abbreviations in Thai, as `plain` writes them: initials with full stops, no beginnings.
    *enumerate(["มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค"], start=1),
)
"""Names that CLDR lacks."""

_SHORTEST = 3
"""Fewest letters of an abbreviation."""

_CHINESE_DIGITS = "〇一二三四五六七八九"
_ZEROS = str.maketrans("零○", "〇〇")
_CHINESE_DATE = re.compile(
    r"(?P<year>[〇零○一二三四五六七八九]{4}|(?<=[和成])[一二三四五六七八九十]{1,3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)

_NO_LETTERS = re.compile(r"[\s.-]+")


def find_month(name: str) -> int | None:
    """The number of a month by its name or an abbreviation; None if unknown, or if languages disagree.

    `listopada` is November in Polish and October in Croatian: a wrong month is worse than none.
    """
    months = load_months().get(plain(name), frozenset())
    return next(iter(months)) if len(months) == 1 else None


def plain(text: str) -> str:
    """Lower case without accents, which writers often leave out; digits of every script as 0 to 9."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    if "年" in letters:
        letters = _CHINESE_DATE.sub(_in_figures, letters)
    # Recomposed, because decomposition also splits Korean syllables.
    return unicodedata.normalize("NFC", "".join(map(_plain_letter, letters)))


def ascii_digits(text: str) -> str:
    """The text with the digits of every script as 0 to 9."""
    return text if text.isascii() else "".join(map(_digit, text))


def _in_figures(match: re.Match[str]) -> str:
    """A date in Chinese numerals, in figures: `二〇二一年一月二十八日`."""
    year = "".join(str(_CHINESE_DIGITS.find(sign)) for sign in match["year"].translate(_ZEROS))
    if len(year) < 4:  # of an emperor's reign
        year = str(_below_hundred(match["year"]))
    return f"{year}年{_below_hundred(match['month'])}月{_below_hundred(match['day'])}日"


def _below_hundred(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    return 10 * (_CHINESE_DIGITS.find(tens[:1]) if tens else len(ten)) + max(
        0, _CHINESE_DIGITS.find(ones or "〇")
    )


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    # The vowels of Thai are no accents: without them March is January.
    is_thai = "\u0e00" <= letter <= "\u0e7f"
    return "" if unicodedata.category(letter) in ("Mn", "Cf") and not is_thai else _digit(letter)


@lru_cache(maxsize=4096)
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


@cache
def load_weekdays() -> frozenset[str]:
    """The words in the names of weekdays, and their abbreviations of three letters and more, plain."""
    names = [name for locale in LOCALES.split() for name in _read_locale(locale).weekdays]
    words = (word for name in names for word in _NO_LETTERS.split(plain(name)))
    return frozenset(word for word in words if len(word) >= _SHORTEST)


@cache
def is_day_first(language: str | None) -> bool:
    """Whether `03/04/2021` is the third of April to all who write this language (ISO 639-1); not in English."""
    path = Path(resolve_locale_filename(language or "root"))
    if not path.is_file():
        return False
    with path.open("rb") as file:
        form = pickle.load(file).get("date_formats", {}).get("short")
    return [sign for sign in str(getattr(form, "pattern", "")) if sign in "dMy"][:1] == ["d"]


def names_of_cldr() -> Iterator[tuple[int, str]]:
    """Month number and name, for each locale."""
    for locale in LOCALES.split():
        names = _read_locale(locale)
        yield from names.alone if locale in _STAND_ALONE else names.wide
        if locale in _ABBREVIATED:
            yield from names.abbreviated


class _Names(NamedTuple):
    """What is kept of a locale: month numbers with names, and names of weekdays."""

    wide: list[tuple[int, str]]
    abbreviated: list[tuple[int, str]]
    alone: list[tuple[int, str]]
    weekdays: list[str]


@cache
def _read_locale(name: str) -> _Names:
    # Not through babel.Locale, which merges each locale with its parents and caches the result: twice the time, and
    # 45 MB in each worker.
    with Path(resolve_locale_filename(name)).open("rb") as file:
        data = pickle.load(file)
    months, days = data["months"], data["days"].get("format", {})
    return _Names(
        wide=_items(months, "format", "wide"),
        abbreviated=_items(months, "format", "abbreviated"),
        alone=_items(months, "stand-alone", "wide"),
        weekdays=[day for table in days.values() if isinstance(table, dict) for day in table.values()],
    )


def _items(months: dict[str, dict[str, object]], use: str, width: str) -> list[tuple[int, str]]:
    table = months.get(use, {}).get(width)
    return list(table.items()) if isinstance(table, dict) else []  # CLDR points to another one
