"""Takedown: the records of a page give way to tombstones, and what referred to them stands on its own.

Revisit records of other pages that repeat a payload of this one come first: while the payload is there,
the first of them gets it and becomes a whole record, the others refer to that one. Then the records of
the page go. Each file is rewritten by the journal of `archive.collection.rewriting`; a kill between two files leaves an
archive in which all references are true, and doing the same again does the rest.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path

from archive.collection.importing import index_lines
from archive.collection.rewriting import Rewriter
from archive.errors import ArchiveChanged, CannotRedact
from archive.evidence.signing import SigningKey
from archive.evidence.tombstones import make_tombstone, page_of, read_tombstone
from archive.replay.revisits import Originals
from archive.warc import records
from archive.warc.closed_file import Redaction
from archive.warc.exchanges import Exchange
from archive.warc.files import RecordFile
from archive.warc.gzip_file import compress
from archive.warc.http import status_of
from archive.warc.payloads import sha1_digest, split_message
from archive.warc.reader import Record, Report, read_records
from archive.warc.rewriting_journal import Change, Part, Rewriting

_ANSWERS = ("response", "revisit", "resource")
_NO_PAYLOAD = ("", sha1_digest(b""))
_OURS = re.compile(r"(.*?-\d{17}-\d{5})(?:-[0-9a-f]{8})?(-import-.+)?")
_REFERRING = ("warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date")
_WRITTEN_ANEW = ("warc-type", "warc-record-id", "warc-block-digest", "warc-payload-digest", "content-length")
_ABBREVIATIONS = ("warc", "id", "ip", "uri")

_Replacements = Mapping[int, tuple[Record, records.Record]]
"""Old record and new one, by the old one's place."""


@dataclass(slots=True)
class Holding:
    """What a collection holds of a page; the blocks of records are left out."""

    files: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    """Its records, by the name of their file."""
    dependents: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    """Revisit records of other pages that refer to one of them."""
    same_content: set[str] = field(default_factory=set)
    """Other URLs at which a payload of the page was captured too."""
    captures: int = 0
    """Its answers."""
    ids: set[str] = field(default_factory=set)
    """Of its records."""
    digests: set[str] = field(default_factory=set)
    """Of its payloads."""

    def add(self, file: str, record: Record) -> None:
        """Take a record of the page."""
        self.files[file].append(replace(record, block=b""))
        self.ids.add(record.get("warc-record-id"))
        if record.type in _ANSWERS:
            self.captures += 1
            self.digests |= {record.get("warc-payload-digest")} - {*_NO_PAYLOAD}


