"""How the records of the archives that a run replayed have ended."""

from collections.abc import Mapping

from sqlalchemy import insert, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue


def note_archived_records(catalogue: Catalogue, run_id: int, archive: str, counts: Mapping[str, int]) -> None:
    """Remember how many records of an archive ended for which reason."""
    rows = [
        {"run_id": run_id, "archive": archive, "reason": reason, "count": count}
        for reason, count in counts.items()
        if count
    ]
    if rows:
        catalogue.write(lambda connection: connection.execute(insert(schema.archived_records), rows))


def archived_records(catalogue: Catalogue, run_id: int) -> dict[str, dict[str, int]]:
    """The counts of a run by archive and reason."""
    row = schema.archived_records.c
    query = select(row.archive, row.reason, row.count).where(row.run_id == run_id)
    found: dict[str, dict[str, int]] = {}
    with catalogue.read() as connection:
        for archive, reason, count in connection.execute(query.order_by(row.archive, row.reason)):
            found.setdefault(archive, {})[reason] = count
    return found
