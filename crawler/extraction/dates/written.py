"""Finds dates in text, written in figures or with the names of months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from crawler.extraction.dates.months import find_month, plain

# Not \w, which leaves out the vowel signs of Indian scripts.
_WORD = r"[^\s\d,.،/|:;()\[\]–—'’-]{2,14}"
_MONTH = rf"{_WORD}(?: (?:ال)?(?:ثاني|اول))?"
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # 28 January 2021, 28. ledna 2021, 28 de enero de 2021, 28 آذار/مارس 2021, 28 בינואר 2021
        rf"(?<![\d.,:/-])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o|a|\.)?[\s.-]+(?:de |d['’]|of |ב)?(?P<name>{_MONTH})"
        rf"(?:\s?/\s?(?P<other>{_MONTH}))?[.,،]?[\s-]+(?:de |del |of )?(?P<year>\d{{4}})(?!\d)",
        # January 28, 2021
        rf"(?<!\w)(?P<name>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,،]? (?P<year>\d{{4}})(?!\d)",
        # 2021. január 28., 2021 m. sausio 28 d.
        rf"(?<!\d)(?P<year>\d{{4}})(?: m)?\. (?P<name>{_MONTH}) (?P<day>\d{{1,2}})(?!\d)",
        # 2021. gada 28. janvāris
        rf"(?<!\d)(?P<year>\d{{4}})\. gada (?P<day>\d{{1,2}})\. (?P<name>{_MONTH})",
        # 28 tháng 1, 2021
        r"(?<!\d)(?P<day>\d{1,2}) thang (?P<month>\d{1,2}),? (?:nam )?(?P<year>\d{4})(?!\d)",
        # 2021年1月28日
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]",
        # 2021-01-28, 2021/1/8, 2021.01.28
        r"(?<![\d./-])(?P<year>\d{4})([./-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d-])",
        # 28.01.2021, 28. 1. 2021, 28/01/2021 - 04:30
        r"(?<![\d./-])(?P<first>\d{1,2})(?P<sign>[./-])\s?(?P<second>\d{1,2})(?P=sign)\s?(?P<year>\d{4})(?!\d)"
        r"(?:\D{1,5}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?!\d))?",
    )
)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in the plain form of a text: `text[begin:end]`."""

    value: str
    """ISO 8601, with the time of day if it follows directly."""
    begin: int
    end: int


def find_dates(text: str) -> list[WrittenDate]:
    """The complete dates in the first 300 characters of a text in plain form (`months.plain`), in order.

    `03/04/2021` is not among them: countries read it as different months.
    """
    text = text[:_LONGEST]
    found = sorted(
        (
            WrittenDate(value, match.start(), match.end())
            for match in _matches(text)
            if (value := _read(match))
        ),
        key=lambda date: date.begin,
    )
    return [one for at, one in enumerate(found) if at == 0 or one.begin >= found[at - 1].end]


def first_date(text: str) -> str | None:
    """The first complete date in a text, as ISO 8601."""
    found = find_dates(plain(text[:_LONGEST]))
    return found[0].value if found else None


def _matches(text: str) -> Iterator[re.Match[str]]:
    for form in _FORMS:
        yield from form.finditer(text)


def _read(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    try:
        if parts.get("sign"):
            return _read_figures(parts)
        month = int(parts["month"]) if "month" in parts else _named_month(parts)
        return date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:  # there is no such day
        return None


def _named_month(parts: dict[str, str]) -> int:
    """The month of a name or of two names that agree (`آذار/مارس`); 0 for none."""
    names = filter(None, (parts["name"], parts.get("other")))
    months = {find_month(name) for name in names} - {None}
    return months.pop() or 0 if len(months) == 1 else 0


def _read_figures(parts: dict[str, str]) -> str | None:
    first, second, year = int(parts["first"]), int(parts["second"]), int(parts["year"])
    # With dots the day is first everywhere; with slashes and dashes only if the other order is not a date.
    if parts["sign"] == "." or first > 12 or first == second:
        day = date(year, second, first).isoformat()
    elif second > 12:
        day = date(year, first, second).isoformat()
    else:
        return None
    return f"{day}T{int(parts['hour']):02}:{parts['minute']}:00" if parts["hour"] else day
