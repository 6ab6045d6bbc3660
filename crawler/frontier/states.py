"""Where a URL is on its way: queued, perhaps deferred, leased by a run, done, and perhaps due again."""

from sqlalchemy import ColumnElement, and_, literal_column, or_

from crawler.database import schema
from crawler.items import UrlKind

QUEUED, DEFERRED, LEASED, DONE = "queued", "deferred", "leased", "done"


def in_state(state: str) -> ColumnElement[bool]:
    """The URLs in a state; a literal, for a bound value would not match the index over them."""
    return schema.url.c.state == literal_column(f"'{state}'")


def is_scheduled() -> ColumnElement[bool]:
    """The URLs that have ended and will be due again; style sheets that did not fail wait until they are named, too."""
    url = schema.url.c
    is_awaited = or_(url.kind != UrlKind.STYLE, url.failures > 0)
    return and_(in_state(DONE), url.not_before > literal_column("0"), is_awaited)
