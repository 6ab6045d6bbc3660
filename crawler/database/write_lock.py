"""Transactions that change an SQLite database, one after the other.

SQLite lets whoever waits for the lock look for it every tenth of a second: a thread that takes it again at once
leaves the others no gap, and after BUSY_MS one of them is told that the database is locked.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from sqlalchemy import Connection, Engine


class Turns:
    """A lock that goes to those who wait in the order in which they came."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for our turn, and end it."""
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def _take(self) -> None:
        with self._changing:
            if not self._is_taken:
                self._is_taken = True
                return
            ours = threading.Event()
            self._waiting.append(ours)
        ours.wait()

    def _pass_on(self) -> None:
        with self._changing:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


_turns: WeakValueDictionary[str, Turns] = WeakValueDictionary()
"""Of each database, however many engines of this process use it."""
_finding = threading.Lock()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that changes something; the threads of this process take turns at an SQLite database."""
    if engine.dialect.name != "sqlite":  # PostgreSQL has queues of its own
        with engine.begin() as connection:
            yield connection
        return
    with _finding:
        turns = _turns.setdefault(engine.url.database or "", Turns())
    with turns.turn(), engine.begin() as connection:
        yield connection
