"""Finds dates in text, written in figures or with the names of months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from crawler.extraction.dates import calendars
from crawler.extraction.dates.months import find_month, load_months, plain

_LONGEST = 300

# Not \w, which leaves out the vowel signs of Indian scripts.
_WORD = r"[^\s\d,.،፣/|:;()\[\]–—'’-]{2,14}"
_TWICE = r"(?:\s?[(（\[][^()（）\[\]]{2,8}[)）\]])?"
"""The same year by the other calendar, in brackets: `2024年(令和6年)1月31日`."""

_THAI = r"(?<=[\u0e00-\u0e7f.] )\d{2}"
"""A year of the Buddhist era without its first figures: `17 ส.ค. 67`."""

_YEAR = re.compile(r"\d{4}|[年년\u0e00-\u0e7f]")
"""What every form has."""


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """The ways of writing a complete date, in plain form: with a name first, then in figures alone."""
    names = (*load_months(), *(name for _, _, name in calendars.month_names()))
    seconds = {second for name in names if (second := name.partition(" ")[2])}
    second = "|".join(sorted(map(re.escape, seconds), key=len, reverse=True))
    # Also ส.ค. (Thai), and ك2 (Lebanese).
    month = rf"(?:{_WORD}(?: (?:{second})(?!\w))?|[\u0e00-\u0e7f.]{{4,12}}|[كت][12])"
    era = "|".join(calendars.ERAS)
    patterns = (
        # 28 January 2021, 28. ledna 2021, 28 de enero de 2021, 28 آذار/مارس 2021, 28 בינואר 2021, 17 ส.ค. พ.ศ. 2567
        rf"(?<![\d.,:/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o|a|ª|\.)?[\s./-]+"
        rf"(?:de |d['’]|of |من |ב)?(?P<name>{month})(?:\s?/\s?(?P<other>{month}))?"
        rf"[.,،]?[\s/-]+(?:de |del |of |ماه |พ\.?ศ\.? ?)?(?P<year>\d{{4}}|{_THAI})(?!\d)",
        # January 28, 2021; ጥር 22 ቀን 2016
        rf"(?<!\w)(?P<name>{month})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th| ቀን)?(?:[,،፣/] ?| )(?P<year>\d{{4}})(?!\d)",
        # 2021. január 28., 2021 m. sausio 28 d., 2021 January 28, 2021-Jan-28
        rf"(?<!\d)(?P<year>\d{{4}})(?: m)?[.,-]? ?(?P<name>{month}),?[ -](?P<day>\d{{1,2}})(?!\d)",
        # 2021. gada 28. janvāris
        rf"(?<!\d)(?P<year>\d{{4}})\. gada (?P<day>\d{{1,2}})\. (?P<name>{month})",
        # 28 tháng 1, 2021
        r"(?<!\d)(?P<day>\d{1,2}) thang (?P<month>\d{1,2}),? (?:nam )?(?P<year>\d{4})(?!\d)",
        # 2021年1月28日, 2021年(令和3年)1月28日, 令和3年1月28日, 民國110年1月28日
        rf"(?<!\d)(?:(?P<era>{era})\s?)?(?P<year>\d{{1,4}}|元)\s?[年년]{_TWICE}\s?"
        r"(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일号號]?(?!\d)",
        # 2021-01-28, 2021/1/8, 2021.01.28, 2021. 1. 28
        r"(?<![\d./-])(?P<year>\d{4})([./-]) ?(?P<month>\d{1,2})\2 ?(?P<day>\d{1,2})(?![\d-])",
        # 28.01.2021, 28. 1. 2021, 28/01/2021 - 04:30
        r"(?<![\d./-])(?P<first>\d{1,2})(?P<sign>[./-])\s?(?P<second>\d{1,2})(?P=sign)\s?(?P<year>\d{4})(?!\d)"
        r"(?:\D{1,5}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?!\d))?",
    )
    return tuple(map(re.compile, patterns))


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in the plain form of a text: `text[begin:end]`."""

    value: str
    """ISO 8601, with the time of day if it follows directly."""
    begin: int
    end: int
    is_ambiguous: bool = False
    """Whether it is `03/04/2021`, read as if the day came first: in other countries it is another month."""


def find_dates(text: str) -> list[WrittenDate]:
    """The complete dates in the first 300 characters of a text in plain form (`months.plain`), in order."""
    text = text[:_LONGEST]
    found: list[WrittenDate] = []
    if _YEAR.search(text) is None:
        return found
    for match in sorted(_matches(text), key=re.Match.start):
        if (not found or match.start() >= found[-1].end) and (value := _read(match)):
            found.append(WrittenDate(value, match.start(), match.end(), _is_ambiguous(match)))
    return found


def first_date(text: str) -> str | None:
    """The first complete date in a text, as ISO 8601; none that is ambiguous."""
    sure = (found.value for found in find_dates(plain(text[:_LONGEST])) if not found.is_ambiguous)
    return next(sure, None)


def _matches(text: str) -> Iterator[re.Match[str]]:
    for form in _forms():
        yield from form.finditer(text)


def _read(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    try:
        if parts.get("sign"):
            return _read_figures(parts)
        day = _read_name(parts) if "name" in parts else _read_eastern(parts)
    except ValueError:  # there is no such day
        return None
    return day.isoformat() if day else None


def _read_name(parts: dict[str, str]) -> date | None:
    """The day of a month with a name, or with two that agree (`آذار/مارس`)."""
    year, number = int(parts["year"]), int(parts["day"])
    if year < 100:
        year += 2500
    names = [name.replace(".", "") for name in (parts["name"], parts.get("other")) if name]
    days = {calendars.find_day(year, name, number) or _common_day(year, name, number) for name in names}
    days.discard(None)
    return days.pop() if len(days) == 1 else None


def _common_day(year: int, name: str, day: int) -> date | None:
    month = find_month(name)
    return date(calendars.common_year(year), month, day) if month else None


def _read_eastern(parts: dict[str, str]) -> date | None:
    """A day by the numbers of year, month and day; years of an era are counted from its beginning."""
    era, year = parts.get("era"), 1 if parts["year"] == "元" else int(parts["year"])
    month, day = int(parts["month"]), int(parts["day"])
    if not era and 100 <= year < 200:
        era = "民國"  # which official dates leave out
    if era:
        return date(calendars.ERAS[era] + year, month, day)
    return calendars.day_of(year, month, day) if year >= 1000 else None


def _is_ambiguous(match: re.Match[str]) -> bool:
    # With dots the day is first everywhere, and so it is in other calendars.
    parts = match.groupdict()
    if parts.get("sign") in (None, ".") or not 1900 <= int(parts["year"]) < 2200:
        return False
    return max(int(parts["first"]), int(parts["second"])) <= 12 and parts["first"] != parts["second"]


def _read_figures(parts: dict[str, str]) -> str | None:
    first, second, year = int(parts["first"]), int(parts["second"]), int(parts["year"])
    day, month = (second, first) if second > 12 and parts["sign"] != "." else (first, second)
    found = calendars.day_of(year, month, day)
    if found is None or not parts["hour"] or int(parts["hour"]) > 23 or int(parts["minute"]) > 59:
        return found.isoformat() if found else None
    return f"{found.isoformat()}T{int(parts['hour']):02}:{parts['minute']}:00"
