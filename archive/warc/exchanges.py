"""Records that belong together: an answer, its request and the notes about both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_any_credentials, without_credentials

ANSWERS = ("response", "revisit", "resource")
PARTS = (*ANSWERS, "request", "metadata")


@dataclass(slots=True)
class Exchange:
    """Neighbouring records of one request; `answer` is None if there was none."""

    answer: WarcRecord | None = None
    request: WarcRecord | None = None
    metadata: WarcRecord | None = None

    @property
    def records(self) -> list[WarcRecord]:
        return [record for record in (self.answer, self.request, self.metadata) if record is not None]

    @property
    def offset(self) -> int:
        """Offset of its first record."""
        return min(record.offset for record in self.records)

    @property
    def url(self) -> str:
        """The URL that was fetched, as the records spell it, without credentials; empty if none names it."""
        return without_credentials(
            next((uri for record in self.records if (uri := record.get("warc-target-uri"))), "")
        )

    @property
    def method(self) -> str:
        """The method of the request; GET if the archive has no request record."""
        words = self.request.block[:64].split(maxsplit=1) if self.request else []
        return words[0].decode("ascii", "replace").upper() if words else "GET"

    @property
    def notes(self) -> dict[str, str]:
        """Fields of the metadata record, without the credentials of URLs; the last of repeated ones."""
        fields = _parse_fields(self.metadata.block) if self.metadata else {}
        return {name: without_any_credentials(value) for name, value in fields.items()}

    def takes(self, record: WarcRecord) -> bool:
        """Whether a record is part of this exchange: some tools name the request, some the answer."""
        if (self.answer and record.type in ANSWERS) or (self.request and record.type == "request"):
            return False
        known = {other.get("warc-record-id") for other in self.records}
        named = {name for other in self.records for name in other.concurrent_to}
        return not known.isdisjoint(record.concurrent_to) or record.get("warc-record-id") in named

    def add(self, record: WarcRecord) -> None:
        """Make a record part of this exchange; of several metadata records the first counts."""
        if record.type == "request":
            self.request = record
        elif record.type == "metadata":
            self.metadata = self.metadata or record
        else:
            self.answer = record


class ExchangeGrouper:
    """Puts neighbouring records together; holds only one exchange at a time.

    Records that lie apart from their exchange are exchanges of their own: archives whose writers
    interleave lose the method and the notes, never the answer.
    """

    def __init__(self) -> None:
        self._current = Exchange()

    def add(self, record: WarcRecord) -> Exchange | None:
        """Take the next record of a file; the exchange before it, if the record begins another one."""
        if record.type not in PARTS:
            return None
        finished = None
        if self._current.records and not self._current.takes(record):
            finished, self._current = self._current, Exchange()
        self._current.add(record)
        return finished

    def last(self) -> Exchange | None:
        """The exchange that the end of the file finishes."""
        return self._current if self._current.records else None


def group_exchanges(records: Iterable[WarcRecord]) -> Iterator[Exchange]:
    """The exchanges that the records of a file make, as `ExchangeGrouper` puts them together."""
    grouper = ExchangeGrouper()
    for record in records:
        if (exchange := grouper.add(record)) is not None:
            yield exchange
    if (exchange := grouper.last()) is not None:
        yield exchange


def _parse_fields(block: bytes) -> dict[str, str]:
    """Read application/warc-fields: `name: value` lines, continued by lines that begin with white space."""
    fields: dict[str, str] = {}
    name = ""
    for line in block.decode("utf-8", "replace").split("\n"):
        if line[:1] in (" ", "\t") and name:
            fields[name] = f"{fields[name]} {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    return fields
