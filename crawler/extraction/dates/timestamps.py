"""Converts the dates of pages, feeds and URLs to ISO 8601, as precise as they are given."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawler.extraction.dates.calendars import day_of
from crawler.extraction.dates.months import ascii_digits
from crawler.extraction.dates.written import first_date

_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2})"
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d+)?"
    r"\s*(?P<zone>Z\b|UTC\b|GMT\b|(?:UTC|GMT)?[+-]\d{2}:?\d{2}\b|(?:UTC|GMT)?[+-]\d{2}\b)?)?)?(?![\d-])",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_FARTHEST = 14
"""Most hours that a zone is ahead of UTC."""

_EPOCH = re.compile(r"^1?\d{9}(?:\d{3})?$")
_MONTHS_IN_URLS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_URL_DAY = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d{2})(?P<sep>[/._-]?)"
    rf"(?P<month>0?[1-9]|1[0-2]|(?<=[/_-])(?:{'|'.join(_MONTHS_IN_URLS)})[a-z]{{0,6}})(?P=sep)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d)",
    re.IGNORECASE,
)
_URL_MONTH = re.compile(r"/((?:19|20)\d{2})[/-](0[1-9]|1[0-2])(?=/)")


def parse_timestamp(text: str) -> str | None:
    """A date as ISO 8601 (`2021-01`, `2021-01-28`, `2021-01-28T10:00:00+03:00`); None if it is ambiguous or none.

    `03/04/2021` is ambiguous: a wrong month is worse than none.
    """
    text = ascii_digits(text.strip()[:100])
    for parse in (_parse_iso, _parse_compact, _parse_epoch, _parse_mail, first_date):
        try:
            if value := parse(text):
                return value
        except (ValueError, OverflowError):
            continue
    return None


def date_in_url(path: str) -> str | None:
    """The day, or else the month, in the path of a URL."""
    path = ascii_digits(path)
    for match in _URL_DAY.finditer(path):
        month = match["month"].lower()
        if not match["sep"] and len(match[0]) != 8:
            continue
        try:
            number = int(month) if month.isdigit() else _MONTHS_IN_URLS.index(month[:3]) + 1
            return date(int(match["year"]), number, int(match["day"])).isoformat()
        except ValueError:
            continue
    only_month = _URL_MONTH.search(path)
    return f"{only_month[1]}-{only_month[2]}" if only_month else None


def is_precise(value: str) -> bool:
    """Whether a value has a time of day."""
    return "T" in value


def instant(value: str) -> datetime | None:
    """The moment of a value with an offset; None of others."""
    moment = datetime.fromisoformat(value) if is_precise(value) else None
    return moment if moment and moment.tzinfo else None


def is_utc(value: str) -> bool:
    """Whether a time is in UTC (`Z`, `+00:00`), as systems write it, instead of the publisher's own offset."""
    moment = instant(value)
    return moment is not None and moment.utcoffset() == timedelta(0)


def in_zone(value: str, zone: ZoneInfo) -> str:
    """A UTC time in this zone; other values unchanged."""
    moment = instant(value)
    return moment.astimezone(zone).isoformat() if moment and is_utc(value) else value


def first_day(value: str) -> date:
    """The calendar day of a value; the first of a month."""
    return date.fromisoformat(f"{value}-01" if len(value) == 7 else value[:10])


def _parse_iso(text: str) -> str | None:
    match = _ISO.search(text)
    if not match:
        return None
    year, month, day = int(match["year"]), int(match["month"]), match["day"]
    if day is None:
        whole = match[0] == text and match["sep"] != "." and len(match["month"]) == 2
        return date(year, month, 1).isoformat()[:7] if whole else None
    found = day_of(year, month, int(day))
    clock = (match["hour"], match["minute"], match["second"])
    return _with_time(found, clock, match["zone"]) if found else None


def _parse_compact(text: str) -> str | None:
    match = _COMPACT.match(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    return _with_time(date(int(year), int(month), int(day)), (hour, minute, second), zone)


def _with_time(day: date, clock: tuple[str | None, str | None, str | None], zone: str | None) -> str:
    """A day with its time and offset, or without what cannot be: `24:00` is the end of a day, `45:12` nothing."""
    if clock[0] is None:
        return day.isoformat()
    hour, minute, second = (int(number or 0) for number in clock)
    if (hour, minute, second) == (24, 0, 0):
        day, hour = day + timedelta(days=1), 0
    if hour > 23 or minute > 59:
        return day.isoformat()
    # A leap second is the one before it: Python knows no others.
    return f"{day.isoformat()}T{hour:02}:{minute:02}:{min(second, 59):02}{_offset(zone)}"


def _offset(zone: str | None) -> str:
    """The offset of a time as ISO 8601 writes it; empty if there is none on Earth."""
    if zone is None:
        return ""
    digits = re.sub(r"[^\d+-]", "", zone)
    hours, minutes = digits[:3] or "+00", digits[3:] or "00"
    return f"{hours}:{minutes}" if abs(int(hours)) <= _FARTHEST and int(minutes) <= 59 else ""


def _parse_epoch(text: str) -> str | None:
    if not _EPOCH.match(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()


def _parse_mail(text: str) -> str | None:
    """RFC 5322, as in RSS: `Thu, 28 Jan 2021 10:00:00 +0300`."""
    if ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, IndexError):
        return None
    offset = moment.utcoffset() or timedelta(0)
    return (moment if abs(offset) <= timedelta(hours=_FARTHEST) else moment.replace(tzinfo=None)).isoformat()
