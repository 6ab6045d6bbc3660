"""How URLs stand, and how they ended in each run."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from crawler.catalogue.listing_reads import ListingRead, note_listing_read
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import keys_of
from crawler.outcome import Outcome


class UrlStatus(NamedTuple):
    """How a URL stands."""

    state: str
    """See `crawler.frontier.states`."""
    fate: str | None


class Visit(NamedTuple):
    """How a URL ended in one run."""

    spider: str
    started: str
    fate: str
    reason: str | None


def note_visit(
    connection: Connection,
    url_id: int,
    run_id: int,
    outcome: Outcome,
    capture_id: int | None,
    new: int | None = None,
) -> None:
    """Remember how a URL ended in a run; `new` is the number of its links that this queued."""
    new = None if outcome.is_look else new
    reason = outcome.listing.sentence(new) if outcome.listing else outcome.reason
    values = {
        "url_id": url_id,
        "run_id": run_id,
        "fate": str(outcome.fate),
        "reason": reason or None,
        "capture_id": capture_id,
    }
    visit_id = insert_row(connection, schema.visit, values)
    if outcome.listing:
        note_listing_read(connection, visit_id, ListingRead(outcome.listing, new))


def change_visit(connection: Connection, url_id: int, run_id: int, outcome: Outcome) -> bool:
    """Let a URL have ended otherwise in the last visit of a run; False if there was none."""
    visit = schema.visit
    last = select(func.max(visit.c.id)).where(visit.c.url_id == url_id, visit.c.run_id == run_id)
    values = {"fate": str(outcome.fate), "reason": outcome.reason or None}
    changing = update(visit).where(visit.c.id == last.scalar_subquery()).values(values)
    return connection.execute(changing).rowcount > 0


def visits_of(catalogue: Catalogue, url: str) -> list[Visit]:
    """How a URL ended in each run, oldest first."""
    visit, run = schema.visit.c, schema.run.c
    query = (
        select(run.spider, run.started, visit.fate, visit.reason)
        .join_from(schema.visit, schema.run, visit.run_id == run.id)
        .join(schema.url, visit.url_id == schema.url.c.id)
        .where(schema.url.c.key.in_(keys_of(url)))
        .order_by(visit.id)
    )
    with catalogue.read() as connection:
        return [Visit(*row) for row in connection.execute(query)]


def status_of(catalogue: Catalogue, url: str) -> UrlStatus | None:
    """How a URL stands; None if the catalogue does not know it."""
    column = schema.url.c
    query = select(column.state, column.fate).where(column.key.in_(keys_of(url)))
    with catalogue.read() as connection:
        # The row of this very spelling, if there are two.
        row = connection.execute(query.order_by((column.url == url).desc())).first()
    return UrlStatus(*row) if row else None
