"""Records that belong together: an answer, its request and what was noted about both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.warc.record import WarcRecord

_ROLES = {
    "response": "answer",
    "revisit": "answer",
    "resource": "answer",
    "request": "request",
    "metadata": "metadata",
}


@dataclass(slots=True)
class Exchange:
    """Neighbouring records of one request; an unanswered one has no answer."""

    answer: WarcRecord | None = None
    request: WarcRecord | None = None
    metadata: WarcRecord | None = None

    @property
    def records(self) -> list[WarcRecord]:
        return [record for record in (self.answer, self.request, self.metadata) if record is not None]

    @property
    def offset(self) -> int:
        """Octet at which the first of its records begins."""
        return min(record.offset for record in self.records)

    @property
    def url(self) -> str:
        """Address that was asked, as the records have it; empty where none names one."""
        return next((uri for record in self.records if (uri := record.get("warc-target-uri"))), "")

    @property
    def method(self) -> str:
        """Method of the request; GET where the archive has no request record."""
        words = self.request.block[:64].split(maxsplit=1) if self.request else []
        return words[0].decode("ascii", "replace").upper() if words else "GET"

    @property
    def notes(self) -> dict[str, str]:
        """Fields of the metadata record; of repeated ones the last."""
        return _parse_fields(self.metadata.block) if self.metadata else {}

    def takes(self, record: WarcRecord) -> bool:
        """Whether a record is part of this exchange: some tools name the request, some the answer."""
        known = {other.get("warc-record-id") for other in self.records}
        named = {name for other in self.records for name in other.concurrent_to}
        return not known.isdisjoint(record.concurrent_to) or record.get("warc-record-id") in named


def group_exchanges(records: Iterable[WarcRecord]) -> Iterator[Exchange]:
    """Put neighbouring records together; only one exchange is held at a time.

    Records that stand apart from their exchange are exchanges of their own: archives whose writers
    interleave lose the method and the notes, never the answer.
    """
    current = Exchange()
    for record in records:
        role = _ROLES.get(record.type)
        if role is None:
            continue
        taken = getattr(current, role) is not None
        if current.records and (not current.takes(record) or (taken and role != "metadata")):
            yield current
            current, taken = Exchange(), False
        if not taken:
            setattr(current, role, record)
    if current.records:
        yield current


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
