"""Files that survive a power cut."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let OSErrors name the file: those of writing to an open file do not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def sync_folder(folder: Path) -> None:
    """Make the creation, renaming and removal of names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it, for good; `mode` is its own."""
    if folder.is_dir():
        return
    if not folder.parent.exists():
        make_folder(folder.parent)
    folder.mkdir(mode, exist_ok=True)
    sync_folder(folder.parent)


def rename(path: Path, target: Path) -> None:
    """Give a file its final name, durably."""
    path.rename(target)
    sync_folder(target.parent)


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file and return when its content is on disk; its name is not durable yet."""
    with naming(path), path.open("wb") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())


def replace_file(target: Path, lines: Iterable[bytes]) -> None:
    """Replace a file: readers see the old content or the new, never a part."""
    temporary = target.with_name(target.name + ".tmp")
    write_file(temporary, lines)
    rename(temporary, target)
