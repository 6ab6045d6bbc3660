"""Keys of URLs, computed as they are now: for catalogues whose keys an earlier version made."""

from sqlalchemy import Connection, Table, delete, select, update

from crawler.database import schema
from crawler.http.url_identity import exact_key, keys_of, url_key


def rekey(connection: Connection) -> None:
    """Give each URL, takedown, decision and yield the key by which it is looked up now; right ones stay."""
    for old, new in _rekey_urls(connection).items():
        _move_yield(connection, old, new)
    _rekey_by_url(connection, schema.redaction)
    _rekey_by_url(connection, schema.review)


def _rekey_urls(connection: Connection) -> dict[bytes, bytes]:
    """New keys by old ones; of several URLs that name one page now, the first has the key of the page."""
    url = schema.url
    changed: dict[int, tuple[bytes, str]] = {}
    taken: set[bytes] = set()
    for row in connection.execute(select(url.c.id, url.c.key, url.c.url).order_by(url.c.id)):
        key = bytes(row.key)
        if key in keys_of(row.url):
            taken.add(key)
        else:
            changed[row.id] = key, row.url
    moved: dict[int, tuple[bytes, bytes]] = {}
    for row_id, (old, its_url) in changed.items():
        free = [key for key in (url_key(its_url), exact_key(its_url)) if key not in taken]
        moved[row_id] = old, (free or [row_id.to_bytes(16)])[0]
        taken.add(moved[row_id][1])
    # In two passes, because a new key may be an old one of another row.
    for new_keys in (
        {row_id: row_id.to_bytes(16) for row_id in moved},
        {row_id: new for row_id, (_, new) in moved.items()},
    ):
        for row_id, key in new_keys.items():
            connection.execute(update(url).where(url.c.id == row_id).values(key=key))
    return dict(moved.values())


def _move_yield(connection: Connection, old: bytes, new: bytes) -> None:
    """Count the yield of a listing under its new key."""
    harvest = schema.harvest
    row = connection.execute(select(harvest).where(harvest.c.key == old)).one_or_none()
    if row is None:
        return
    connection.execute(delete(harvest).where(harvest.c.key == old))
    more = {name: harvest.c[name] + getattr(row, name) for name in ("ended", "related")}
    if not connection.execute(update(harvest).where(harvest.c.key == new).values(more)).rowcount:
        connection.execute(harvest.insert().values(key=new, ended=row.ended, related=row.related))


def _rekey_by_url(connection: Connection, table: Table) -> None:
    """Give the rows of a table the keys of their URLs; of two takedowns of one page one is enough."""
    rows = connection.execute(select(table.c.key, table.c.url)).all()
    known = {bytes(row.key) for row in rows}
    for row in rows:
        key = url_key(row.url)
        its = (table.c.key == row.key, table.c.url == row.url)
        if key == bytes(row.key):
            continue
        if table.c.key.primary_key and key in known:
            connection.execute(delete(table).where(*its))
        else:
            connection.execute(update(table).where(*its).values(key=key))
            known.add(key)
