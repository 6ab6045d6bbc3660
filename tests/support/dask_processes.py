"""A Dask cluster on loopback: a scheduler and its workers, each a process, which end with the test."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType

from tests.support.checkout import ROOT

WAIT_S = 60.0
"""For a process to say what it is to say; it takes a second or two where nothing else goes on."""

NOTHING: Mapping[str, str] = MappingProxyType({})

_WORKER = (
    "--nthreads",
    "1",
    "--no-nanny",
    "--no-dashboard",
    "--memory-limit",
    "0",
    "--host",
    "127.0.0.1",
    "--local-directory",
    ".",
)


class DaskProcesses:
    """The processes of one cluster; their output is in the files of a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str], scheme: str) -> None:
        self.folder, self._environment = folder, environment
        self._processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.scheduler = self._start(
            "scheduler", "--host", f"{scheme}://127.0.0.1", "--port", "0", "--no-dashboard"
        )
        self.address = self._said("scheduler", "Scheduler at: ").split()[0]

    def add_worker(self, environment: Mapping[str, str] = NOTHING) -> subprocess.Popen[bytes]:
        """Start one more worker and wait until the scheduler has it."""
        name = f"worker-{len(self.workers)}"
        self.workers.append(self._start("worker", self.address, *_WORKER, log=name, more=environment))
        self._said(name, "Registered to:")
        return self.workers[-1]

    def stop(self) -> None:
        """End all of them."""
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def _start(
        self, program: str, *arguments: str, log: str = "", more: Mapping[str, str] = NOTHING
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log or program}.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{program}", *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self._environment, **more},
                stdout=output,
                stderr=output,
            )
        self._processes.append(process)
        return process

    def _said(self, log: str, words: str) -> str:
        """What a process said behind some words."""
        began = monotonic()
        while monotonic() - began < WAIT_S:
            _, found, rest = (self.folder / f"{log}.log").read_text("utf-8", "replace").partition(words)
            if found and "\n" in rest:
                return rest
            sleep(0.05)
        raise AssertionError(f"{log} did not say {words!r}: {(self.folder / f'{log}.log').read_text()}")


@contextmanager
def dask_processes(
    folder: Path, workers: int = 2, environment: Mapping[str, str] = NOTHING, scheme: str = "tcp"
) -> Iterator[DaskProcesses]:
    """A cluster with so many workers of one thread."""
    cluster = DaskProcesses(folder, environment, scheme)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()
