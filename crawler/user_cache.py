"""Tables that are made of what is installed, kept in the user's cache: the first process that needs them makes them."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from platformdirs import user_cache_dir


def keep(name: str, is_whole: Callable[[Path], bool], write: Callable[[IO[bytes]], None]) -> Path:
    """The file of this name, written if it is not there or not whole; OSError where none can be kept."""
    kept = Path(user_cache_dir("frontwire"), name)
    if not is_whole(kept):
        _make(kept, write)
    return kept


def _make(kept: Path, write: Callable[[IO[bytes]], None]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=kept.parent) as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())  # its name may not outlive a power cut without its content
        # Another run may be as far, with the same tables.
        kept.unlink(missing_ok=True)
        os.link(file.name, kept)
