"""Whether the records of one WARC file have their digests, and the index a line for each answer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from archive.checks.digest_check import has_unknown_digest, wrong_digests
from archive.checks.findings import Finding, described, fault, note
from archive.checks.line_check import LineCheck
from archive.collection.importing import is_import
from archive.evidence.statements import read_statement
from archive.evidence.tombstones import read_tombstone
from archive.index.cdxj import index_line
from archive.warc.closed_file import Redaction
from archive.warc.exchanges import Exchange, ExchangeGrouper
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord


class RecordsCheck:
    """Reads a file once, one exchange in memory."""

    def __init__(self, file: RecordFile, lines: dict[int, list[bytes]]) -> None:
        """Take the file, and the lines of the index that lead into it by offset."""
        self.count = 0
        """Of whole records."""
        self._file = file
        self._name = file.path.name
        self._lines = LineCheck(self._name, lines)
        self._is_import = is_import(self._name)
        self._foreign_records = self._unknown = 0
        """Records with wrong digests in an import, and with digests of unknown algorithms."""
        self._first_foreign = ""
        self._redacted: Counter[tuple[Redaction, str]] = Counter()
        """How many records went in each takedown, and which key signed that."""

    def run(self) -> Iterator[Finding]:
        """Report what is wrong; `ArchiveUnreadable` if the file is no WARC."""
        damage: list[str] = []
        grouper = ExchangeGrouper()
        for record in read_records(self._file, damage.append):
            self.count += 1
            yield from self._check_digests(record)
            yield from self._check_tombstone(record)
            yield from self._check_statement(record)
            yield from self._check_line(grouper.add(record))
        yield from self._check_line(grouper.last())
        yield from (fault(self._name, sentence) for sentence in damage)
        yield from self._origins()
        yield from self._takedowns()
        yield from self._lines.finish()

    def _check_digests(self, record: WarcRecord) -> Iterator[Finding]:
        name = described(record, self._name)
        if not record.whole:
            yield note(
                self._name, f"The {name} is too large for its digests; those of the file were checked."
            )
            return
        self._unknown += has_unknown_digest(record)
        wrong = wrong_digests(record)
        if self._is_import and wrong:
            self._foreign_records += 1
            self._first_foreign = self._first_foreign or name
        elif wrong:
            yield from (fault(self._name, f"The {name} does not have its {kind} digest.") for kind in wrong)

    def _origins(self) -> Iterator[Finding]:
        """What was so in the foreign file: it was copied as it was."""
        if self._foreign_records:
            yield note(
                self._name,
                f"{self._foreign_records} records in {self._name} do not have the digests that they name, as they did "
                f"not when they were imported; the first is the {self._first_foreign}.",
            )
        if self._unknown:
            yield note(
                self._name,
                f"{self._unknown} records in {self._name} name digests of an algorithm that cannot be checked here.",
            )

    def _check_tombstone(self, record: WarcRecord) -> Iterator[Finding]:
        tombstone = read_tombstone(record)
        if tombstone is None:
            return
        if tombstone.is_signed:
            self._redacted[replace(tombstone.redaction, records=()), tombstone.key_id] += 1
        else:
            name = described(record, self._name)
            yield fault(self._name, f"The signature of the tombstone in the {name} is wrong.")

    def _check_statement(self, record: WarcRecord) -> Iterator[Finding]:
        statement = None if self._is_import else read_statement(record)
        if statement is not None and statement.fields.public_key and not statement.fields.is_signed:
            yield fault(
                self._name, f"The signature of the statement in the {described(record, self._name)} is wrong."
            )

    def _check_line(self, exchange: Exchange | None) -> Iterator[Finding]:
        if exchange is None or exchange.answer is None:
            return
        # An answer of ours without its request was cut off in writing.
        is_whole = exchange.request is not None or self._is_import
        expected = index_line(exchange, self._name) if is_whole else None
        yield from self._lines.check(exchange, exchange.answer, expected)

    def _takedowns(self) -> Iterator[Finding]:
        for (redaction, key), count in self._redacted.items():
            yield note(
                self._name,
                f"{count} records of {redaction.url} in {self._name} were redacted on {redaction.date[:10]}: "
                f"{redaction.reason} (signed by the key {key})",
            )
