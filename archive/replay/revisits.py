"""Revisit records and the records whose payload they repeat (WARC 1.1, 6.7)."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.index import cdxj
from archive.index.capture_lookup import Place, PlaceIndex
from archive.objects.whereabouts import files_in
from archive.warc.digests import digest_key, same_digest
from archive.warc.files import SUFFIXES, RecordFile, locate, record_files
from archive.warc.http import status_of
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_credentials
from archive.warc.warc_dates import parse_date, timestamp

_MAX_CHAIN = 20
"""Revisits of revisits; no writer makes more than two."""

_EPOCH = datetime(1, 1, 1, tzinfo=UTC)


def is_not_modified(revisit: WarcRecord) -> bool:
    """Whether a revisit record says that the server had nothing new: it has no payload and repeats none."""
    profile = revisit.get("warc-profile").rstrip("/")
    return profile.endswith("/server-not-modified") or status_of(revisit.block) == HTTPStatus.NOT_MODIFIED


def find_original(revisit: WarcRecord, path: Path, originals: "Originals | None" = None) -> WarcRecord | None:
    """The record to which a revisit record refers, by the index of its file's collection or in files beside it.

    For single records; to look for many, give the `originals` of all their archives.
    """
    found: WarcRecord | None = revisit
    for _ in range(_MAX_CHAIN):
        if found is None or found.type != "revisit":
            break
        found = _by_index(found, path)
    if found is not None and found.type != "revisit":
        return found
    if originals is not None:
        return originals.find(revisit)
    file = locate(path).path
    beside = [other for other in files_in(file.parent, "*") if other.name.lower().endswith(SUFFIXES)]
    with closing(Originals([file, *(other for other in beside if other != file)])) as searched:
        return searched.find(revisit)


def original_url(revisit: WarcRecord) -> str:
    """The URL of the record to which a revisit record refers; its own URL if it names none."""
    return _url_in(revisit, "warc-refers-to-target-uri") or _url_in(revisit, "warc-target-uri")


def _by_index(revisit: WarcRecord, path: Path) -> WarcRecord | None:
    for entry in cdxj.find_entries(path.parent.parent / "indexes", original_url(revisit)):
        file = RecordFile(path.with_name(Path(entry["filename"]).name))
        with suppress(ArchiveUnreadable):
            record = next(read_records(file, _ignore, int(entry["offset"])), None)
            if record is not None and _is_named(record, revisit):
                return record
    return None


def _is_named(record: WarcRecord, revisit: WarcRecord) -> bool:
    """Whether a record of the URL that a revisit record names is the one that it means."""
    if name := revisit.get("warc-refers-to"):
        return record.get("warc-record-id") == name
    if date := revisit.get("warc-refers-to-date"):
        return record.id != revisit.id and timestamp(record.get("warc-date")) == timestamp(date)
    digests = record.get("warc-payload-digest"), revisit.get("warc-payload-digest")
    return record.type != "revisit" and same_digest(*digests) is True


class Originals:
    """Finds in a set of archives the record to which a revisit record refers.

    The set is indexed at the first revisit record, so archives without one cost nothing.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._files: list[RecordFile] = []
        self._index: PlaceIndex | None = None

    def find(self, revisit: WarcRecord) -> WarcRecord | None:
        """The original: by id, else by URL and date, else by digest, else the URL's last one before.

        Where that is a revisit record too, the one to which it refers; None if the chain does not end.
        """
        digest = revisit.get("warc-payload-digest")
        record = revisit
        for _ in range(_MAX_CHAIN):
            original = next(self._candidates(record, digest), None)
            if original is None or original.type != "revisit":
                return original
            record = original
        return None

    def _candidates(self, revisit: WarcRecord, digest: str) -> Iterator[WarcRecord]:
        """Records that a revisit record may mean, the most certain first; none that has another payload."""
        for place in self._places(revisit):
            record = next(read_records(self._files[place.file], _ignore, place.offset))
            is_itself = bool(record.id) and record.id == revisit.id
            if not is_itself and same_digest(digest, record.get("warc-payload-digest")) is not False:
                yield record

    def _places(self, revisit: WarcRecord) -> Iterator[Place]:
        index = self._index or self._make_index()
        keys = [
            _key("id", revisit.get("warc-refers-to")),
            _key("at", revisit.get("warc-refers-to-date"), original_url(revisit)),
            _key("second", timestamp(revisit.get("warc-refers-to-date")), original_url(revisit)),
            _key("digest", digest_key(revisit.get("warc-payload-digest"))),
        ]
        yield from filter(None, map(index.find, filter(None, keys)))
        if not any(keys):
            before = _moment(revisit) - 1
            yield from filter(None, [index.find_until(f"url {_url_in(revisit, 'warc-target-uri')}", before)])

    def _make_index(self) -> PlaceIndex:
        self._files = [file for path in self._paths for file in _readable_files(path)]
        self._index = PlaceIndex(_rows(self._files))
        return self._index

    def close(self) -> None:
        """Remove the index."""
        if self._index is not None:
            self._index.close()


def _url_in(record: WarcRecord, field: str) -> str:
    return without_credentials(record.get(field))


def _key(kind: str, *values: str) -> str:
    """A key of the index; empty if one of its values is."""
    return f"{kind} {' '.join(values)}" if all(values) else ""


def _readable_files(path: Path) -> list[RecordFile]:
    with suppress(ArchiveUnreadable):  # reported when the archive itself is read
        return record_files(path)
    return []


def _rows(files: Sequence[RecordFile]) -> Iterator[tuple[str, Place]]:
    serial = 0
    for number, file in enumerate(files):
        with suppress(ArchiveUnreadable):
            for record in read_records(file, _ignore):
                is_revisit = record.type == "revisit"
                if record.type not in ("response", "resource", "revisit"):
                    continue
                if record.get("warc-truncated") and not is_revisit:
                    continue
                serial += 1
                place = Place(serial, number, record.offset)
                yield from ((key, place) for key in _names(record))
                if not is_revisit:
                    by_time = Place(_moment(record), number, record.offset)
                    yield f"url {_url_in(record, 'warc-target-uri')}", by_time


def _names(record: WarcRecord) -> Iterator[str]:
    """The keys under which a record is looked for."""
    url, date = _url_in(record, "warc-target-uri"), record.get("warc-date")
    keys = [
        _key("id", record.get("warc-record-id")),
        _key("at", date, url),
        _key("second", timestamp(date), url),
    ]
    if record.type != "revisit":
        keys.append(_key("digest", digest_key(record.get("warc-payload-digest"))))
    return filter(None, keys)


def _moment(record: WarcRecord) -> int:
    """When a record was captured, in microseconds; 0 if nobody knows."""
    date = parse_date(record.get("warc-date"))
    return (date - _EPOCH) // timedelta(microseconds=1) if date else 0


def _ignore(_: str) -> None:
    """The reader of the file reports the damage."""
