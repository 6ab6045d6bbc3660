"""Whether the index has a line for each answer of a WARC file, and no other line for the file."""

import re
from collections.abc import Iterator

from archive.checks.findings import Finding, described, fault, spoken_lines
from archive.index.cdxj import entry_of
from archive.warc.exchanges import Exchange
from archive.warc.record import WarcRecord


class LineCheck:
    """Compares the lines that lead into one file with the answers that are in it."""

    def __init__(self, file: str, lines: dict[int, list[bytes]]) -> None:
        """Take the name of the file and its lines by offset."""
        self._file = file
        self._unread = dict(lines)
        self._missing = 0
        self._first_missing = ""

    def check(self, exchange: Exchange, answer: WarcRecord, expected: bytes | None) -> Iterator[Finding]:
        """Report lines that are wrong about an answer, whose line should be `expected`, or none."""
        found = self._unread.pop(answer.offset, [])
        if expected is not None and not found:
            self._missing += 1
            self._first_missing = self._first_missing or f"{exchange.url} at byte {answer.offset}"
        for line in found:
            if expected is None:
                yield fault(
                    self._file,
                    f"A line of the index leads to the {described(answer, self._file)}, which should have none.",
                )
            elif line != expected and not _is_earlier_form(line, expected, answer):
                yield fault(
                    self._file,
                    f"A line of the index does not describe the {described(answer, self._file)}: "
                    f"{_difference(line, expected)}.",
                )

    def finish(self) -> Iterator[Finding]:
        """Report, when all answers were checked, which have no line, and which lines have no answer."""
        if self._missing:
            yield fault(
                self._file,
                f"The index lacks {spoken_lines(self._missing)} for answers in {self._file}; "
                f"the first is that of {self._first_missing}.",
            )
        stray = [(offset, line) for offset, found in sorted(self._unread.items()) for line in found]
        if stray:
            offset, line = stray[0]
            yield fault(
                self._file,
                f"The index has {spoken_lines(len(stray))} for bytes of {self._file} where no such answer "
                f"begins; the first is that of {entry_of(line).get('url')} at byte {offset}.",
            )


def _is_earlier_form(line: bytes, expected: bytes, answer: WarcRecord) -> bool:
    """Whether a line is as it was once written: a resource without status, digits of a date as they stood there."""
    if line.partition(b" ")[0] != expected.partition(b" ")[0]:
        return False
    said, true = entry_of(line), entry_of(expected)
    if answer.type == "resource" and "status" not in said:
        del true["status"]
    digits = re.sub(r"\D", "", answer.get("warc-date"))[:14]
    return said == true | {"timestamp": digits if said["timestamp"] == digits else true["timestamp"]}


def _difference(line: bytes, expected: bytes) -> str:
    said, true = entry_of(line), entry_of(expected)
    for field in true | said:
        if said.get(field) != true.get(field):
            return f"its {field} is {said.get(field)!r}, the record's {true.get(field)!r}"
    return "it is written or sorted otherwise"
