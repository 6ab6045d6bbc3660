"""How much memory a process has, and how it gives back what it no longer needs (Linux; elsewhere nothing happens)."""

import ctypes
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE_BYTES = 256 * 1024


def own_bytes(pid: int) -> int:
    """Memory of a process that is backed by no file, as far as it was ever written to; 0 if it has ended."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def keep_large_blocks_apart() -> None:
    """Let bodies and documents go back to the system as soon as they are freed.

    By default glibc, once it has freed a large block, takes the next ones from its heap, where small blocks behind
    them keep all of it (mallopt(3), M_MMAP_THRESHOLD); and each thread has a heap of its own.
    """
    if (mallopt := getattr(_libc(), "mallopt", None)) is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_ARENA_MAX, 1)


def return_free_memory() -> None:
    """Give what is free at the end of each heap, or as whole pages within it, back to the system."""
    if (trim := getattr(_libc(), "malloc_trim", None)) is not None:
        trim(0)


@cache
def _libc() -> ctypes.CDLL | None:
    with suppress(OSError):
        return ctypes.CDLL(None)
    return None
