"""Index lines of records that a rewriting moved."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence

from archive.warc.rewriting_journal import Part, Rewriting

_FILENAME = re.compile(rb'"filename": "([^"]*)"')


class Relocation:
    """Gives CDXJ lines the new places of their records."""

    def __init__(self, rewriting: Rewriting) -> None:
        self._name = rewriting.name
        self._parts: dict[str, list[Part]] = {}
        for part in rewriting.parts:
            self._parts.setdefault(part.name, []).append(part)
        self._changes = {change.offset: change for change in rewriting.changes}

    def relocate(self, line: bytes) -> bytes | None:
        """The line with the new place, or of the record that is there now; a line of another file as it is."""
        named = _FILENAME.search(line)
        parts = self._parts.get(named[1].decode()) if named else None
        if parts is None:
            return line
        key, timestamp, fields = line.split(b" ", 2)
        entry = json.loads(fields)
        offset = self._moved(parts, int(entry["offset"]))
        if change := self._changes.get(offset):
            return change.line.encode() if change.line is not None else None
        entry |= {"offset": str(offset), "filename": self._name}
        return b"%b %b %b\n" % (key, timestamp, json.dumps(entry).encode())

    def _moved(self, parts: Sequence[Part], offset: int) -> int:
        part = parts[bisect_right(parts, offset, key=lambda part: part.begin) - 1]
        return offset - part.begin + part.offset
