"""Revisit records and the records whose payload they repeat (WARC 1.1, 6.7)."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.index import cdxj
from archive.index.capture_lookup import Place, PlaceIndex
from archive.warc.files import RecordFile, record_files
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord


def find_original(revisit: WarcRecord, path: Path) -> WarcRecord | None:
    """The record to which a revisit record refers, by the index of its file's collection or in the file itself.

    For single records; use `Originals` to read many.
    """
    for entry in cdxj.find_entries(path.parent.parent / "indexes", original_url(revisit)):
        file = RecordFile(path.with_name(Path(entry["filename"]).name))
        with suppress(ArchiveUnreadable):
            record = next(read_records(file, _ignore, int(entry["offset"])), None)
            if record is not None and record.get("warc-record-id") == revisit.get("warc-refers-to"):
                return record
    originals = Originals([path])
    try:
        return originals.find(revisit)
    finally:
        originals.close()


def original_url(revisit: WarcRecord) -> str:
    """The URL of the record to which a revisit record refers; its own URL if it names none."""
    return revisit.get("warc-refers-to-target-uri") or revisit.get("warc-target-uri")


class Originals:
    """Finds in a set of archives the record to which a revisit record refers.

    The set is indexed at the first revisit record, so archives without one cost nothing.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._files: list[RecordFile] = []
        self._index: PlaceIndex | None = None

    def find(self, revisit: WarcRecord) -> WarcRecord | None:
        """The original: by id, else by URL and date, else by digest."""
        if self._index is None:
            self._files = [file for path in self._paths for file in _readable_files(path)]
            self._index = PlaceIndex(_rows(self._files))
        digest = revisit.get("warc-payload-digest")
        keys = (
            f"id {revisit.get('warc-refers-to')}",
            f"at {revisit.get('warc-refers-to-date')} {revisit.get('warc-refers-to-target-uri')}",
            f"digest {digest}",
        )
        for place in filter(None, map(self._index.find, keys)):
            original = next(read_records(self._files[place.file], _ignore, place.offset))
            if digest in ("", original.get("warc-payload-digest")) or not original.get("warc-payload-digest"):
                return original
        return None

    def close(self) -> None:
        """Remove the index."""
        if self._index is not None:
            self._index.close()


def _readable_files(path: Path) -> list[RecordFile]:
    with suppress(ArchiveUnreadable):  # reported when the archive itself is read
        return record_files(path)
    return []


def _rows(files: Sequence[RecordFile]) -> Iterator[tuple[str, Place]]:
    serial = 0
    for number, file in enumerate(files):
        with suppress(ArchiveUnreadable):
            for record in read_records(file, _ignore):
                if record.type not in ("response", "resource") or record.get("warc-truncated"):
                    continue
                serial += 1
                place = Place(serial, number, record.offset)
                yield f"id {record.get('warc-record-id')}", place
                yield f"at {record.get('warc-date')} {record.get('warc-target-uri')}", place
                if digest := record.get("warc-payload-digest"):
                    yield f"digest {digest}", place


def _ignore(_: str) -> None:
    """The reader of the file reports the damage."""
