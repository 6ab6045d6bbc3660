"""How the URLs with which crawls begin were when they were fetched last, by a check or a crawl, and what that means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from crawler.database import schema
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key


class Cause(StrEnum):
    """What a look at a URL gave: `ok`, or the cause why it gave nothing."""

    OK = "ok"
    EMPTY = "empty"
    NO_LISTING = "not a feed"
    ROBOTS = "robots.txt"
    BLOCKED = "blocked"
    GONE = "gone"
    MOVED = "moved"
    SERVER = "server error"
    TIMEOUT = "timeout"
    DNS = "no such host"
    REFUSED = "refused"
    TLS = "certificate"
    NETWORK = "connection broke"
    ADDRESS = "address not allowed"
    OTHER = "not readable"


_OF_FATE = {
    Fate.SOFT_404: Cause.NO_LISTING,
    Fate.NOT_HTML: Cause.NO_LISTING,
    Fate.ROBOTS_DISALLOWED: Cause.ROBOTS,
    Fate.GONE: Cause.GONE,
    Fate.REDIRECTED: Cause.MOVED,
    Fate.TRAP: Cause.MOVED,
    Fate.TIMEOUT: Cause.TIMEOUT,
    Fate.INCOMPLETE: Cause.NETWORK,
    Fate.BLOCKED_ADDRESS: Cause.ADDRESS,
}
_READ = (Fate.DISCOVERY, Fate.PARTLY_READ)
_BLOCKED = re.compile(r"HTTP (?:401|403|405|406|429|451)\b")
_OF_REASON = (
    (re.compile(r"no address|not known|resolv|DNS", re.IGNORECASE), Cause.DNS),
    (re.compile(r"refused", re.IGNORECASE), Cause.REFUSED),
    (re.compile(r"certificate|SSL|TLS", re.IGNORECASE), Cause.TLS),
    (re.compile(r"timed? ?out|took longer|in time", re.IGNORECASE), Cause.TIMEOUT),
)
"""The words by which failures of a network tell their causes."""


@dataclass(frozen=True, slots=True)
class Look:
    """The last visit to a URL."""

    url: str
    when: str
    """ISO 8601, UTC."""
    fate: str
    reason: str
    items: int = 0
    oldest: str = ""
    newest: str = ""
    """Days (`YYYY-MM-DD`) of its items, of the last visit that read any."""
    moved_to: str = ""
    """Where its redirects led in the end."""

    @property
    def cause(self) -> Cause:
        """What it gave, or why it gave nothing."""
        return cause_of(self.fate, self.reason, self.items)

    @property
    def is_ok(self) -> bool:
        return self.cause is Cause.OK

    @property
    def result(self) -> str:
        """The cause, with what the server said."""
        moved = f", moved to {self.moved_to}" if self.moved_to else ""
        words = f" ({self.reason})" if self.cause not in (Cause.OK, Cause.EMPTY, Cause.MOVED) else ""
        return f"{self.cause}{words}{moved}"


def is_blocked(reason: str) -> bool:
    """Whether a server refused, by the status in the reason of a visit."""
    return _BLOCKED.search(reason) is not None


def cause_of(fate: str, reason: str, items: int) -> Cause:
    """What a visit that ended so gave; `items`: entries of a listing that was read."""
    if fate in _READ:
        return Cause.OK if items else Cause.EMPTY
    if fate == Fate.UNCHANGED:
        return Cause.OK
    if fate in (Fate.HTTP_ERROR, Fate.GONE) and is_blocked(reason):
        return Cause.BLOCKED
    if fate == Fate.HTTP_ERROR:
        return Cause.SERVER
    if fate in (Fate.NETWORK_ERROR, Fate.TIMEOUT, Fate.ROBOTS_DISALLOWED):
        return _of_network(fate, reason)
    return _OF_FATE.get(Fate(fate), Cause.OTHER)


def _of_network(fate: str, reason: str) -> Cause:
    if fate == Fate.ROBOTS_DISALLOWED and "could not be fetched" not in reason:
        return Cause.ROBOTS
    if is_blocked(reason):
        return Cause.BLOCKED
    named = (cause for words, cause in _OF_REASON if words.search(reason))
    return next(named, Cause.SERVER if "HTTP 5" in reason else Cause.NETWORK)


def last_looks(catalogue: Catalogue, urls: Iterable[str]) -> dict[str, Look]:
    """The last visit to each of these URLs, or to what it redirects to; without those that were never fetched."""
    wanted = {url_key(url): url for url in urls}
    with catalogue.read() as connection:
        rows = {bytes(row.key): row for some in batches([*wanted]) for row in connection.execute(_last(some))}
        looks = {wanted[key]: _look(wanted[key], row) for key, row in rows.items()}
        return {url: _followed(connection, rows[url_key(url)], look) for url, look in looks.items()}


def _last(keys: Iterable[bytes]) -> Select[Any]:
    """The last visit to each URL of these keys, and the last that read it."""
    url, visit, read = schema.url.c, schema.visit.c, schema.listing_read
    last = select(func.max(visit.id)).where(visit.url_id == url.id).correlate(schema.url).scalar_subquery()
    readings = select(func.max(visit.id)).join_from(schema.visit, read, read.c.visit_id == visit.id)
    last_read = readings.where(visit.url_id == url.id).correlate(schema.url).scalar_subquery()
    when = func.coalesce(schema.capture.c.captured, schema.run.c.started)
    return (
        select(url.key, url.url, url.target_key, visit.fate, visit.reason, when.label("moment"))
        .add_columns(read.c.links, read.c.oldest, read.c.newest)
        .join_from(schema.url, schema.visit, visit.id == last)
        .join(schema.run, schema.run.c.id == visit.run_id)
        .outerjoin(schema.capture, schema.capture.c.id == visit.capture_id)
        .outerjoin(read, read.c.visit_id == last_read)
        .where(url.key.in_(keys))
    )


def _look(url: str, row: Row[Any]) -> Look:
    return Look(
        url, row.moment, row.fate, row.reason or "", row.links or 0, row.oldest or "", row.newest or ""
    )


def _followed(connection: Connection, row: Row[Any], look: Look) -> Look:
    """The look at where a URL redirects to, as one at the URL itself."""
    for _ in range(10):
        if row.fate != Fate.REDIRECTED or row.target_key is None:
            return look
        target = connection.execute(_last([row.target_key])).first()
        if target is None:
            return look
        row, look = target, replace(_look(look.url, target), moved_to=target.url)
    return look
