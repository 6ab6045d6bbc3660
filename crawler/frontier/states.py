"""Where a URL is on its way: queued, perhaps deferred, leased by a run, done, and perhaps due again."""

from sqlalchemy import ColumnElement, and_, literal_column

from crawler.database import schema

QUEUED, DEFERRED, LEASED, DONE = "queued", "deferred", "leased", "done"


def in_state(state: str) -> ColumnElement[bool]:
    """The URLs in a state; a literal, for a bound value would not match the index over them."""
    return schema.url.c.state == literal_column(f"'{state}'")


def is_scheduled() -> ColumnElement[bool]:
    """The URLs that have ended and will be due again."""
    return and_(in_state(DONE), schema.url.c.not_before > literal_column("0"))
