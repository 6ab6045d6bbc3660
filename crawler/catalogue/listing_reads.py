"""What listings account for, visit by visit: how many entries they had, and what became of these."""

import json
from typing import NamedTuple

from sqlalchemy import Connection, select

from crawler.database import schema
from crawler.database.bulk import replacing
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import keys_of
from crawler.listing_account import ListingAccount


class ListingRead(NamedTuple):
    """The account of one visit."""

    account: ListingAccount
    new: int | None
    """Links that the visit queued; None where none are followed, as in a replay."""


def note_listing_read(connection: Connection, visit_id: int, read: ListingRead) -> None:
    """Remember what a visit to a listing gave."""
    account = read.account
    values = {
        "form": str(account.form),
        "links": account.links,
        "new": read.new,
        "dropped": json.dumps(dict(account.dropped), ensure_ascii=False),
        "unread": json.dumps(account.unread, ensure_ascii=False),
        "oldest": account.oldest or None,
        "newest": account.newest or None,
        "shared": account.shared,
    }
    # A visit that was deleted by hand may have left its account behind.
    noting = replacing(connection, schema.listing_read, "visit_id", values)
    connection.execute(noting, {"visit_id": visit_id, **values})


def last_listing_read(catalogue: Catalogue, url: str) -> ListingRead | None:
    """The account of the last visit that read a listing; None if there was none."""
    read = schema.listing_read
    query = (
        select(read.c.form, read.c.links, read.c.new, read.c.dropped, read.c.unread)
        .join_from(read, schema.visit, read.c.visit_id == schema.visit.c.id)
        .join(schema.url, schema.visit.c.url_id == schema.url.c.id)
        .where(schema.url.c.key.in_(keys_of(url)))
        .order_by(read.c.visit_id.desc())
        .limit(1)
    )
    with catalogue.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    account = ListingAccount(row.form, row.links, json.loads(row.dropped), tuple(json.loads(row.unread)))
    return ListingRead(account, row.new)