class Redactor:
    """Takes pages out of one collection, in which nobody else writes meanwhile."""

    def __init__(self, rewriter: Rewriter, key: SigningKey, report: Report) -> None:
        """Take who puts files in the place of others, and the key for tombstones; damage is told to `report`."""
        self._rewriter = rewriter
        self._key = key
        self._report = report

    def find(self, url: str) -> Holding:
        """Look through all records of the collection, twice."""
        holding, page = Holding(), page_of(url)
        for path in self._paths():
            for record in read_records(RecordFile(path), self._report):
                if _belongs(record, page, holding):
                    holding.add(path.name, record)
        if holding.ids:
            self._find_dependents(page, holding)
        return holding

    def redact(self, holding: Holding, redaction: Redaction) -> None:
        """Put tombstones in place of what was found; done again after a kill, it does the rest.

        `ArchiveChanged` if a file is not what the manifest says; OSError, naming the file, if the disk refuses.
        """
        self._refuse_changed(holding.files.keys() | holding.dependents.keys())
        if holding.dependents:
            self._repair(holding, redaction)
            holding = self.find(redaction.url)
        for name, found in holding.files.items():
            graves = {place.offset: (place, self._grave(name, place, redaction)) for place in found}
            gone = tuple(record.id for record in found)
            self._rewrite(name, graves, replace(redaction, records=gone))

    def _find_dependents(self, page: str, holding: Holding) -> None:
        paths, ids, digests = self._paths(), holding.ids, holding.digests
        with closing(Originals(paths)) as originals:
            for path in paths:
                for record in read_records(RecordFile(path), lambda _: None):
                    if record.type not in _ANSWERS or page_of(record.get("warc-target-uri")) == page:
                        continue
                    if record.get("warc-payload-digest") in digests:
                        holding.same_content.add(record.get("warc-target-uri"))
                    elif record.get("warc-refers-to") not in ids:
                        continue
                    if record.type == "revisit" and _repeats_one_of(ids, record, originals):
                        holding.dependents[path.name].append(replace(record, block=b""))

    def _repair(self, holding: Holding, redaction: Redaction) -> None:
        for name, repaired in self._plan_repairs(holding).items():
            ids = tuple(place.id for place, _ in repaired.values())
            self._rewrite(name, repaired, replace(redaction, repaired=ids))

    def _plan_repairs(self, holding: Holding) -> dict[str, _Replacements]:
        """For each file its repaired records; all before the first rewriting, which would move originals."""
        heirs: dict[str, Record] = {}
        with closing(Originals(self._paths())) as originals:
            return {
                name: {
                    place.offset: (place, _repaired(self._read(name, place.offset), originals, heirs))
                    for place in found
                }
                for name, found in sorted(holding.dependents.items())
            }

    def _grave(self, name: str, place: Record, redaction: Redaction) -> records.Record:
        return make_tombstone(self._read(name, place.offset), redaction, self._key)

    def _rewrite(self, name: str, replacements: _Replacements, redaction: Redaction) -> None:
        ids = "\n".join(new.id for _, new in replacements.values())
        new_name = _new_name(name, blake2b(f"{name}\n{ids}".encode(), digest_size=4).hexdigest())
        size = (self._rewriter.archive / name).stat().st_size
        parts, changes, members = _lay_out(name, new_name, size, replacements)
        self._rewriter.carry_out(Rewriting(new_name, tuple(parts), tuple(changes), redaction), members)

    def _refuse_changed(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            if not self._rewriter.is_as_signed(self._rewriter.archive / name):
                raise ArchiveChanged(
                    f"{name} is not what the manifest says of it, so nothing was redacted: "
                    "bring the file back from a copy."
                )

    def _read(self, name: str, offset: int) -> Record:
        return next(read_records(RecordFile(self._rewriter.archive / name), self._report, offset))

    def _paths(self) -> list[Path]:
        return sorted(self._rewriter.archive.glob("*.warc.gz"))


def _belongs(record: Record, page: str, holding: Holding) -> bool:
    """Whether a record is one of a page, or part of an exchange of it; tombstones are not."""
    if record.type == "warcinfo":
        return False
    is_of_page = page_of(record.get("warc-target-uri")) == page
    is_part = not holding.ids.isdisjoint(record.concurrent_to)
    return (is_of_page or is_part) and read_tombstone(record) is None


def _repeats_one_of(ids: set[str], revisit: Record, originals: Originals) -> bool:
    original = originals.find(revisit)
    return original is not None and original.get("warc-record-id") in ids


def _repaired(revisit: Record, originals: Originals, heirs: dict[str, Record]) -> records.Record:
    """A revisit record that needs its original no more; `heirs` are whole records by payload digest.

    Its id stays: it is the capture that it was, and its request, its notes and the catalogue name it so.
    """
    heir = heirs.get(revisit.get("warc-payload-digest"))
    if heir is not None:
        place = (heir.id, heir.get("warc-target-uri"), heir.get("warc-date"))
        return _changed(revisit, "revisit", revisit.block, dict(zip(_REFERRING, place, strict=True)))
    status = status_of(revisit.block)
    original = None if status == HTTPStatus.NOT_MODIFIED else originals.find(revisit)
    if original is not None and not original.whole:
        raise CannotRedact(
            f"The record {original.id} is too large to be given to {revisit.id}, which repeats it."
        )
    body = split_message(original)[1] if original is not None else b""
    if status == HTTPStatus.OK:  # a revisit record may refer to such answers only
        heirs[revisit.get("warc-payload-digest")] = revisit
    return _changed(
        revisit, "response", revisit.block + body, {"warc-profile": "", "warc-truncated": ""}, body
    )


def _changed(
    record: Record, kind: str, block: bytes, values: Mapping[str, str], body: bytes | None = None
) -> records.Record:
    """A record of the same id with another block, and other values for some fields; empty ones leave them out."""
    dropped = {*_WRITTEN_ANEW, *_REFERRING, *values}
    kept = [(name, value) for name, value in record.headers if name not in dropped]
    fields = [*kept, *((name, value) for name, value in values.items() if value)]
    digest = record.get("warc-payload-digest") if body is None else sha1_digest(body)
    spelled = tuple((_spelled(name), value) for name, value in fields)
    return records.Record(kind, record.id, spelled, block, digest)


def _spelled(name: str) -> str:
    parts = name.split("-")
    return "-".join(part.upper() if part in _ABBREVIATIONS else part.capitalize() for part in parts)


def _lay_out(
    name: str, new_name: str, size: int, replacements: _Replacements
) -> tuple[list[Part], list[Change], dict[int, bytes]]:
    """Which stretches of a file lie where in the new one, what changes, and the new members by their place."""
    parts, changes, members = [], [], {}
    end = offset = 0
    for begin, (old, new) in sorted(replacements.items()):
        if begin > end:
            parts.append(Part(name, offset, begin - end, end))
            offset += begin - end
        parts.append(Part(name, offset, old.length, begin))
        members[offset] = compress(new.to_bytes())
        changes.append(_change(new, new_name, offset, len(members[offset])))
        offset += len(members[offset])
        end = begin + old.length
    if size > end:
        parts.append(Part(name, offset, size - end, end))
    return parts, changes, members


def _change(new: records.Record, name: str, offset: int, length: int) -> Change:
    fields = [("WARC-Record-ID", new.id), *new.fields, ("WARC-Payload-Digest", new.payload_digest)]
    headers = tuple((field.lower(), value) for field, value in fields if value)
    record = Record(new.type, headers, new.block, True, offset, length)
    line = None
    if new.type in _ANSWERS:
        line = next((line.decode() for line in index_lines(Exchange(answer=record), record, name)), None)
    return Change(offset, length, new.id, new.payload_digest or sha1_digest(new.block), line)


def _new_name(name: str, mark: str) -> str:
    """The name with another mark: it keeps its place among names, and an import's what tells its origin."""
    stem = name.removesuffix(".warc.gz")
    ours = _OURS.fullmatch(stem)
    return f"{ours[1]}-{mark}{ours[2] or ''}.warc.gz" if ours else f"{stem}-{mark}.warc.gz"
