"""The days that a back-fill wants, and whether what a listing names can be of them."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from crawler.errors import OperatorError
from crawler.items import Link, UrlKind

DAY = timedelta(days=1)
"""By so much the calendars of newsrooms and of what lists their articles can differ."""

WEEK = timedelta(days=6)
"""Before the last day: so far gaps are looked for where nothing says from when on."""

_GIVEN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_ISO = re.compile(r"\s*(\d{4})-(\d\d)(?:-(\d\d))?", re.ASCII)
_DAY_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)", re.ASCII
)
_MONTH_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])(?:\d\d)?(?!\d)", re.ASCII)
"""What follows it is a day, or the number of a part."""
_PARTED_MONTH = re.compile(r"(?:yyyy|year|y)=((?:19|20)\d\d)&(?:mm|month|m)=(0?[1-9]|1[0-2])(?!\d)", re.ASCII)
_YEAR_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """Days in one stretch or several, earliest first, with other days between them."""

    stretches: tuple[tuple[date, date], ...]
    """First and last day of each, both included; at least one."""

    @classmethod
    def between(cls, since: str, until: str, today: date) -> Self:
        """The period that `since` and `until` name, each a year, month or day; OperatorError if they name none.

        What lies after `today` is left out.
        """
        first, last = _given("since", since)[0], min(_given("until", until)[1], today)
        if first > last:
            raise OperatorError(
                f"since={since} until={until} is no time in the past: let since come before until."
            )
        return cls(((first, last),))

    @classmethod
    def of_days(cls, days: Iterable[date]) -> Self:
        """The period of some days; at least one."""
        stretches: list[tuple[date, date]] = []
        for day in sorted(days):
            is_next = bool(stretches) and day <= stretches[-1][1] + DAY
            first = stretches.pop()[0] if is_next else day
            stretches.append((first, day))
        return cls(tuple(stretches))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The period in `Evidence.period`; None if there is none."""
        pairs = (stretch.partition("/") for stretch in text.split(","))
        try:
            return cls(
                tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, _, last in pairs)
            )
        except ValueError:
            return None

    def __str__(self) -> str:
        return ",".join(f"{first}/{last}" for first, last in self.stretches)

    def __iter__(self) -> Iterator[date]:
        return (
            first + timedelta(days=number)
            for first, last in self.stretches
            for number in range((last - first).days + 1)
        )

    @property
    def first(self) -> date:
        """The first day."""
        return self.stretches[0][0]

    @property
    def last(self) -> date:
        """The last day."""
        return self.stretches[-1][1]

    @property
    def days(self) -> int:
        """How many days it has."""
        return sum((last - first).days + 1 for first, last in self.stretches)

    @property
    def months(self) -> list[tuple[int, int]]:
        """The years and months of which it has days."""
        return list(dict.fromkeys((day.year, day.month) for day in self))

    def has(self, published: str) -> bool:
        """Whether a time of publication, ISO 8601 as precise as known, is of this period."""
        span = _span_of_iso(published)
        return span is None or self.meets(*span)

    def may_hold(self, link: Link) -> bool:
        """Whether something may be of this period, by what its listing says and by its address.

        Of a sitemap its name counts: the month or, where it has none, the year in it. Nothing is published after it
        was last changed.
        """
        evidence = link.evidence
        if link.kind is UrlKind.SITEMAP:
            named = _span_of_name(link.url)
            return self.meets(*named) if named else self._is_not_before(evidence.modified)
        if link.kind is not UrlKind.ARTICLE:
            return True
        published = _span_of(evidence.published) or _span_of_day(link.url)
        if published is not None:
            return self.meets(*around(*published))
        return self._is_not_before(evidence.modified)

    def _is_not_before(self, modified: str) -> bool:
        changed = _span_of(modified)
        return changed is None or around(*changed)[1] >= self.first

    def meets(self, first: date, last: date) -> bool:
        """Whether one of the days from `first` to `last` is of it."""
        return any(first <= its_last and last >= its_first for its_first, its_last in self.stretches)


def around(first: date, last: date) -> tuple[date, date]:
    """From a day before the first to a day after the last, as far as the calendar goes: some say 0001-01-01."""
    return max(first, date.min + DAY) - DAY, min(last, date.max - DAY) + DAY


def moments(period: Period, step: timedelta) -> Iterator[datetime]:
    """Every moment of each day of a period, from its beginning, in UTC."""
    for day in period:
        midnight = datetime.combine(day, time(), UTC)
        yield from (midnight + number * step for number in range(DAY // step))


def on_calendar(days: Iterable[date], zone: str) -> Period:
    """Days in UTC as those of a publisher's calendar that they share an hour with; its zone may be empty: UTC."""
    calendar = ZoneInfo(zone or "UTC")
    begins = [datetime.combine(day, time(), UTC) for day in days]
    ends = [begin + DAY - timedelta(seconds=1) for begin in begins]
    return Period.of_days({moment.astimezone(calendar).date() for moment in (*begins, *ends)})


@lru_cache(maxsize=1024)
def read_period(text: str) -> Period | None:
    """`Period.read`, kept: the links of a listing have one for each publisher at most."""
    return Period.read(text) if text else None


def _given(name: str, value: str) -> tuple[date, date]:
    found = _GIVEN.fullmatch(value)
    span = _span(*found.groups()) if found else None
    if span is None:
        raise OperatorError(f"{name}={value!r} is no year, month or day: give it like {name}=2021-01.")
    return span


def _span(year: str, month: str | None = None, day: str | None = None) -> tuple[date, date] | None:
    """The first and the last day of a year, month or day; None if there is none."""
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        if day is None:
            first = date(int(year), int(month), 1)
            return first, first.replace(day=monthrange(first.year, first.month)[1])
        only = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return only, only


def _span_of(text: str) -> tuple[date, date] | None:
    """The day or month of a date as a listing writes it; None if that cannot be read."""
    if (span := _span_of_iso(text)) is not None or not text:
        return span
    try:
        day = parsedate_to_datetime(text).date()
    except (ValueError, OverflowError):
        return None
    return day, day


def _span_of_iso(text: str) -> tuple[date, date] | None:
    found = _ISO.match(text)
    return _span(*found.groups()) if found else None


def _span_of_day(url: str) -> tuple[date, date] | None:
    found = _DAY_IN_URL.search(urlsplit(url).path)
    return _span(found[1], found[3], found[4]) if found else None


def _span_of_name(url: str) -> tuple[date, date] | None:
    """The month or year in the path and query of a listing; None if there is none, or if there are several."""
    name = unquote(urlsplit(url)._replace(scheme="", netloc="").geturl())
    for pattern in (_PARTED_MONTH, _MONTH_IN_NAME, _YEAR_IN_NAME):
        found = {each.groups() for each in pattern.finditer(name)}
        if found:
            return _span(*found.pop()) if len(found) == 1 else None
    return None
