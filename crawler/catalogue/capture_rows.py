"""The rows of records: where the exchange of a URL lies in the archive."""

from sqlalchemy import Connection, select

from archive.warc.location import RecordLocation
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.clock import utc_text


def insert_capture(connection: Connection, url_id: int, place: RecordLocation) -> int:
    """Enter the place of a record; its id."""
    values = {
        "url_id": url_id,
        "warc": place.warc,
        "offset": place.offset,
        "length": place.length,
        "record_id": place.record_id,
        "payload_digest": place.payload_digest,
        "captured": utc_text(place.captured),
    }
    return insert_row(connection, schema.capture, values)


def capture_of(connection: Connection, url_id: int, place: RecordLocation) -> int:
    """The id of a record's row, which is made if no run has come to the record."""
    capture = schema.capture.c
    known = select(capture.id).where(capture.url_id == url_id, capture.record_id == place.record_id)
    found = connection.execute(known.limit(1)).scalar()
    return int(found) if found is not None else insert_capture(connection, url_id, place)
