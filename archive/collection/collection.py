"""A folder of WARC files and their index, laid out so that pywb serves it: archive/ and indexes/."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from archive.collection.deduplication import Repetitions
from archive.collection.importing import copy_records, is_import, origin_of
from archive.collection.merging import Merger
from archive.collection.page_records import IsPage
from archive.collection.rewriting import Referrer, Rewriter
from archive.errors import ArchiveUnreadable
from archive.evidence.manifest import Manifest
from archive.evidence.statements import make_statement
from archive.index import index_files
from archive.index.cdxj import index_line, read_lines
from archive.index.packed_lines import PackedLines
from archive.objects.whereabouts import files_in
from archive.warc.closed_file import ClosedWarc
from archive.warc.digests import DigestIndex, Original
from archive.warc.exchange_log import ExchangeLog
from archive.warc.exchanges import group_exchanges
from archive.warc.files import RecordFile, Report, record_files
from archive.warc.gzip_file import OPEN_SUFFIX, LeftOver, WarcFile
from archive.warc.location import RecordLocation
from archive.warc.new_records import exchange_records, warc_date, warcinfo
from archive.warc.response import TransferCoding, read_answer


class Collection:
    """Appends exchanges to one WARC after another; for one thread only."""

    def __init__(
        self,
        folder: Path,
        prefix: str,
        info: Mapping[str, str],
        max_file_bytes: int,
        coding: TransferCoding = TransferCoding.DECODED,
        digests: DigestIndex | None = None,
        referrers: Sequence[Referrer] = (),
        manifest: Manifest | None = None,
    ) -> None:
        """Take the folder, the prefix of file names, and the fields of warcinfo records.

        Without an index of digests every payload is written, also a repeated one. Without referrers no
        small files are merged. Without a manifest nothing is signed.
        """
        self.archive = folder / "archive"
        self.indexes = folder / "indexes"
        self._prefix = prefix
        self._info = info
        self._max_file_bytes = max_file_bytes
        self.coding = coding
        self._repetitions = Repetitions(digests, self.archive)
        self.manifest = manifest
        self.rewriter = Rewriter(folder, referrers, manifest)
        self._merger = Merger(self.rewriter, prefix, max_file_bytes) if referrers else None
        self.run = secrets.token_hex(4)
        """With which the names of the files end that this one writes."""
        self._files = 0
        self._file: WarcFile | None = None
        self._warcinfo_id = ""
        self._lines = PackedLines()

    def recover(self) -> list[str]:
        """Finish what killed writers began, and close the files that they left open.

        Returns the names of these files, each cut after its last whole record.
        """
        index_files.finish_merge(self.indexes)
        if self._merger:
            self.rewriter.finish()
        recovered = []
        for path in sorted(self.archive.glob(f"*.warc.gz{OPEN_SUFFIX}")):
            left_over = LeftOver.take(path)
            if left_over is None:
                continue
            is_listed = self.manifest is not None and self.manifest.has(left_over.name)
            # Nothing refers to an unfinished copy, and its origin is still there.
            if is_import(left_over.name) and not is_listed:
                index_files.set_lines(self.indexes, left_over.name, ())
                left_over.discard()
                continue
            if left_over.cut():
                # Its writer may have been killed after it indexed the file.
                index_files.set_lines(self.indexes, left_over.name, read_lines(path, left_over.name))
                if self.manifest and not is_listed:
                    self.manifest.add(ClosedWarc.read(path, left_over.name))
            left_over.close()
            recovered.append(left_over.name)
        return recovered

    def names_since(self, moment: datetime | None) -> list[str]:
        """The closed files that were begun at a moment or later, in order; all if there is none."""
        earliest = f"{self._prefix}-{_stamp(moment)}" if moment else ""
        return [path.name for path in files_in(self.archive) if path.name >= earliest]

    @property
    def redacted_urls(self) -> set[str]:
        """URLs of the pages that were taken down, as the takedowns spelled them."""
        return self.manifest.redacted_urls if self.manifest else set()

    def bring_in(self, path: Path, report: Report, is_redacted: IsPage | None = None) -> list[Path]:
        """Import a foreign archive; returns our files that hold its records, also those of an earlier import.

        Records of pages that were taken down are left out: those that `is_redacted` names, without it the
        `redacted_urls` as they are spelled there. A file of the collection itself is returned as it is.
        Damage is reported; `ArchiveUnreadable` if nothing can be imported.
        """
        if path.absolute().parent == self.archive.absolute():
            return [path]
        is_redacted = is_redacted or self.redacted_urls.__contains__
        return [self._bring_in(file, report, is_redacted) for file in record_files(path)]

    def _bring_in(self, file: RecordFile, report: Report, is_redacted: IsPage) -> Path:
        sha256 = file.sha256()
        origin = origin_of(file, sha256)
        for known in files_in(self.archive, f"*-{origin}.warc.gz"):
            return known
        if self.manifest:
            self.manifest.make_key()
        ours = WarcFile(self.archive, self._new_name(origin))
        try:
            lines = list(copy_records(file, sha256, ours, self._info, report, is_redacted))
            ours.sync()
        except (ArchiveUnreadable, OSError):
            ours.discard()
            raise
        self._close(ours, lines)
        return self.archive / ours.name

    def write(self, log: ExchangeLog, metadata: Mapping[str, str]) -> RecordLocation:
        """Append the records of one exchange."""
        file = self._file or self._begin()
        answer = read_answer(log, self.coding)
        original = self._repetitions.original_of(log, answer) if answer else None
        notes = {**metadata, "run": self.run}
        records = exchange_records(log, answer, original, notes, self._warcinfo_id)
        date = warc_date(log.began)
        stored = [record.placed(*file.append_from(record.write_to, date)) for record in records]
        first, digest = stored[0], records[0].payload_digest
        location = RecordLocation(file.name, first.offset, first.length, first.id, digest, log.began)
        if line := index_line(next(group_exchanges(stored)), file.name):
            self._lines.add(line)
        if answer and original:
            self._repetitions.note_revisit(log, answer, original)
        elif answer:
            self._repetitions.note_original(log, answer, _original(log, location))
        return location

    def state(self, kind: str, said: Mapping[str, str]) -> str:
        """Append a statement, signed if there is a manifest; it is on disk on return. Its record id."""
        file = self._file or self._open()
        record = make_statement(kind, said, self.manifest.make_key() if self.manifest else None)
        file.append_from(record.write_to, dict(record.fields)["WARC-Date"])
        self.sync()
        return record.id

    @property
    def is_file_full(self) -> bool:
        """Whether the current file has reached its largest size."""
        return self._file is not None and self._file.size >= self._max_file_bytes

    def sync(self) -> None:
        """Return when everything written is on disk."""
        if self._file:
            self._file.sync()
            self._repetitions.synced()

    def finish_file(self) -> None:
        """Sync, index and close the current file; the next exchange opens a new one."""
        if self._file is None:
            return
        self._file.sync()
        self._repetitions.synced(is_last=True)
        self._close(self._file, self._lines.take())
        self._file, self._lines = None, PackedLines()

    def _close(self, file: WarcFile, lines: Iterable[bytes]) -> None:
        """Make a synced file part of the collection."""
        # Its lines before its name: a file that a kill leaves open is indexed and signed when it is recovered,
        # but a file with a final name and no lines could come from anywhere.
        index_files.add_lines(self.indexes, lines)
        if self.manifest:
            self.manifest.add(file.describe())
        file.close()

    def abandon(self) -> None:
        """Leave the current file as it is; the next start recovers it."""
        if self._file:
            self._file.abandon()
            self._file = None

    def _begin(self) -> WarcFile:
        if self._merger and not self._files:  # a run that writes nothing, like a replay, merges nothing
            self._merger.run(datetime.now(UTC).date())
        return self._open()

    def _open(self) -> WarcFile:
        if self.manifest:
            self.manifest.make_key()  # before any record, so that none is lost if it cannot be made
        self._file = WarcFile(self.archive, self._new_name(self.run))
        info = warcinfo(self._file.name, self._info)
        self._file.append_from(info.write_to)
        self._warcinfo_id = info.id
        return self._file

    def _new_name(self, end: str) -> str:
        """A file name that sorts by time and says nothing about the machine."""
        self._files += 1
        return f"{self._prefix}-{_stamp(datetime.now(UTC))}-{self._files - 1:05}-{end}.warc.gz"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]


def _original(log: ExchangeLog, location: RecordLocation) -> Original:
    return Original(
        log.url,
        warc_date(log.began),
        location.record_id,
        location.payload_digest,
        location.warc,
        location.offset,
    )
