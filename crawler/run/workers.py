"""The run's worker processes, which extract pages and are killed when a page exceeds their limits."""

import asyncio
import pickle
import select
import signal
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import kill
from time import monotonic
from typing import Any, TypeVar

from crawler.run.fork_server import ForkServer, fork_server
from crawler.run.memory import own_bytes

Result = TypeVar("Result")

ATTEMPTS = 2
"""How often a call is tried whose worker ends: the first time it may have been the system's doing."""

LOOK_S = 0.02
"""How often a busy worker's memory and time are looked at."""

CLOSE_LOOK_S = 0.003
"""The same of one that takes much memory: a parser takes 20 MB more between two looks of the other kind."""

HEAVY_BYTES = 24 * 1024 * 1024
"""Memory that a worker may take for a page besides what it had, while other workers do the same."""

WORN_BYTES = 40 * 1024 * 1024
"""A worker that keeps so much more than it began with is replaced before the next page."""

# A forked worker starts in milliseconds: the server that it is forked from has loaded libraries and models.
PRELOAD = ("crawler.extraction.preload", "crawler.frontier.listing_reader", "crawler.discovery.feed_parser")


def load_ahead(*preload: str) -> None:
    """Begin to load what workers need, while the command still makes itself ready."""
    fork_server(*PRELOAD, *preload)


class Quarantined(Exception):
    """A page exceeded a limit of its worker; the message says which."""


class _WorkerEnded(Exception):
    """A worker has ended without an answer."""


@dataclass(slots=True)
class _Call:
    """What a worker is to do."""

    task: Callable[..., Any]
    arguments: tuple[object, ...]
    is_given_up: threading.Event = field(default_factory=threading.Event)


class WorkerPool:
    """Runs plain functions in worker processes, with a limit on wall time and memory for each call.

    A thread for each worker sends calls, watches, and takes the answers. Of the calls that need much memory one goes on
    at a time; the workers of the others are stopped meanwhile, and their time with them.
    """

    def __init__(
        self,
        workers: int,
        timeout_s: float,
        max_bytes: int,
        preload: Collection[str] = (),
        extracts: bool = True,
    ) -> None:
        """`preload` names modules that are imported before a worker is forked, besides those of extraction."""
        self.workers = workers
        self._timeout_s, self._max_bytes = timeout_s, max_bytes
        # It loads while the first pages are fetched.
        self._server = fork_server(*(PRELOAD if extracts else ()), *preload)
        self._threads = ThreadPoolExecutor(workers, "extraction")
        self._idle: list[_Worker] = []
        self._heavy = threading.Lock()
        self._closed = threading.Event()

    async def run(self, task: Callable[..., Result], *arguments: object) -> Result:
        """The task's result; its own exceptions pass through, broken limits raise Quarantined.

        RuntimeError once the pool is closed, and in place of an exception that cannot be pickled;
        CancelledError if it is closed meanwhile.
        """
        if self._closed.is_set():
            raise RuntimeError("the worker pool is closed")
        call = _Call(task, arguments)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, call)
        finally:
            call.is_given_up.set()  # if the caller was cancelled, the worker is needed for other pages

    def close(self) -> None:
        """End the workers, and give up what they are doing."""
        self._closed.set()
        self._threads.shutdown(cancel_futures=True)
        while (worker := self._pop_idle()) is not None:
            worker.end()

    # --- in the threads -----------------------------------------------------------------------
    def _run(self, call: _Call) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            worker = self._take()
            try:
                return self._attempt(worker, call)
            except _WorkerEnded:
                code = worker.end()
                if attempt == ATTEMPTS:
                    raise Quarantined(
                        f"ended its worker process (exit code {code}), {attempt} times"
                    ) from None
        raise AssertionError("unreachable")

    def _take(self) -> "_Worker":
        """An idle worker, or a new one."""
        while (worker := self._pop_idle()) is not None:
            if worker.is_ready:
                return worker
            worker.end()  # the system killed it
        return _Worker(self._server, self._max_bytes)

    def _pop_idle(self) -> "_Worker | None":
        with suppress(IndexError):  # another thread may be faster
            return self._idle.pop()
        return None

    def _attempt(self, worker: "_Worker", call: _Call) -> Any:
        turn = _Turn(self._heavy)
        is_sound = False
        try:
            result, error = self._converse(worker, call, turn)
            is_sound = not isinstance(error, MemoryError)
        finally:
            # Before others may take much memory, this one gives its own back.
            if is_sound and worker.kept_bytes() < WORN_BYTES and not self._closed.is_set():
                self._idle.append(worker)
            else:
                worker.end()
            turn.end()
        if isinstance(error, MemoryError):
            raise Quarantined("needed more memory than a worker may have")
        if error is not None:
            raise error
        return result

    def _converse(self, worker: "_Worker", call: _Call, turn: "_Turn") -> tuple[Any, Exception | None]:
        deadline = monotonic() + self._timeout_s
        worker.send(call, self._timeout_s)
        while not worker.has_answered(CLOSE_LOOK_S if turn.is_ours else LOOK_S):
            if call.is_given_up.is_set() or self._closed.is_set():
                raise asyncio.CancelledError
            if monotonic() > deadline:
                raise Quarantined(f"took longer than {self._timeout_s:g} s")
            if own_bytes(worker.pid) > self._max_bytes:
                raise Quarantined("needed more memory than a worker may have")
            if not turn.is_ours and worker.taken_bytes() > HEAVY_BYTES:
                deadline += self._wait_for(turn, worker, call)
        return worker.answer()

    def _wait_for(self, turn: "_Turn", worker: "_Worker", call: _Call) -> float:
        """Stop a worker until its turn to take much memory comes; returns the seconds that it waited."""
        began = monotonic()
        worker.stop()
        while not turn.begin(LOOK_S):
            if call.is_given_up.is_set() or self._closed.is_set():
                raise asyncio.CancelledError
        worker.go_on()
        return monotonic() - began


