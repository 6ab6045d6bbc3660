"""Where a URL is on its way: queued, perhaps deferred, leased by a run, done."""

from sqlalchemy import ColumnElement, literal_column

from crawler.store import schema

QUEUED, DEFERRED, LEASED, DONE = "queued", "deferred", "leased", "done"


def in_state(state: str) -> ColumnElement[bool]:
    """The URLs in a state; a literal, for a bound value would not match the index over them."""
    return schema.url.c.state == literal_column(f"'{state}'")
