"""Where exchanges or records lie in a set of files: an index of any size in little memory."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from archive.warc.temporary_table import TemporaryTable


@dataclass(frozen=True, slots=True)
class Place:
    """An exchange or a record: its number in record order, its file's number in the set, its offset there."""

    serial: int
    file: int
    offset: int


class PlaceIndex:
    """Places by key, those of one key in record order."""

    def __init__(self, rows: Iterable[tuple[str, Place]]) -> None:
        columns = "key text, serial integer, file integer, offset integer, primary key (key, serial)"
        self._table = TemporaryTable("place", columns, same_key="ignore")
        self._table.add((key, *astuple(place)) for key, place in rows)

    def find(self, key: str, nth: int = 0) -> Place | None:
        """The nth place of a key, the last one if there are fewer, None if there is none."""
        query = "select serial, file, offset from place where key = ?1 order by serial"
        row = self._table.row(f"{query} limit 1 offset ?2", key, nth)
        if row is None and nth:
            row = self._table.row(f"{query} desc limit 1", key)
        return Place(*row) if row else None

    def find_until(self, key: str, serial: int) -> Place | None:
        """The last place of a key whose number is at most `serial`; None if there is none."""
        query = "select serial, file, offset from place where key = ? and serial <= ? order by serial desc limit 1"
        row = self._table.row(query, key, serial)
        return Place(*row) if row else None

    def close(self) -> None:
        """Remove the index."""
        self._table.close()
