"""The run's worker processes, which extract pages and are killed when a page exceeds their limits."""

import asyncio
import fcntl
import logging
import multiprocessing
import os
import pickle
import resource
from collections.abc import Callable, Collection
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.forkserver import ensure_running
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

Result = TypeVar("Result")

ATTEMPTS = 3
"""How often a call is repeated because the pool under it broke."""

LOOK_S = 0.5
"""How often a long call checks that the pool still exists."""

# A forked worker starts in milliseconds: the server that it is forked from has loaded libraries and models.
_PRELOAD = ("crawler.extraction.preload", "crawler.frontier.link_score")

# Their warnings about single pages are nothing that an operator could act on.
_QUIET_LIBRARIES = ("trafilatura", "charset_normalizer")


class Quarantined(Exception):
    """A page exceeded a limit of its worker; the message says which."""


class WorkerPool:
    """Runs plain functions in worker processes, with a limit on wall time and memory for each call."""

    def __init__(self, workers: int, timeout_s: float, max_bytes: int, preload: Collection[str] = ()) -> None:
        """`preload` names modules that a worker imports before it is forked, besides those of extraction."""
        self.workers = workers
        self._preload = [*_PRELOAD, *preload]
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._is_closed = False
        self._pool = self._new_pool()

    async def run(self, task: Callable[..., Result], *arguments: object) -> Result:
        """The task's result; its own exceptions pass through, broken limits raise Quarantined.

        RuntimeError once the pool is closed, and in place of an exception that cannot be pickled;
        CancelledError if it is closed meanwhile.
        """
        for _ in range(ATTEMPTS):
            if not self._pool.active:
                self._replace_pool()
            try:
                return await self._call(task, arguments)
            except BrokenProcessPool:
                if self._is_closed:
                    raise asyncio.CancelledError from None
        raise Quarantined(f"was given up after {ATTEMPTS} breakdowns of the worker pool")

    def close(self) -> None:
        """End the workers, and give up what they are doing."""
        self._is_closed = True
        self._stop_pool()

    async def _call(self, task: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
        pool = self._pool
        future = pool.schedule(_run_task, args=(task, *arguments), timeout=self._timeout_s)
        try:
            return await self._result(pool, asyncio.wrap_future(future))
        except TimeoutError:
            # The task raised it: pebble attaches the worker's traceback.
            if hasattr(future.exception(), "traceback"):
                raise
            raise Quarantined(f"took longer than {self._timeout_s:g} s") from None
        except MemoryError:
            raise Quarantined("needed more memory than a worker may have") from None
        except ProcessExpired as death:
            raise Quarantined(f"ended its worker process (exit code {death.exitcode})") from None

    async def _result(self, pool: ProcessPool, future: asyncio.Future[Result]) -> Result:
        try:
            # A pool that breaks or is stopped forgets the tasks that it was given last.
            while not (await asyncio.wait([future], timeout=LOOK_S))[0]:
                if not pool.active:
                    raise BrokenProcessPool
            return future.result()
        finally:
            future.cancel()  # if the caller was cancelled, the worker is needed for other pages

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(self._preload)
        ensure_running()  # it loads while the first pages are fetched
        return ProcessPool(
            max_workers=self.workers,
            context=context,
            initializer=_prepare_worker,
            initargs=(self._max_bytes,),
        )

    def _replace_pool(self) -> None:
        # If the system kills an idle worker, pebble's pool stays broken.
        if self._is_closed:
            raise RuntimeError("the worker pool is closed")
        self._stop_pool()
        self._pool = self._new_pool()

    def _stop_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates most of itself
        self._pool.join()


def _run_task(task: Callable[..., Result], *arguments: object) -> Result:
    try:
        return task(*arguments)
    except BaseException as error:  # SystemExit too would be passed on and end the crawl
        if isinstance(error, Exception) and _survives_pickling(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from None


def _survives_pickling(error: Exception) -> bool:
    """False for exceptions that would break the pool on arrival, such as those with two arguments."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:  # its constructor may raise anything for wrong arguments
        return False


def _prepare_worker(max_bytes: int) -> None:
    # Not RLIMIT_AS: libraries reserve gigabytes of addresses that they never write to.
    resource.setrlimit(resource.RLIMIT_DATA, (max_bytes, max_bytes))
    for library in _QUIET_LIBRARIES:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    _die_with_parent()


def _die_with_parent() -> None:
    """Have the kernel send SIGIO, which ends the process, when the other end of the parent's pipe closes.

    A waiting worker sees the end of its queue, but a busy one would go on for ever; a thread could not help,
    because it does not run while a regular expression holds the interpreter.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "runs in workers only"
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
