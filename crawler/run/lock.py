"""One run at a time per data directory."""

import fcntl
import os
from pathlib import Path
from typing import IO, Self

NAME = "run.lock"


class DataDirBusy(Exception):
    """Another run holds the data directory; the message names its process."""


class RunLock:
    """Holds a data directory for as long as the process lives, or until `release`.

    The kernel gives the lock back whatever ends the process, so there is no stale one to clean up.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def acquire(cls, data_dir: Path) -> Self:
        """Take the lock; DataDirBusy if another process has it, OSError if it cannot be made."""
        file = (data_dir / NAME).open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise DataDirBusy(
                f"Another run (process {holder}) holds {data_dir}: wait for it, or give another DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let others have the directory."""
        self._file.close()
