"""Bars at a terminal that show how far a long command is, and about how long it will take."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TypeVar
from urllib.parse import quote

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from crawler.data_dir import DataDir
from crawler.watching.progress import duration

Item = TypeVar("Item")

WIDTH = 30
_PER_SECOND = 2
_TELLING = 0.02
"""The share that must be done before a time is foretold."""


class Bar:
    """One bar; `done` is asked whenever it is drawn."""

    def __init__(self, what: str, total: int, done: Callable[[], int], unit: str = "") -> None:
        """`unit` names what is counted; empty: only the share is shown, as of bytes."""
        self._what, self._total, self._done, self._unit = what, total, done, unit
        self._began = monotonic()

    def __rich__(self) -> Table:
        done = self._done()
        total = max(self._total, done)
        grid = Table.grid(padding=(0, 1))
        grid.add_row(
            Text(self._what),
            ProgressBar(max(total, 1), done, width=WIDTH),
            Text(self._count(done, total) + self._left(done, total)),
        )
        return grid

    def _count(self, done: int, total: int) -> str:
        if self._unit:
            return f"{done} of about {total} {self._unit}"
        return f"{done / total:.0%}" if total else ""

    def _left(self, done: int, total: int) -> str:
        elapsed = monotonic() - self._began
        if not total or done < _TELLING * total or done == total or elapsed < 1:
            return ""
        return f", about {duration(elapsed * (total - done) / done)} left"


@contextmanager
def shown(bar: Bar, console: Console | None = None) -> Iterator[None]:
    """Show a bar until the block ends, where a person may be looking; it leaves no trace."""
    console = console if console is not None and console.is_terminal else Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with Live(
        bar,
        console=console,
        transient=True,
        refresh_per_second=_PER_SECOND,
        redirect_stdout=sys.stdout.isatty(),
    ):
        yield


class Taken:
    """How many items of an iterator were taken."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, items: Iterator[Item]) -> Iterator[Item]:
        """The same items."""
        for item in items:
            self.count += 1
            yield item


def visits_in(folder: Path) -> int:
    """How many pages a command at work in a folder has derived again: visits in the catalogue that it makes there."""
    file = next(folder.glob(f"*/{DataDir.at(folder).catalogue.name}"), None)
    if file is None:
        return 0
    with (
        suppress(sqlite3.Error),  # it is being made, or gone already
        closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as catalogue,
    ):
        return int(catalogue.execute("select max(id) from visit").fetchone()[0] or 0)
    return 0


def bytes_of(folder: Path, pattern: str) -> int:
    """How many bytes the files of a folder have."""
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())
