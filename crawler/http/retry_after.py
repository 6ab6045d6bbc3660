"""How long a server wants to be left alone."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_PAUSE_S = 24 * 3600.0
"""The longest pause that a host can want: a later time was written by a wrong clock."""


def retry_after_s(value: str, now: datetime) -> float | None:
    """What a Retry-After field says (RFC 9110, 10.2.3), in seconds from now, a day at most; None if it says nothing."""
    if value.strip().isdecimal():
        wanted_s = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
            wanted_s = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, OverflowError):  # of dates beyond any calendar too
            return None
    return min(max(wanted_s, 0.0), LONGEST_PAUSE_S)
