"""The rows of hosts: made when a URL of theirs is entered, and idle while none of theirs is queued."""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from crawler.database import schema
from crawler.database.bulk import batches, insert_into


def host_ids(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The ids of hosts by name; rows are made for new ones."""
    host = schema.host.c
    wanted = sorted(names)
    ids: dict[str, int] = {}
    for _ in range(2):  # a second time for those that are new
        for some in batches([name for name in wanted if name not in ids]):
            rows = connection.execute(select(host.name, host.id).where(host.name.in_(some)))
            ids.update((row.name, row.id) for row in rows)
        if new := [{"name": name} for name in wanted if name not in ids]:
            connection.execute(insert_into(connection, schema.host).on_conflict_do_nothing(), new)
    return ids


def wake_hosts(connection: Connection, ids: Collection[int]) -> None:
    """Have hosts looked at again, because something was queued."""
    host = schema.host
    # Locked in the order of ids: writers that lock the same rows in other orders would deadlock.
    asleep = select(host.c.id).where(host.c.id.in_(sorted(ids)), host.c.idle).order_by(host.c.id)
    if woken := connection.execute(asleep.with_for_update()).scalars().all():
        connection.execute(update(host).where(host.c.id.in_(woken)).values(idle=False))
