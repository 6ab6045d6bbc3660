"""Copies of pages in web archives, by the addresses at which these serve them as they were captured.

A Wayback Machine serves the bytes that it received where `id_` follows the moment of capture
(https://wiki.archiveteam.org/index.php/Wayback_Machine, "identity"); pywb does so too.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

_COPY = re.compile(r"(https?://[^/]+/(?:[^?#]*/)?)(\d{14})id_/(https?:/+.+)", re.DOTALL)


class Copy(NamedTuple):
    """A copy of a page."""

    page: str
    """The URL that was captured."""
    captured: datetime
    """Aware UTC."""


def copy_of(url: str) -> Copy | None:
    """The copy at an address; None if it is none."""
    found = _COPY.match(url)
    captured = _moment(found[2]) if found else None
    return Copy(found[3], captured) if found and captured else None


def address_of_copy(base: str, timestamp: str, page: str) -> str:
    """Where a web archive serves a page as it was captured; `timestamp` has 14 digits."""
    return f"{base}/{timestamp}id_/{page}"


def other_page(copy: str, page: str) -> str:
    """Where the archive of a copy serves another page, as it was captured about that time."""
    found = _COPY.match(copy)
    return f"{found[1]}{found[2]}id_/{page}" if found else page


def is_timestamp(text: str) -> bool:
    """Whether a text is the moment of a capture."""
    return _moment(text) is not None


def _moment(timestamp: str) -> datetime | None:
    if len(timestamp) != 14 or not (timestamp.isascii() and timestamp.isdecimal()):
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
