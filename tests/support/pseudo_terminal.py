"""Commands as a person runs them at a terminal."""

import os
import pty
import subprocess
import sys

from tests.support.checkout import ROOT
from tests.support.session import OURS


def scrapy_at_terminal(*arguments: object, typed: str) -> tuple[int, str]:
    """Run `scrapy …` at a terminal, at which something is typed ahead; the exit code, and all that was shown."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    known = {
        name: text for name, text in os.environ.items() if name in OURS or not name.startswith("FRONTWIRE_")
    }
    command = [sys.executable, "-m", "scrapy", *map(str, arguments)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=known | {"TERM": "xterm", "COLUMNS": "160"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = _read_all(ours)
    return process.returncode, shown.replace("\r\n", "\n")


def _read_all(terminal: int) -> str:
    parts = []
    with os.fdopen(terminal, "rb", buffering=0) as file:
        try:
            while part := file.read(65536):
                parts.append(part)
        except OSError:  # what Linux says when the last writer has closed it
            pass
    return b"".join(parts).decode("utf-8", "replace")
