"""Files that have their name only when they are whole."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE, USAGE

_OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


@contextmanager
def written(path: Path | None) -> Iterator[BinaryIO]:
    """What goes to a file, or to standard output; the file is there when the block ends without an error.

    OperatorError if it cannot be written; of what was written until then nothing is left.
    """
    where = str(path) if path else "standard output"
    try:
        with _open(path) as out:
            yield out
    except BrokenPipeError:  # no fault: see `FrontwireCommand.run`
        raise
    except OSError as error:
        sentence = f"Cannot write {where}: {error.strerror}. Free space, or give another --output."
        raise OperatorError(sentence, STORAGE if error.errno in _OF_DISKS else USAGE) from None


@contextmanager
def _open(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            yield out
    elif path.exists() and not path.is_file():  # a pipe, or a device
        with path.open("wb") as out:
            yield out
    else:
        yield from _renamed(path.resolve())


def _renamed(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
