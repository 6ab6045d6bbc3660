"""Days of other calendars than the Gregorian, as news pages write them.

The Solar Hijri, the Islamic and the Ethiopian calendar have months of their own; the Buddhist and the Minguo calendar
and Japanese eras only count other years.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from crawler.extraction.dates.months import plain


class Calendar(StrEnum):
    """A calendar whose months are not the Gregorian ones."""

    SOLAR_HIJRI = "solar hijri"
    ISLAMIC = "islamic"
    ETHIOPIAN = "ethiopian"


ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}
"""The Gregorian year before the first of an era: Japanese reigns, and the Republic of China (Minguo)."""

_BUDDHIST = 543
"""What the Thai calendar is ahead of the Gregorian."""

_YEARS = {
    Calendar.SOLAR_HIJRI: range(1374, 1480),
    Calendar.ISLAMIC: range(1415, 1525),
    Calendar.ETHIOPIAN: range(1987, 2093),
}
"""The years since 1995: a month's name with any other year is no date."""

_ISLAMIC_FIGURES = 1415
"""Of years in figures alone, those from here on are Islamic (1995) and earlier ones Solar Hijri (until 2036)."""

_SIGHTING = 2
"""Days by which the months of other countries may begin later than those of Umm al-Qura, the Saudi calendar."""

_ETHIOPIAN_BEGIN = date(8, 8, 27)
"""Gregorian day (proleptic) of the first day of the Ethiopian calendar."""

_NAMES = {
    Calendar.SOLAR_HIJRI: (
        # Iranian, Afghan (Dari) and Pashto names, and Iranian ones in Latin letters.
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
        "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
    ),
    Calendar.ISLAMIC: (
        "محرم صفر ربيع_الأول ربيع_الآخر جمادى_الأولى جمادى_الآخرة رجب شعبان رمضان شوال ذو_القعدة ذو_الحجة",
        "المحرم صفر ربيع_أول ربيع_الثاني جمادى_الأول جمادى_الثانية رجب شعبان رمضان شوال ذي_القعدة ذي_الحجة",
        "محرم صفر ربیع‌الاول ربیع‌الثانی جمادی‌الاول جمادی‌الثانی رجب شعبان رمضان شوال ذیقعده ذیحجه",
        "محرم صفر ربیع_الاول ربیع_ثانی جمادی_الاول جمادی_الثانی رجب شعبان رمضان شوال ذوالقعده ذوالحجه",
    ),
    Calendar.ETHIOPIAN: (
        "መስከረም ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን",
        "መስከረም ጥቅምት ህዳር ታህሳስ ጥር የካቲት መጋቢት ሚያዚያ ግንቦት ሰኔ ሀምሌ ነሃሴ ጳጉሜ",
    ),
}
_SAME_LETTERS = str.maketrans("يىكة", "ییکه")


def find_day(year: int, name: str, day: int) -> date | None:
    """The day of a month that has this name (plain) in another calendar, in a year since 1995; None if none has it.

    ValueError if the month has no such day.
    """
    for calendar, month in _months().get(_same_letters(name).removesuffix("ماه"), ()):
        if year in _YEARS[calendar]:
            return _convert(calendar, year, month, day)
    return None


def day_of(year: int, month: int, day: int) -> date | None:
    """The day that is written in figures, by the calendar that has such years; ValueError if there is none."""
    if _YEARS[Calendar.SOLAR_HIJRI].start <= year < _ISLAMIC_FIGURES:
        return _convert(Calendar.SOLAR_HIJRI, year, month, day)
    if year in _YEARS[Calendar.ISLAMIC]:
        return _convert(Calendar.ISLAMIC, year, month, day)
    return date(common_year(year), month, day)


def common_year(year: int) -> int:
    """The Gregorian year of one that is written with Gregorian months."""
    return year - _BUDDHIST if 1995 + _BUDDHIST <= year < 2100 + _BUDDHIST else year


def month_names() -> Iterator[tuple[Calendar, int, str]]:
    """Calendar, number and plain name of the months that are no Gregorian ones."""
    for calendar, tables in _NAMES.items():
        for table in tables:
            for number, name in enumerate(table.split(), start=1):
                yield calendar, number, plain(name.replace("_", " "))


@cache
def _months() -> dict[str, set[tuple[Calendar, int]]]:
    months: dict[str, set[tuple[Calendar, int]]] = {}
    for calendar, number, name in month_names():
        months.setdefault(_same_letters(name), set()).add((calendar, number))
    return months


def _same_letters(name: str) -> str:
    """With the Persian forms of letters that Arabic keyboards write otherwise."""
    return name.translate(_SAME_LETTERS)


@lru_cache(maxsize=256)
def _convert(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian day; None if countries differ about its month, ValueError if there is no such day."""
    if calendar is Calendar.ETHIOPIAN:
        return _from_ethiopian(year, month, day)
    found: date
    # Few pages need them.
    if calendar is Calendar.SOLAR_HIJRI:
        import jdatetime

        found = jdatetime.date(year, month, day).togregorian()
        return found
    from hijridate import Hijri

    found = date(*Hijri(year, month, day).to_gregorian().datetuple())
    return found if (found + timedelta(days=_SIGHTING)).month == found.month else None


def _from_ethiopian(year: int, month: int, day: int) -> date:
    """Twelve months of thirty days and a short one; each fourth year, the one before a Gregorian leap year, has 366."""
    in_last_month = 6 if year % 4 == 3 else 5
    if not (1 <= month <= 13 and 1 <= day <= (30 if month < 13 else in_last_month)):
        raise ValueError(f"no day {day} in month {month} of the Ethiopian year {year}")
    return _ETHIOPIAN_BEGIN + timedelta(days=365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)
