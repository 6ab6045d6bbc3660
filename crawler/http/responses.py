"""What an HTTP answer means for the URL that was asked, and an exception for the one that gave none."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from archive.errors import NotArchived
from crawler.fates import Fate
from crawler.http.address_policy import BlockedAddress
from crawler.http.robots import RobotsDisallowed, RulesUnknown

_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "")
"""Types under which servers send web pages; whether it is one, extraction sees from the content."""


LONGEST_WAIT_S = 24 * 3600.0
"""What a server wants beyond it is a mistake."""

_REDIRECTS = (301, 302, 303, 307, 308)


def flat_headers(response: Response) -> dict[str, str]:
    """Headers as extraction takes them: names in lower case, the last of repeated ones."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def redirect_target(url: str, status: int, headers: dict[str, str]) -> str | None:
    """Where a redirect leads, as an absolute URL; None if the answer is no redirect."""
    if status not in _REDIRECTS or not headers.get("location"):
        return None
    # Servers send Latin-1 or UTF-8 octets in Location; browsers take them as UTF-8 (RFC 3987).
    location = headers["location"].encode("latin-1").decode("utf-8", "replace").strip()
    try:
        return urljoin(url, location)
    except ValueError:  # `//[broken`
        return None


def is_html(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() in _HTML_TYPES


def fate_of_status(status: int) -> Fate | None:
    """The fate of an answer without a page; None for one with a page (any 2xx)."""
    if status in (404, 410, 451):
        return Fate.GONE
    if status == 304:
        return Fate.UNCHANGED
    if status in _REDIRECTS:
        return Fate.REDIRECTED
    return None if 200 <= status < 300 else Fate.HTTP_ERROR


def retry_after_s(value: str, now: datetime) -> float | None:
    """What a Retry-After field says, in seconds from now, a day at most; None if it says nothing."""
    if value.strip().isdecimal():
        wanted_s = float(value)
    else:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        wanted_s = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(wanted_s, 0.0), LONGEST_WAIT_S)


def fate_of_error(error: BaseException) -> tuple[Fate, str]:
    """The fate of a request that got no answer, and its reason in a few words."""
    reason = f"{type(error).__name__}: {error}"
    for kind, fate in _ERRORS:
        if isinstance(error, kind):
            return fate, reason
    if isinstance(error, NotArchived):
        return Fate.NOT_ARCHIVED, str(error)
    return Fate.NETWORK_ERROR, reason


def pause_of_error_s(error: BaseException) -> float | None:
    """For how long the host is left alone because it did not tell its rules; None after any other error."""
    return error.wait_s if isinstance(error, RulesUnknown) else None


_ERRORS: tuple[tuple[type[BaseException], Fate], ...] = (
    (BlockedAddress, Fate.BLOCKED_ADDRESS),
    (RobotsDisallowed, Fate.ROBOTS_DISALLOWED),
    (DownloadTimeoutError, Fate.TIMEOUT),
    (CannotResolveHostError, Fate.NETWORK_ERROR),
    (DownloadCancelledError, Fate.TOO_LARGE),
    (UnsupportedURLSchemeError, Fate.BAD_URL),
)
