"""Whether the records of one WARC file have their digests, and the index a line for each answer."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive.checks.findings import Finding, Severity, fault, note
from archive.checks.index_check import entry_of
from archive.collection.importing import is_import
from archive.evidence.tombstones import read_tombstone
from archive.index.cdxj import index_line
from archive.warc.closed_file import Redaction
from archive.warc.exchanges import Exchange, group_exchanges
from archive.warc.files import RecordFile
from archive.warc.payloads import payload_of, split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord

_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
_WITH_PAYLOAD = ("response", "request", "resource")  # a revisit record has that of another one


class RecordsCheck:
    """Reads a file once, one exchange in memory."""

    def __init__(self, file: RecordFile, lines: dict[int, list[bytes]]) -> None:
        """Take the file, and the lines of the index that lead into it by octet."""
        self.count = 0
        """Of whole records."""
        self._file = file
        self._name = file.path.name
        self._lines = lines
        self._is_import = is_import(self._name)
        self._findings: list[Finding] = []
        self._redacted: Counter[tuple[Redaction, str]] = Counter()
        """How many records went in each takedown, and which key signed that."""
        self._unindexed = 0
        self._first_unindexed = ""

    def run(self) -> Iterator[Finding]:
        """Say what is wrong; `ArchiveUnreadable` if the file is no WARC."""
        for exchange in group_exchanges(self._records()):
            if exchange.answer is not None:
                self._findings.extend(self._check_index(exchange, exchange.answer))
            yield from self._findings
            self._findings.clear()
        yield from self._findings
        yield from self._check_rest()

    def _records(self) -> Iterator[WarcRecord]:
        for record in read_records(self._file, self._report):
            self.count += 1
            self._findings.extend(self._check_digests(record))
            self._findings.extend(self._check_tombstone(record))
            yield record

    def _report(self, sentence: str) -> None:
        self._findings.append(fault(self._name, sentence))

    def _check_digests(self, record: WarcRecord) -> Iterator[Finding]:
        if not record.whole:
            yield note(
                self._name,
                f"The {self._place(record)} is too large for its digests; those of the file were checked.",
            )
            return
        # A foreign record that came with a wrong digest was copied as it was.
        severity = Severity.NOTE if self._is_import else Severity.FAULT
        wrong = []
        if not _agrees(record.get("warc-block-digest"), [record.block]):
            wrong.append("block")
        if record.type in _WITH_PAYLOAD and not _agrees(record.get("warc-payload-digest"), _payloads(record)):
            wrong.append("payload")
        for kind in wrong:
            sentence = f"The {self._place(record)} does not have its {kind} digest."
            yield Finding(severity, self._name, sentence)

    def _check_tombstone(self, record: WarcRecord) -> Iterator[Finding]:
        tombstone = read_tombstone(record)
        if tombstone is None:
            return
        if tombstone.is_signed:
            self._redacted[replace(tombstone.redaction, records=()), tombstone.key_id] += 1
        else:
            yield fault(self._name, f"The signature of the tombstone in the {self._place(record)} is wrong.")

    def _check_index(self, exchange: Exchange, answer: WarcRecord) -> Iterator[Finding]:
        """Hold an answer against the lines that lead to it, and take them out."""
        # An answer of ours without its request was cut off in writing.
        is_whole = exchange.request is not None or self._is_import
        expected = index_line(exchange, self._name) if is_whole else None
        found = self._lines.pop(answer.offset, [])
        if expected is not None and not found:
            self._unindexed += 1
            self._first_unindexed = self._first_unindexed or f"{exchange.url} at octet {answer.offset}"
        for line in found:
            if expected is None:
                yield fault(
                    self._name,
                    f"A line of the index leads to the {self._place(answer)}, which has no place there.",
                )
            elif line != expected:
                yield fault(
                    self._name,
                    f"A line of the index does not describe the {self._place(answer)}: {_difference(line, expected)}.",
                )

    def _check_rest(self) -> Iterator[Finding]:
        """Say what was taken down, which answers have no line, and which lines no answer."""
        for (redaction, key), count in self._redacted.items():
            yield note(
                self._name,
                f"{count} records of {redaction.url} in {self._name} were redacted on {redaction.date[:10]}: "
                f"{redaction.reason} (signed by the key {key})",
            )
        if self._unindexed:
            yield fault(
                self._name,
                f"The index lacks {spoken_lines(self._unindexed)} for answers in {self._name}; "
                f"the first is that of {self._first_unindexed}.",
            )
        stray = [(offset, line) for offset, found in sorted(self._lines.items()) for line in found]
        if stray:
            offset, line = stray[0]
            yield fault(
                self._name,
                f"The index has {spoken_lines(len(stray))} for octets of {self._name} where no such answer "
                f"begins; the first is that of {entry_of(line).get('url')} at octet {offset}.",
            )

    def _place(self, record: WarcRecord) -> str:
        kind, url = record.type or "unknown", record.get("warc-target-uri") or "no URL"
        return f"{kind} record at octet {record.offset} of {self._name} ({url})"


def spoken_lines(count: int) -> str:
    """`1 line`, `2 lines`."""
    return "1 line" if count == 1 else f"{count} lines"


def _payloads(record: WarcRecord) -> Iterator[bytes]:
    """What a payload digest may be made of: the body as stored, or without chunk lines."""
    yield split_message(record)[1]
    yield payload_of(record)


def _agrees(recorded: str, candidates: Iterable[bytes]) -> bool:
    """Whether a digest (`sha1:` and base32, or another algorithm, or hex) is that of one of some octets."""
    algorithm, _, value = recorded.partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        return True
    for octets in candidates:
        found = hashlib.new(algorithm.lower(), octets, usedforsecurity=False)
        if value.upper() in (base64.b32encode(found.digest()).decode(), found.hexdigest().upper()):
            return True
    return False


def _difference(line: bytes, expected: bytes) -> str:
    said, true = entry_of(line), entry_of(expected)
    for field in true | said:
        if said.get(field) != true.get(field):
            return f"its {field} is {said.get(field)!r}, the record's {true.get(field)!r}"
    return "it is written or sorted otherwise"
