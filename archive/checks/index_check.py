"""The lines of an index by the record to which each leads, in little memory whatever their number."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from archive.checks.findings import Finding, fault


class IndexedLines:
    """All lines of a folder's `*.cdxj`, by file and octet.

    A private SQLite database without a name keeps them: beyond its cache of a few megabytes it lies in
    a temporary file that disappears with it.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute(
            "create table entry (file text, offset integer, line blob,"
            " primary key (file, offset, line)) without rowid"
        )
        self._unread: set[str] = set()
        self.count = 0

    def load(self, indexes: Path) -> Iterator[Finding]:
        """Read the files of a folder; say where one is not sorted, and what is no line."""
        for path in sorted(indexes.glob("*.cdxj")):
            findings: list[Finding] = []
            with path.open("rb") as lines:
                rows = _rows(f"indexes/{path.name}", lines, findings)
                self._database.executemany("insert or ignore into entry values (?, ?, ?)", rows)
            yield from findings
        files = self._database.execute("select distinct file from entry")
        self._unread = {file for (file,) in files}
        (self.count,) = self._database.execute("select count(*) from entry").fetchone()

    def take(self, file: str) -> dict[int, list[bytes]]:
        """The lines that lead into a file, by octet."""
        self._unread.discard(file)
        lines: dict[int, list[bytes]] = defaultdict(list)
        for offset, line in self._database.execute("select offset, line from entry where file = ?", (file,)):
            lines[offset].append(line)
        return lines

    def left(self) -> Iterator[tuple[str, int]]:
        """Files that were not asked for, and how many lines lead into each."""
        for file in sorted(self._unread):
            query = "select count(*) from entry where file = ?"
            yield file, self._database.execute(query, (file,)).fetchone()[0]

    def close(self) -> None:
        self._database.close()


def entry_of(line: bytes) -> dict[str, str]:
    """What a line says of its record, the timestamp included; ValueError or IndexError if it is no line."""
    _, timestamp, fields = line.decode().split(" ", 2)
    return {"timestamp": timestamp, **json.loads(fields)}


def _rows(name: str, lines: Iterator[bytes], findings: list[Finding]) -> Iterator[tuple[str, int, bytes]]:
    previous = b""
    for number, line in enumerate(lines, 1):
        if line <= previous:
            findings.append(
                fault(name, f"Line {number} of {name} stands in the wrong place: it is not sorted.")
            )
        previous = line
        try:
            entry = entry_of(line)
            yield str(entry["filename"]), int(entry["offset"]), line
        except (ValueError, KeyError, TypeError, IndexError):
            findings.append(fault(name, f"Line {number} of {name} is no CDXJ: it was changed."))
