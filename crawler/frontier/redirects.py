"""What redirects come to: a loop of any length is a trap, and an article that led to no article is fetched again."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from crawler.database import schema
from crawler.fates import IN_CORPUS, Fate
from crawler.frontier.states import DONE, is_scheduled

LONGEST_LOOP = 20
"""Redirects that are followed in the catalogue: longer chains end by their hops."""

_READ = frozenset(
    {*IN_CORPUS, Fate.UNCHANGED, Fate.DUPLICATE, Fate.SYNDICATED, Fate.OFF_TOPIC, Fate.REVIEW, Fate.UNDATED}
    | {Fate.RIGHTS_DROPPED, Fate.OUT_OF_RANGE, Fate.PART}
)
"""Fates of pages with an article."""

_WAITING_ROOMS = ("consent", "login", "signin", "sign-in")
"""Parts of URLs to which visitors of any page are sent."""


class _Redirect(NamedTuple):
    """A URL that redirects."""

    id: int
    url: str
    target_key: bytes


def mark_loop(connection: Connection, run_id: int, url_id: int) -> None:
    """Make a trap of each URL of this run in the loop that a redirect has closed, if it has."""
    loop = _loop_through(connection, url_id)
    if not loop:
        return
    url, visit = schema.url, schema.visit
    ours = select(url.c.id).where(url.c.id.in_(sorted(row.id for row in loop)), url.c.run_id == run_id)
    values = {"fate": str(Fate.TRAP), "reason": _reason(loop)}
    visited = (visit.c.run_id == run_id, visit.c.fate == Fate.REDIRECTED, visit.c.url_id.in_(ours))
    connection.execute(update(visit).where(*visited).values(values))
    connection.execute(update(url).where(url.c.id.in_(ours)).values(fate=str(Fate.TRAP)))


def settle_redirects(connection: Connection, after_ms: int, by_ms: int) -> None:
    """Let those redirects rest that are due to be tried again in a time although they led to an article."""
    connection.execute(_settling(), {"after_ms": after_ms, "by_ms": by_ms})


@cache  # to make it takes longer than the database
def _settling() -> Update:
    url, target, other = schema.url, schema.url.alias(), schema.url.alias()
    is_shared = exists().where(other.c.target_key == url.c.target_key, other.c.id != url.c.id)
    settled = or_(
        target.c.fate.in_(sorted(_READ)), and_(target.c.fate == Fate.REDIRECTED, target.c.not_before == 0)
    )
    led_there = exists().where(
        target.c.key == url.c.target_key, target.c.state == DONE, settled, ~_is_for_visitors(target.c.url)
    )
    after, by = (bindparam(name, type_=BigInteger) for name in ("after_ms", "by_ms"))
    due = (url.c.not_before > after, url.c.not_before <= by)
    these = (is_scheduled(), *due, url.c.fate == Fate.REDIRECTED, led_there, ~is_shared)
    return update(url).where(*these).values(not_before=0)


def _loop_through(connection: Connection, url_id: int) -> list[_Redirect]:
    """The URLs of the loop of redirects to which a URL belongs, itself first; none if it belongs to none."""
    url = schema.url.c
    redirects = select(url.id, url.url, url.target_key).where(
        url.state == DONE, url.fate.in_((Fate.REDIRECTED, Fate.TRAP)), url.target_key.is_not(None)
    )
    path: list[_Redirect] = []
    row = connection.execute(redirects.where(url.id == url_id)).first()
    while row is not None and len(path) < LONGEST_LOOP:
        path.append(_Redirect(*row))
        row = connection.execute(redirects.where(url.key == row.target_key)).first()
        if row is not None and row.id == url_id:
            return path
    return []


def _reason(loop: Sequence[_Redirect]) -> str:
    first = min(loop, key=lambda row: row.id)
    if len(loop) == 1:
        return "redirects to itself"
    return f"redirects in a loop of {len(loop)} URLs, one of which is {first.url}"


def _is_for_visitors(text: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a URL is that of a front page, or of a place to which visitors of any page are sent."""
    slashes = func.length(text) - func.length(func.replace(text, "/", ""))
    is_front = and_(text.like("%/"), slashes <= 3)
    return or_(is_front, *(func.lower(text).contains(word) for word in _WAITING_ROOMS))
