"""Takedown: tombstones replace the records of a page, and records that refer to these become independent.

Revisit records of other pages that repeat a payload of this one come first: while the payload is there,
the first of them gets it and becomes a whole record, the others refer to that one. Then the records of
the page go. Each file is rewritten by the journal of `archive.collection.rewriting`; a kill between two files
leaves an archive in which all references are true, and the same takedown again does the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin

from archive.collection.page_records import IsPage, belongs, page_url
from archive.collection.record_replacement import (
    ANSWERS,
    Replacements,
    lay_out,
    made_whole,
    referring_to,
    renamed,
)
from archive.collection.rewriting import Rewriter
from archive.errors import ArchiveChanged, ArchiveUnreadable, CannotRedact, ObjectsUnreachable
from archive.evidence.signing import SigningKey
from archive.evidence.tombstones import make_tombstone, read_tombstone
from archive.objects.whereabouts import files_in, size_of
from archive.replay.revisits import Originals
from archive.warc.closed_file import Redaction
from archive.warc.digests import sha1_digest
from archive.warc.files import SUFFIXES, RecordFile, Report, record_files
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.http import header, split_head, status_of
from archive.warc.new_records import NewRecord
from archive.warc.payloads import split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.rewriting_journal import Rewriting
from archive.warc.target_uri import without_credentials

_NO_PAYLOAD = ("", sha1_digest(b""))
_REWRITABLE = ".warc.gz"


@dataclass(slots=True)
class Holding:
    """What a collection holds of a page; the blocks of records are left out."""

    is_page: IsPage
    files: dict[str, list[WarcRecord]] = field(default_factory=lambda: defaultdict(list))
    """Its records, by the name of their file."""
    out_of_reach: dict[str, int] = field(default_factory=dict)
    """How many of its records are in files that cannot be rewritten: still open, or of another format."""
    dependents: dict[str, list[WarcRecord]] = field(default_factory=lambda: defaultdict(list))
    """Revisit records of other pages that refer to one of them."""
    same_content: set[str] = field(default_factory=set)
    """Other URLs at which a payload of the page was captured too."""
    redirects: set[str] = field(default_factory=set)
    """Other URLs to which the page redirected."""
    redirected_here: set[str] = field(default_factory=set)
    """Other URLs that redirected to the page: notes about them may name its title."""
    spellings: set[str] = field(default_factory=set)
    """URLs of the page, as its records spell them."""
    captures: int = 0
    """Its answers."""
    ids: set[str] = field(default_factory=set)
    """Of its records."""
    digests: set[str] = field(default_factory=set)
    """Of its payloads."""

    def add(self, file: str, record: WarcRecord) -> None:
        """Take a record of the page."""
        self.files[file].append(replace(record, block=b""))
        self.ids.add(record.get("warc-record-id"))
        if record.type in ANSWERS:
            self.captures += 1
            self.digests |= {record.get("warc-payload-digest")} - {*_NO_PAYLOAD}
            self.spellings |= {url for url in (page_url(record),) if self.is_page(url)}
            self.redirects |= {url for url in _redirect_of(record) if not self.is_page(url)}

    def note_other(self, answer: WarcRecord) -> None:
        """Look at an answer of another page."""
        if answer.get("warc-payload-digest") in self.digests:
            self.same_content.add(page_url(answer))
        if any(map(self.is_page, _redirect_of(answer))):
            self.redirected_here.add(page_url(answer))

    def may_have_original_of(self, record: WarcRecord) -> bool:
        """Whether a record of another page says that it repeats one of these, by any of the ways to say so."""
        return record.type == "revisit" and (
            record.get("warc-payload-digest") in self.digests
            or record.get("warc-refers-to") in self.ids
            or self.is_page(record.get("warc-refers-to-target-uri"))
        )


class Redactor:
    """Takes pages out of one collection, in which no one else writes meanwhile."""

    def __init__(self, rewriter: Rewriter, key: SigningKey, report: Report) -> None:
        """Take the rewriter of the collection, and the key for tombstones; damage is reported to `report`.

        What is damaged cannot be searched: it stays as it is.
        """
        self._rewriter = rewriter
        self._key = key
        self._report = report

    def find(self, is_page: IsPage) -> Holding:
        """Read all records of the collection, twice."""
        holding = self._search(is_page)
        if holding.ids:
            self._look_at_others(holding)
        return holding

    def redact(self, holding: Holding, redaction: Redaction) -> dict[str, int]:
        """Replace what was found by tombstones; the number of records of the page that are left, by file.

        After a kill the same again does the rest. `ArchiveChanged` if a file is not what the manifest says of it;
        OSError, naming the file, if the disk refuses.
        """
        self._refuse_changed(holding.files.keys() | holding.dependents.keys())
        if holding.dependents:
            self._repair(holding, redaction)
            holding = self._search(holding.is_page)
        for name, found in holding.files.items():
            tombstones = {
                place.offset: (place, self._tombstone_for(name, place, redaction)) for place in found
            }
            gone = tuple(record.id for record in found)
            self._rewrite(name, tombstones, replace(redaction, records=gone))
        if holding.files:
            holding = self._search(holding.is_page)
        return {name: len(found) for name, found in holding.files.items()} | holding.out_of_reach

    def _search(self, is_page: IsPage) -> Holding:
        holding = Holding(is_page)
        for path in self._paths():
            for record in _records(path, self._report):
                if belongs(record, is_page, holding.ids) and not _is_tombstone(record):
                    holding.add(path.name, record)
        for path in self._paths_out_of_reach():
            # The last record of an open file may be half written: that is no damage.
            report = _ignore if path.suffix == OPEN_SUFFIX else self._report
            if count := sum(belongs(record, is_page, ()) for record in _records(path, report)):
                holding.out_of_reach[path.name] = count
        return holding

    def _look_at_others(self, holding: Holding) -> None:
        """Find what answers of other pages have to do with the page."""
        paths = self._paths()
        with closing(Originals(paths)) as originals:
            for path in paths:
                for record in _records(path, _ignore):
                    if record.type in ANSWERS and not holding.is_page(page_url(record)):
                        holding.note_other(record)
                        if holding.may_have_original_of(record) and _repeats_one_of(
                            holding.ids, record, originals
                        ):
                            holding.dependents[path.name].append(replace(record, block=b""))

    def _repair(self, holding: Holding, redaction: Redaction) -> None:
        for name, repaired in self._plan_repairs(holding).items():
            ids = tuple(old.id for old, _ in repaired.values())
            self._rewrite(name, repaired, replace(redaction, repaired=ids))

    def _plan_repairs(self, holding: Holding) -> dict[str, Replacements]:
        """For each file its repaired records; all before the first rewriting, which would move originals."""
        new_originals: dict[str, WarcRecord] = {}
        with closing(Originals(self._paths())) as originals:

            def repaired(name: str, place: WarcRecord) -> tuple[WarcRecord, NewRecord]:
                return place, _repaired(self._read(name, place.offset), originals, new_originals)

            return {
                name: {place.offset: repaired(name, place) for place in found}
                for name, found in sorted(holding.dependents.items())
            }

    def _tombstone_for(self, name: str, place: WarcRecord, redaction: Redaction) -> NewRecord:
        return make_tombstone(self._read(name, place.offset), redaction, self._key)

    def _rewrite(self, name: str, replacements: Replacements, redaction: Redaction) -> None:
        ids = "\n".join(new.id for _, new in replacements.values())
        new_name = renamed(name, blake2b(f"{name}\n{ids}".encode(), digest_size=4).hexdigest())
        size = size_of(self._rewriter.archive / name)
        parts, changes, members = lay_out(name, new_name, size, replacements)
        self._rewriter.carry_out(Rewriting(new_name, tuple(parts), tuple(changes), redaction), members)

    def _refuse_changed(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            if not self._rewriter.is_as_signed(self._rewriter.archive / name):
                raise ArchiveChanged(
                    f"{name} is not what the manifest says of it, so nothing was redacted: "
                    "bring the file back from a copy."
                )

    def _read(self, name: str, offset: int) -> WarcRecord:
        return next(read_records(RecordFile(self._rewriter.archive / name), self._report, offset))

    def _paths(self) -> list[Path]:
        return files_in(self._rewriter.archive, f"*{_REWRITABLE}")

    def _paths_out_of_reach(self) -> list[Path]:
        """Files of the archive that may hold records, but that no rewriting can replace."""
        others = set(self._rewriter.archive.glob("*")) - set(self._paths())
        return sorted(path for path in others if path.name.removesuffix(OPEN_SUFFIX).endswith(SUFFIXES))


def _records(path: Path, report: Report) -> Iterator[WarcRecord]:
    """The records of a file; one that cannot be read is reported and has none."""
    try:
        for file in record_files(path):
            yield from read_records(file, report)
    except ObjectsUnreachable:  # it may be there the next time, and hold the page
        raise
    except ArchiveUnreadable as error:
        report(str(error))


def _is_tombstone(record: WarcRecord) -> bool:
    """Whether a record is what a takedown left; one that only looks so, in an import, may hold anything."""
    tombstone = read_tombstone(record)
    return tombstone is not None and tombstone.is_signed


def _redirect_of(record: WarcRecord) -> Iterator[str]:
    """The URL to which an answer redirects, if it does."""
    if 300 <= status_of(record.block) < 400 and (location := header(split_head(record.block)[0], "location")):
        with suppress(ValueError):  # `//[broken`
            yield without_credentials(urljoin(page_url(record), location))


def _repeats_one_of(ids: set[str], revisit: WarcRecord, originals: Originals) -> bool:
    original = originals.find(revisit)
    return original is not None and original.get("warc-record-id") in ids


def _repaired(revisit: WarcRecord, originals: Originals, new_originals: dict[str, WarcRecord]) -> NewRecord:
    """A revisit record that no longer needs its original; `new_originals` are whole records by payload digest."""
    digest = revisit.get("warc-payload-digest")
    if digest in new_originals:
        return referring_to(new_originals[digest], revisit)
    status = status_of(revisit.block)
    original = None if status == HTTPStatus.NOT_MODIFIED else originals.find(revisit)
    if original is not None and not original.whole:
        raise CannotRedact(
            f"The record {original.id} is too large to be copied to {revisit.id}, which repeats it."
        )
    if status == HTTPStatus.OK:  # a revisit record may refer to such answers only
        new_originals[digest] = revisit
    return made_whole(revisit, split_message(original)[1] if original is not None else b"")


def _ignore(_: str) -> None:
    """The first search reported the damage."""
