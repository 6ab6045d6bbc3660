"""What a worker process does: it takes calls from a connection and answers them, until the connection closes."""

import logging
import os
import pickle
import resource
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.run.memory import own_bytes

_SLACK_BYTES = 64 * 1024 * 1024
"""Above the limit that the pool watches: the kernel's own stops only what grows between two looks."""

# Their warnings about single pages are nothing that an operator could act on.
_QUIET_LIBRARIES = ("trafilatura", "charset_normalizer", "chardet")


def serve_calls(connection: int, max_bytes: int) -> None:
    """Answer each pickled (function, arguments) with a pickled (result, None) or (None, exception)."""
    _prepare(max_bytes)
    with socket.socket(fileno=connection) as channel, channel.makefile("rwb") as stream:
        while True:
            try:
                task, arguments = pickle.load(stream)
            except EOFError:
                return
            answer = _answer(task, arguments)
            del task, arguments
            stream.write(answer)
            stream.flush()
            del answer


def _prepare(max_bytes: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Not RLIMIT_AS: libraries reserve gigabytes of addresses that they never write to.
    limit = max_bytes + _SLACK_BYTES + max(0, _data_bytes() - own_bytes(os.getpid()))
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    for library in _QUIET_LIBRARIES:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def _data_bytes() -> int:
    """What the kernel counts against RLIMIT_DATA."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0


def _answer(task: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((task(*arguments), None))
    except BaseException as error:  # SystemExit too would end the worker
        if isinstance(error, Exception) and _survives_pickling(error):
            return pickle.dumps((None, error))
        return pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}")))


def _survives_pickling(error: Exception) -> bool:
    """False for exceptions that would break on arrival, such as those with two arguments."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:  # its constructor may raise anything for wrong arguments
        return False
