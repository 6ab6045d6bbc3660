"""SQLite catalogues in folders that cannot be written: an archivist's copy, a CD, another user's data."""

import atexit
import os
import shutil
import sqlite3
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import URL, Engine, create_engine


def is_read_only(file: Path) -> bool:
    """Whether there is a file that cannot be written, or where SQLite could not keep its log beside it."""
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def open_to_read(file: Path) -> Engine:
    """An engine that reads a file as nobody changes it, and makes no other file beside it.

    If the last writer left its log there, a copy is read that has it: without it the file is not whole.
    """
    log = file.with_name(f"{file.name}-wal")
    if log.is_file() and log.stat().st_size:
        file = _copied(file, log)
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    return create_engine(URL.create("sqlite", database=str(file)), creator=connect)


def _copied(file: Path, log: Path) -> Path:
    """A copy of a database into which its log was moved; it goes when the process ends."""
    folder = Path(mkdtemp(prefix="frontwire-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / file.name
    for each in (file, log):
        shutil.copyfile(each, folder / each.name)
    with sqlite3.connect(copy) as database:
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("pragma journal_mode=delete")
    database.close()
    return copy
