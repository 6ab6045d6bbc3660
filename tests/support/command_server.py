"""A process that has loaded Scrapy and the commands, and forks itself for each `scrapy …` that a test runs.

The test sees the same: a process of its own, with its output and exit code. Only the start of Python and the import
of the libraries, 0.6 s of work each time, are saved.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from select import select
from tempfile import TemporaryDirectory

from tests.support.checkout import ROOT

_PACKAGES = ("crawler.commands", "crawler.cli")


class CommandServer:
    """The process as that of the tests sees it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.support.command_server"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `scrapy` with these arguments; subprocess.TimeoutExpired if it takes too long."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with TemporaryDirectory() as folder:
            request = {"arguments": arguments, "environment": dict(environment), "folder": folder}
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            if not select([self._process.stdout], [], [], timeout_s)[0]:
                os.killpg(self._process.pid, signal.SIGKILL)
                command_server.cache_clear()
                raise subprocess.TimeoutExpired(["scrapy", *arguments], timeout_s)
            code = int(self._process.stdout.readline())
            out, err = ((Path(folder) / name).read_text(encoding="utf-8") for name in ("out", "err"))
        return subprocess.CompletedProcess(["scrapy", *arguments], code, out, err)


@cache
def command_server() -> CommandServer:
    """The server of this process; it ends with it, when its standard input ends."""
    return CommandServer()


def serve() -> None:
    """Fork for each line of the standard input, and write the exit code of each command."""
    _load()
    gc.freeze()  # else the end of each process would copy all that was loaded
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _be_scrapy(**json.loads(line))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(1, b"%d\n" % code)


def _load() -> None:
    """Import what the commands import, so that the forked processes need not."""
    import_module("scrapy.cmdline")
    for package in map(import_module, _PACKAGES):
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")


def _be_scrapy(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    for number, name in ((0, os.devnull), (1, f"{folder}/out"), (2, f"{folder}/err")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["scrapy", *arguments]
    import_module("scrapy.cmdline").execute()


if __name__ == "__main__":
    serve()
