"""Where captures lie: an index of any size in little memory."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """An exchange or a record: its number in record order, its file's number in the set, its octet there."""

    serial: int
    file: int
    offset: int


class PlaceIndex:
    """Places by key, those of one key in record order.

    A private SQLite database without a name keeps it: beyond its cache of a few megabytes it lies
    in a temporary file that disappears with it.
    """

    def __init__(self, rows: Iterable[tuple[str, Place]]) -> None:
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute(
            "create table place (key text, serial integer, file integer, offset integer,"
            " primary key (key, serial)) without rowid"
        )
        self._database.executemany(
            "insert or ignore into place values (?, ?, ?, ?)",
            ((key, place.serial, place.file, place.offset) for key, place in rows),
        )

    def find(self, key: str, nth: int = 0) -> Place | None:
        """Return the nth place of a key, the last one where there are fewer, None where there is none."""
        query = "select serial, file, offset from place where key = ?1 order by serial"
        row = self._database.execute(f"{query} limit 1 offset ?2", (key, nth)).fetchone()
        if row is None and nth:
            row = self._database.execute(f"{query} desc limit 1", (key,)).fetchone()
        return Place(*row) if row else None

    def close(self) -> None:
        self._database.close()
