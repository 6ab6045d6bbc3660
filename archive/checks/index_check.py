"""The lines of an index by the record to which each leads, any number of them in little memory."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from archive.checks.findings import Finding, fault
from archive.index.cdxj import entry_of
from archive.warc.temporary_table import TemporaryTable


class IndexedLines:
    """All lines of a folder's `*.cdxj`, by the file and the offset to which they lead."""

    def __init__(self) -> None:
        columns = "file text, offset integer, line blob, primary key (file, offset, line)"
        self._table = TemporaryTable("entry", columns, same_key="ignore")
        self._unread: set[str] = set()
        self.count = 0

    def load(self, indexes: Path) -> Iterator[Finding]:
        """Read the files of a folder; report where one is not sorted, and what is no line."""
        for path in sorted(indexes.glob("*.cdxj")):
            findings: list[Finding] = []
            with path.open("rb") as lines:
                self._table.add(_rows(f"indexes/{path.name}", lines, findings))
            yield from findings
        self._unread = {file for (file,) in self._table.rows("select distinct file from entry")}
        (self.count,) = self._table.row("select count(*) from entry") or (0,)

    def take(self, file: str) -> dict[int, list[bytes]]:
        """The lines that lead into a file, by offset."""
        self._unread.discard(file)
        lines: dict[int, list[bytes]] = defaultdict(list)
        for offset, line in self._table.rows("select offset, line from entry where file = ?", file):
            lines[offset].append(line)
        return lines

    def left(self) -> Iterator[tuple[str, int]]:
        """Files that were not taken, and how many lines lead into each."""
        query = "select file, count(*) from entry group by file order by file"
        return ((file, count) for file, count in self._table.rows(query) if file in self._unread)

    def close(self) -> None:
        """Remove the table."""
        self._table.close()


def _rows(name: str, lines: Iterator[bytes], findings: list[Finding]) -> Iterator[tuple[str, int, bytes]]:
    previous = b""
    for number, line in enumerate(lines, 1):
        if line <= previous:
            findings.append(
                fault(name, f"Line {number} of {name} is in the wrong place: the file is not sorted.")
            )
        previous = line
        try:
            entry = entry_of(line)
            yield str(entry["filename"]), int(entry["offset"]), line
        except (ValueError, KeyError, TypeError):
            findings.append(fault(name, f"Line {number} of {name} is no CDXJ: it was changed."))
