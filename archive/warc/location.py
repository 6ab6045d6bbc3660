"""Where a record lies."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where the record of an exchange lies: that of the response, or of the request if nobody answered.

    `read_record(archive / warc, offset)` opens it.
    """

    warc: str
    """Name of a file in the archive, without `.open`; of others an absolute path, of a WACZ `path.wacz!member`."""
    offset: int
    length: int
    """Bytes of the record's gzip member."""
    record_id: str
    payload_digest: str
    """`sha1:` and base32: of the record, else computed from the payload."""
    captured: datetime
    """Aware UTC time at which the request began."""
