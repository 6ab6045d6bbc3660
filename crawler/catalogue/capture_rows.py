"""The rows of records: where the exchange of a URL lies in the archive."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select

from archive.warc.location import RecordLocation
from crawler.catalogue.places import lies_in, place_of_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text


def insert_capture(connection: Connection, run_id: int, url_id: int, location: RecordLocation) -> int:
    """Enter where a record lies that a run wrote or read; its id."""
    values = {
        "run": run_id,
        "url_id": url_id,
        "warc": location.warc,
        "offset": location.offset,
        "length": location.length,
        "record_id": location.record_id,
        "payload_digest": location.payload_digest,
        "captured": utc_text(location.captured),
    }
    return int(connection.execute(_inserting(), values).scalar_one())


@cache  # to make it takes longer than the database
def _inserting() -> Any:
    table = schema.capture
    return insert(table).values(place=place_of_run(bindparam("run"))).returning(table.c.id)


def capture_of(connection: Connection, run_id: int, url_id: int, location: RecordLocation) -> int:
    """The id of a record's row, which is made if no run has come to the record."""
    capture = schema.capture.c
    known = select(capture.id).where(capture.url_id == url_id, capture.record_id == location.record_id)
    # Of the same place: an import elsewhere may have copied the record.
    its = known.where(or_(capture.place == place_of_run(run_id), capture.place == "")).limit(1)
    found = connection.execute(its).scalar()
    return int(found) if found is not None else insert_capture(connection, run_id, url_id, location)


def captures_in(catalogue: Catalogue, place: str) -> int:
    """How many records of pages a place has."""
    query = select(func.count()).select_from(schema.capture).where(lies_in(place))
    with catalogue.read() as connection:
        return int(connection.execute(query).scalar_one())
