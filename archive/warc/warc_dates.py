"""The time that a record names: WARC-Date in every form that is met, and the fourteen digits of ARC and CDX."""

import re
from calendar import isleap, monthrange
from datetime import UTC, datetime, timedelta

_FORM = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)"
    r"(?:[Tt ]?(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]?(?P<fraction>\d+))?)?)?)?)?)?"
    r"\s*(?:[Zz]|UTC|GMT|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)?)?",
    re.ASCII,
)

_PARTS = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
"""Each with its least value."""


def parse_date(text: str) -> datetime | None:
    """The moment as aware UTC time, its beginning where it is a year, month, day, hour or minute; None if it is none.

    WARC 1.1 (5.4) allows years to nanoseconds, in UTC; other offsets and other signs between are met.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[name] or least) for name, least in _PARTS)
    microseconds = int(((found["fraction"] or "") + "000000")[:6])
    offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    try:
        # A leap second has no place in Python: it counts as the one before.
        moment = datetime(year, month, day, hour, minute, 59 if second == 60 else second, microseconds, UTC)
        return moment + offset if found["sign"] == "-" else moment - offset
    except (ValueError, OverflowError):
        return None


def latest_moment(text: str) -> datetime | None:
    """The last microsecond that a date may mean: a page of 2021 may name any day of 2021; None if it is none.

    Dates with seconds mean that second, as all our own.
    """
    beginning, found = parse_date(text), _FORM.fullmatch(text.strip())
    if beginning is None or found is None or found["second"]:
        return beginning
    try:
        return beginning + _lasting(found["month"], found["day"], found["hour"], found["minute"], beginning)
    except OverflowError:
        return beginning


def _lasting(
    month: str | None, day: str | None, hour: str | None, minute: str | None, beginning: datetime
) -> timedelta:
    """How long the period lasts that a date without seconds names, but for its last microsecond."""
    if minute:
        period = timedelta(minutes=1)
    elif hour:
        period = timedelta(hours=1)
    elif day:
        period = timedelta(days=1)
    else:
        days = monthrange(beginning.year, beginning.month)[1] if month else 365 + isleap(beginning.year)
        period = timedelta(days=days)
    return period - timedelta(microseconds=1)


def timestamp(date: str) -> str:
    """The fourteen digits of a WARC-Date in UTC; those that it has if it is no date."""
    moment = parse_date(date)
    return moment.strftime("%Y%m%d%H%M%S").zfill(14) if moment else re.sub(r"\D", "", date)[:14]
