"""Where a record lies."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where the record of an exchange lies: the response, or the request if there was no response.

    `read_record(archive / warc, offset)` opens it.
    """

    warc: str
    """The name of a file in the archive, without `.open`; of a foreign file its absolute path, in a WACZ
    `path.wacz!member`."""
    offset: int
    length: int
    """Bytes of the record's gzip member."""
    record_id: str
    payload_digest: str
    """`sha1:` and base32: from the record, or computed from the payload."""
    captured: datetime
    """Aware UTC time at which the request began."""
