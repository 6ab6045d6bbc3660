"""What was said and done of a collection's records later: statements and tombstones, where they lie among them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.collection.importing import is_import
from archive.errors import ArchiveUnreadable
from archive.evidence.signing import key_id
from archive.evidence.statements import Statement, read_statement
from archive.evidence.tombstones import Tombstone, read_tombstone
from archive.warc.files import RecordFile, Report
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord


@dataclass(frozen=True, slots=True)
class Notice:
    """One of them."""

    path: Path
    record: WarcRecord
    says: Statement | Tombstone


def read_notices(paths: Sequence[Path], keys: Collection[str], report: Report) -> Iterator[Notice]:
    """Those of some files of a collection that may be believed; damage is reported.

    If there are `keys`, one of them must have signed. In an import anybody may have said anything: there only
    tombstones count that one of them signed.
    """
    own = {key_id(key) for key in keys}
    for path in paths:
        is_foreign = is_import(path.name)
        try:
            for record in read_records(RecordFile(path), report):
                says = read_tombstone(record) or read_statement(record)
                if says is None or (is_foreign and not _is_tombstone_of(says, own)):
                    continue
                if _is_believed(says, keys):
                    yield Notice(path, record, says)
        except ArchiveUnreadable as error:
            report(str(error))


def _is_tombstone_of(says: Statement | Tombstone, own: Collection[str]) -> bool:
    return isinstance(says, Tombstone) and says.key_id in own


def _is_believed(says: Statement | Tombstone, keys: Collection[str]) -> bool:
    if isinstance(says, Tombstone):
        return says.is_signed
    return not keys or (says.fields.public_key in keys and says.fields.is_signed)
