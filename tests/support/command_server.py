"""A process that has loaded Scrapy and the commands, and forks itself for each `scrapy …` that a test runs.

The test sees the same: a process of its own, with its output and exit code, and one more for each that the command
starts. Only the start of Python and the import of the libraries, a second of work each time, are saved.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from select import select
from tempfile import TemporaryDirectory

from crawler import garbage
from crawler.reading.page_reading import WORDS
from crawler.run.workers import load_ahead
from tests.support.checkout import ROOT
from tests.support.crawls import look_often

_PACKAGES = ("crawler.commands", "crawler.cli")
_EXTRACTING = {"add", "crawl", "rederive", "restore", "sources", "store", "verify"}
"""Commands that need worker processes, themselves or in what they start."""


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
            self._process.stdin.write(_request(arguments, environment, folder))
            self._process.stdin.flush()
            if not select([self._process.stdout], [], [], timeout_s)[0]:
                os.killpg(self._process.pid, signal.SIGKILL)
                command_server.cache_clear()
                raise subprocess.TimeoutExpired(["scrapy", *arguments], timeout_s)
            return _completed(arguments, int(self._process.stdout.readline()), Path(folder))


@cache
def command_server() -> CommandServer:
    """The server of this process; it ends with it, when its standard input ends."""
    return CommandServer()


def _request(arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> bytes:
    request = {"arguments": [*arguments], "environment": dict(environment), "folder": folder}
    return json.dumps(request).encode() + b"\n"


def _completed(arguments: Sequence[str], code: int, folder: Path) -> subprocess.CompletedProcess[str]:
    out, err = ((folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
    return subprocess.CompletedProcess(["scrapy", *arguments], code, out, err)


# --- in the server ----------------------------------------------------------------------------
def serve() -> None:
    """Load what commands need, then fork for each line of the standard input."""
    garbage.pause()
    _load()
    garbage.resume()  # else the end of each process would copy all that was loaded
    _fork_for_each(sys.stdin.buffer, 1)


def _load() -> None:
    """Import what the commands import, so that the forked processes need not."""
    import_module("scrapy.cmdline")
    for package in map(import_module, _PACKAGES):
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    look_often()


def _fork_for_each(requests: Iterable[bytes], answers: int) -> None:
    """Fork for each request, and write the exit code of each command."""
    for line in requests:
        request = json.loads(line)
        if _EXTRACTING.intersection(request["arguments"][:1]):
            load_ahead(WORDS)  # shared by all: what it loads it has loaded by the second command
        child = os.fork()
        if child == 0:
            _be_scrapy(**request)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(answers, b"%d\n" % code)


def _be_scrapy(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    for number, name in ((0, os.devnull), (1, f"{folder}/out"), (2, f"{folder}/err")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    if arguments[:1] != ["crawl"]:
        _fork_what_it_starts()
    sys.argv = ["scrapy", *arguments]
    import_module("scrapy.cmdline").execute()


def _fork_what_it_starts() -> None:
    """Have another process, which has no threads, fork for each `scrapy …` that a command starts."""
    from crawler import own_process

    (theirs, ours), (answered, answers) = os.pipe(), os.pipe()
    if os.fork() == 0:
        os.close(ours)
        _fork_for_each(os.fdopen(theirs, "rb"), answers)
        os._exit(0)
    os.close(theirs)
    os.close(answers)

    def run_scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
        with TemporaryDirectory() as folder:
            os.write(ours, _request(arguments, os.environ, folder))
            return _completed(arguments, int(os.read(answered, 16)), Path(folder))

    own_process.run_scrapy = run_scrapy


if __name__ == "__main__":
    serve()
