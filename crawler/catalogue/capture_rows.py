"""The rows of records: where the exchange of a URL lies in the archive."""

from sqlalchemy import Connection, func, or_, select

from archive.warc.location import RecordLocation
from crawler.catalogue.places import lies_in, place_of_run
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text


def insert_capture(connection: Connection, run_id: int, url_id: int, location: RecordLocation) -> int:
    """Enter where a record lies that a run wrote or read; its id."""
    values = {
        "url_id": url_id,
        "warc": location.warc,
        "offset": location.offset,
        "length": location.length,
        "record_id": location.record_id,
        "payload_digest": location.payload_digest,
        "captured": utc_text(location.captured),
        "place": place_of_run(run_id),
    }
    return insert_row(connection, schema.capture, values)


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
