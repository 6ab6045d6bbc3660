"""Worker processes that look into pages, and are killed when a page is too much for them."""

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

Result = TypeVar("Result")

# A forked worker starts in milliseconds because the server it is forked from has the libraries loaded.
_PRELOAD = ["crawler.extraction", "crawler.discovery"]


class Quarantined(Exception):
    """A page exceeded the limits of its worker, which is gone; the message says which limit."""


class WorkerPool:
    """Runs plain functions in worker processes, with a limit on wall time and memory for each call."""

    def __init__(self, workers: int, timeout_s: float, max_bytes: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        self.workers = workers
        self._timeout_s = timeout_s
        self._pool = ProcessPool(
            max_workers=workers, context=context, initializer=_limit_memory, initargs=(max_bytes,)
        )

    async def run(self, task: Callable[..., Result], *arguments: object) -> Result:
        """The task's result; its own exceptions pass through, broken limits raise Quarantined."""
        future = self._pool.schedule(task, args=arguments, timeout=self._timeout_s)
        try:
            result: Result = await asyncio.wrap_future(future)
        except TimeoutError:
            raise Quarantined(f"took longer than {self._timeout_s:g} s") from None
        except MemoryError:
            raise Quarantined("needed more memory than a worker may have") from None
        except ProcessExpired as death:
            raise Quarantined(f"ended its worker process (exit code {death.exitcode})") from None
        return result

    def close(self) -> None:
        """End the workers; what they still do is given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates most of itself
        self._pool.join()


def _limit_memory(max_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (max_bytes, max_bytes))
