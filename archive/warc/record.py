"""One record of a WARC or ARC file, as it is read; those that we write are made in `archive.warc.new_records`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record as it lies in its file."""

    type: str
    headers: tuple[tuple[str, str], ...]
    """Fields of the WARC header in order; names in lower case."""
    block: bytes
    whole: bool
    """False if the block is over `MAX_BLOCK_BYTES`: then `block` is only its beginning."""
    offset: int
    length: int
    """Bytes of the gzip member; of an uncompressed record those up to the next record."""

    def get(self, name: str) -> str:
        """The last value of a header field without angle brackets; empty if it is missing."""
        return next((value.strip("<>") for key, value in reversed(self.headers) if key == name), "")

    @property
    def id(self) -> str:
        """WARC-Record-ID as written; empty for an ARC record."""
        return dict(self.headers).get("warc-record-id", "")

    @property
    def concurrent_to(self) -> set[str]:
        """Ids of the records that this one names as parts of its exchange."""
        return {value.strip("<>") for key, value in self.headers if key == "warc-concurrent-to"}