class _Turn:
    """The right of a call to take much memory."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self.is_ours = False

    def begin(self, timeout_s: float) -> bool:
        self.is_ours = self._lock.acquire(timeout=timeout_s)
        return self.is_ours

    def end(self) -> None:
        if self.is_ours:
            self._lock.release()
            self.is_ours = False


class _Worker:
    """A worker process as its thread sees it."""

    def __init__(self, server: ForkServer, max_bytes: int) -> None:
        self._server = server
        self.pid, self._connection = server.fork(max_bytes)
        self._stream = self._connection.makefile("rwb")
        self._began_with = self._had = own_bytes(self.pid)
        self._exit_code: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a call: one that has ended can be read from."""
        return not self.has_answered(0)

    def send(self, call: _Call, timeout_s: float) -> None:
        self._had = own_bytes(self.pid)
        self._connection.settimeout(timeout_s)  # a worker that someone has stopped reads nothing
        with _conversation():
            pickle.dump((call.task, call.arguments), self._stream)
            self._stream.flush()

    def has_answered(self, timeout_s: float) -> bool:
        """Whether an answer has begun to come, or the worker has ended; waits for it so long."""
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        return bool(poll.poll(timeout_s * 1000))

    def answer(self) -> tuple[Any, Exception | None]:
        with _conversation():
            answer: tuple[Any, Exception | None] = pickle.load(self._stream)
        return answer

    def taken_bytes(self) -> int:
        """How much more memory it has than when it was given its call."""
        return own_bytes(self.pid) - self._had

    def kept_bytes(self) -> int:
        """How much more memory it has than when it began."""
        return own_bytes(self.pid) - self._began_with

    def stop(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def end(self) -> int:
        """Kill it if it is still there; returns its exit code."""
        if self._exit_code is None:
            with suppress(OSError):
                self._stream.close()  # it may hold what could not be sent
            self._connection.close()
            self._exit_code = self._server.end(self.pid)
        return self._exit_code

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            kill(self.pid, number)


@contextmanager
def _conversation() -> Iterator[None]:
    """TimeoutError and broken connections mean that the worker is of no use any more."""
    try:
        yield
    except (EOFError, OSError, pickle.UnpicklingError):
        raise _WorkerEnded from None
