"""The first and last day of a period, as operators name them."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from crawler.errors import OperatorError

_AGO = re.compile(r"(\d{1,4})([dw])", re.ASCII)
_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


def first_day(text: str, option: str) -> str:
    """The first day (`YYYY-MM-DD`) of a day, a month, or so many days or weeks until today; empty for an empty text."""
    return _day(text, option, 1)


def last_day(text: str, option: str) -> str:
    """The same of the last day."""
    return _day(text, option, 31)


def _day(text: str, option: str, of_month: int) -> str:
    try:
        return _read(text, of_month)
    except (ValueError, OverflowError):
        raise OperatorError(
            f"{option} is {text!r}: give a day such as 2026-03-25, a month such as 2026-03, or 7d for the last week."
        ) from None


def _read(text: str, of_month: int) -> str:
    if not text:
        return ""
    if ago := _AGO.fullmatch(text):
        days = int(ago[1]) * (7 if ago[2] == "w" else 1)
        return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()
    if _MONTH.fullmatch(text):
        year, month = map(int, text.split("-"))
        return date(year, month, min(of_month, monthrange(year, month)[1])).isoformat()
    return date.fromisoformat(text).isoformat()
