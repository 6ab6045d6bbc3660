"""Processes that a test starts and that do not outlive it."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support.checkout import ROOT

PATIENCE_S = 60.0


@contextmanager
def running(
    command: Sequence[str], stdout: int | None = None, stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process in the checkout; it is killed in the end if it still runs."""
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=stdout, stderr=stderr) as process:
        try:
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE_S)
