"""What processes do to the files of a folder, operation by operation: made with disk_log.c, read from its log."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.session import once

SOURCE = Path(__file__).with_name("disk_log.c")
WITH_PATHS = {"create", "folder", "remove", "rename", "link"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One of those in WITH_PATHS; or write, truncate, sync, synced; or said: what a process told its user."""

    kind: str
    inode: int
    path: Path = Path()
    target: Path = Path()
    offset: int = 0
    data: bytes = b""


def _compile(folder: Path) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("the disk that forgets needs a C compiler (gcc)")
    library = folder / "disk_log.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl", "-lpthread"], check=True
    )
    return library


def watching(folder: Path, log: Path) -> dict[str, str]:
    """The environment in which a process logs what it does to the files of a folder."""
    library = once("disk_log", _compile)
    return {"LD_PRELOAD": str(library), "DISK_LOG": str(log), "DISK_LOG_FOLDER": str(folder.resolve())}


def read_operations(log: Path) -> Iterator[Operation]:
    """All operations, in their order."""
    with log.open("rb") as file:
        while head := file.readline():
            kind, inode, first, second = head.decode().split()
            if kind in WITH_PATHS:
                path, target = (Path(os.fsdecode(file.read(int(length)))) for length in (first, second))
                yield Operation(kind, int(inode), path, target)
            else:
                yield Operation(kind, int(inode), offset=int(first), data=file.read(int(second)))
