"""The search index of a data directory, opened and brought to what its catalogue says."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from rich.console import Console
from rich.progress import Progress

from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE
from crawler.search.index_filling import fill, refill
from crawler.search.search_index import SearchIndex, remove

_SEEN_FROM = 20_000
"""Articles from which on a person is shown that they are being entered."""


@contextmanager
def filled_index(catalogue: Catalogue, data_dir: DataDir) -> Iterator[SearchIndex]:
    """The index, up to date; OperatorError if it cannot be written."""
    with explained(data_dir), closing(SearchIndex.open(data_dir.search_index)) as index:
        fill_visibly(catalogue, index)
        yield index


def fill_visibly(catalogue: Catalogue, index: SearchIndex) -> None:
    """Enter what the index does not have yet; a person at a terminal sees how far it is."""
    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Indexing articles", total=None, visible=False)

        def show(done: int, whole: int) -> None:
            progress.update(task, completed=done, total=whole, visible=whole > _SEEN_FROM)

        fill(catalogue, index, show)


@contextmanager
def explained(data_dir: DataDir) -> Iterator[None]:
    """Say what a person can do about an index that cannot be used."""
    try:
        yield
    except sqlite3.Error as error:
        raise OperatorError(
            f"The search index {data_dir.search_index} cannot be used: {error}. Free space, or delete it: it is made "
            "again from the catalogue.",
            STORAGE,
        ) from None


def take_out(catalogue: Catalogue, data_dir: DataDir, url_ids: Sequence[int]) -> None:
    """Let the index of a data directory, if it has one, keep no word of pages that were taken down."""
    if not data_dir.search_index.is_file():
        return
    try:
        with closing(SearchIndex.open(data_dir.search_index)) as index:
            refill(catalogue, index, url_ids)
            index.purge()
    except sqlite3.Error:
        remove(data_dir.search_index)  # better none than one with the text: the next search makes it again
