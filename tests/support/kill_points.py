"""Kills at chosen moments, without a process: a file operation that is never carried out."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.truncate", "os.link"}


class Killed(BaseException):
    """No code of ours may catch it."""


class _Trap:
    """Counts the file operations that change something below a folder; the one it is set to raises."""

    def __init__(self) -> None:
        self.folder = ""
        self.left = 0

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.folder or not _changes(event, arguments) or self.folder not in str(arguments[0]):
            return
        self.left -= 1
        if self.left < 0:
            raise Killed


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    return event in _CHANGING


_trap = _Trap()
_hooked = False


@contextmanager
def killed_before(operation: int, folder: object) -> Iterator[None]:
    """Raise `Killed` before the n-th operation that opens for writing, renames or removes below a folder."""
    global _hooked
    if not _hooked:  # audit hooks stay for the life of the process
        sys.addaudithook(_trap.hear)
        _hooked = True
    _trap.folder, _trap.left = str(folder), operation
    try:
        yield
    finally:
        _trap.folder = ""


def survives_kills(folder: object, work: Callable[[], object], check: Callable[[], None]) -> Iterator[int]:
    """Do some work, killed before its first operation, then its second, …, until it comes through.

    Yields before each try, so that the caller can lay the folder anew; after each kill `check` is called.
    """
    operation = 0
    while True:
        yield operation
        try:
            with killed_before(operation, folder):
                work()
        except Killed:
            check()
            operation += 1
        else:
            check()
            return
