"""How large a run is that is at work: the URLs that it knows, and the hosts that have some for it."""

from typing import NamedTuple

from sqlalchemy import func, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.states import LEASED, QUEUED


class Queues(NamedTuple):
    """The URLs that wait for their hosts."""

    hosts: int
    longest: int
    """How many wait for the host that has the most."""


def known_urls(catalogue: Catalogue, run_id: int) -> int:
    """How many URLs a run has to account for, as far as it knows by now."""
    with catalogue.read() as connection:
        found = connection.execute(select(schema.run.c.discovered).where(schema.run.c.id == run_id))
        return int(found.scalar() or 0)


def queues_of(catalogue: Catalogue, run_id: int) -> Queues:
    """What waits; reads a row of each URL that does."""
    url = schema.url.c
    each = (
        select(func.count().label("urls"))
        .where(url.run_id == run_id, url.state.in_((QUEUED, LEASED)), url.host_id.is_not(None))
        .group_by(url.host_id)
        .subquery()
    )
    with catalogue.read() as connection:
        hosts, longest = connection.execute(select(func.count(), func.max(each.c.urls))).one()
    return Queues(int(hosts), int(longest or 0))
