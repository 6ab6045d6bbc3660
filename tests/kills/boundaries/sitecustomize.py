"""In the path of a crawl that is to die: ends the process right before one of its operations on the disk.

Python imports it by itself when it starts. Counted are changes of files and the statements of SQLite.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from sqlite3 import Connection, dbapi2
from typing import Any

_CHANGING = {"os.rename", "os.remove", "os.mkdir", "os.truncate"}

_last = int(os.environ.pop("DIE_BEFORE_OPERATION"))  # popped: workers of the crawl live on
_operations = count(1)


def _operation(*_: object) -> None:
    if next(_operations) == _last:
        os.kill(os.getpid(), signal.SIGKILL)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CHANGING or (event == "open" and _is_for_writing(arguments[2])):
        _operation()


def _is_for_writing(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def _counted(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        _operation()
        return function(*arguments)

    return call


class _CountedConnection(Connection):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.set_trace_callback(_operation)


sys.addaudithook(_hear)
os.fsync, os.write = _counted(os.fsync), _counted(os.write)
dbapi2.connect = partial(dbapi2.connect, factory=_CountedConnection)  # type: ignore[assignment]
