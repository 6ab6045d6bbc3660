"""Workers give memory back, and one page at a time takes much of it."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from crawler.run import workers
from crawler.run.workers import LOOK_S, WorkerPool

MIB = 1024 * 1024
TIMEOUT_S = 60.0

Result = TypeVar("Result")

KEPT: list[bytearray] = []


def keep(mib: int) -> int:
    KEPT.append(bytearray(b"x") * (mib * MIB))
    return os.getpid()


def grow(mib: int) -> tuple[float, float]:
    """When that much was reached, and when it is given back."""
    pieces = []
    for _ in range(mib):
        pieces.append(bytearray(b"x") * MIB)
        time.sleep(0.01)
    reached = time.monotonic()
    time.sleep(0.1)
    return reached, time.monotonic()


def meet(own: Path, other: Path) -> int:
    """Go on step by step with another call, which must not be stopped meanwhile."""
    for step in range(10):
        own.with_suffix(f".{step}").touch()
        while not other.with_suffix(f".{step}").exists():
            time.sleep(0.01)
        time.sleep(LOOK_S)
    return os.getpid()


def keep_and_meet(mib: int, own: Path, other: Path) -> int:
    keep(mib)
    return meet(own, other)


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    shared = WorkerPool(2, TIMEOUT_S, 1024 * MIB, preload=[__name__], extracts=False)
    yield shared
    shared.close()


def run(call: Awaitable[Result]) -> Result:
    async def within_time() -> Result:
        return await asyncio.wait_for(call, TIMEOUT_S)

    return asyncio.run(within_time())


def test_a_worker_that_has_grown_is_replaced(pool: WorkerPool) -> None:
    before = run(pool.run(os.getpid))
    assert run(pool.run(os.getpid)) == before
    assert run(pool.run(keep, 64)) == before
    assert run(pool.run(os.getpid)) != before


def test_one_call_at_a_time_takes_much_memory(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def calls() -> list[tuple[float, float]]:
        return await asyncio.gather(*(pool.run(grow, 24) for _ in range(3)))

    monkeypatch.setattr(workers, "HEAVY_BYTES", 8 * MIB)
    intervals = sorted(run(calls()))
    assert all(end <= begin for (_, end), (begin, _) in pairwise(intervals))


def test_what_a_worker_kept_of_earlier_calls_makes_no_call_heavy(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def both(task: Callable[..., int], *arguments: object) -> list[int]:
        marks = [tmp_path / f"{task.__name__}-{number}" for number in (1, 2)]
        calls = (pool.run(task, *arguments, *order) for order in (marks, marks[::-1]))
        return sorted(await asyncio.gather(*calls))

    processes = run(both(keep_and_meet, 20))
    monkeypatch.setattr(workers, "HEAVY_BYTES", 8 * MIB)
    assert run(both(meet)) == processes
