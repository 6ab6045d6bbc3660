"""When a worker is waited for, stopped, kept or ended: the values next to each limit, without a process."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from crawler.run import workers
from crawler.run.workers import HEAVY_BYTES, WORN_BYTES, Quarantined, WorkerPool, _WorkerEnded

MAX_BYTES, TIMEOUT_S = 1000, 10.0


@dataclass
class Played:
    """A worker that does as it is told: it answers after so many looks, each of which takes a second."""

    world: "World"
    looks: int = 0
    answers: Any = "text"
    """An exception is the task's, `_WorkerEnded` the worker's own end."""
    bytes: int = 0
    taken: int = 0
    kept: int = 0
    is_ready: bool = True
    pid: int = 0
    ended: int = 0
    signals: list[str] = field(default_factory=list)

    def send(self, *_: object) -> None:
        self._left = self.looks

    def has_answered(self, _: float) -> bool:
        self.world.now += 1
        self._left -= 1
        return self._left < 0

    def answer(self) -> tuple[Any, Exception | None]:
        if self.answers is _WorkerEnded:
            raise _WorkerEnded
        return (None, self.answers) if isinstance(self.answers, Exception) else (self.answers, None)

    def taken_bytes(self) -> int:
        return self.taken

    def kept_bytes(self) -> int:
        return self.kept

    def stop(self) -> None:
        self.signals.append("stop")

    def go_on(self) -> None:
        self.signals.append("go on")

    def end(self) -> int:
        self.ended += 1
        return 7


class World:
    """The workers that are forked, one after the other, a clock, and the turn to take much memory."""

    def __init__(self) -> None:
        self.now = 0.0
        self.coming: list[Played] = []
        self.forked: list[Played] = []
        self.waits, self.held = 0, 0

    def fork(self, *_: object) -> Played:
        self.forked.append(self.coming.pop(0))
        self.forked[-1].pid = len(self.forked) - 1
        return self.forked[-1]

    def own_bytes(self, pid: int) -> int:
        return self.forked[pid].bytes

    def acquire(self, timeout: float) -> bool:
        """The turn is another one's so many times."""
        self.now += 1
        self.waits -= 1
        self.held += self.waits < 0
        return self.waits < 0

    def release(self) -> None:
        self.held -= 1


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(workers, "fork_server", lambda *_: None)
    monkeypatch.setattr(workers, "_Worker", made.fork)
    monkeypatch.setattr(workers, "own_bytes", made.own_bytes)
    monkeypatch.setattr(workers, "monotonic", lambda: made.now)
    return made


@pytest.fixture
def pool(world: World) -> Iterator[WorkerPool]:
    made = WorkerPool(1, TIMEOUT_S, MAX_BYTES)
    made._heavy = world  # type: ignore[assignment]
    yield made
    made.close()


def run(pool: WorkerPool) -> Any:
    return asyncio.run(pool.run(len, "page"))


Make = Callable[[World], Played]


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda world: Played(world, looks=10), ""),
        (lambda world: Played(world, looks=11), "took longer than 10 s"),
        (lambda world: Played(world, looks=1, bytes=MAX_BYTES), ""),
        (lambda world: Played(world, looks=1, bytes=MAX_BYTES + 1), "needed more memory"),
        (lambda world: Played(world, answers=MemoryError()), "needed more memory"),
    ],
    ids=["in time", "late", "just so large", "too large", "refused by the system"],
)
def test_a_page_within_its_limits_keeps_its_worker_and_another_one_ends_it(
    world: World, pool: WorkerPool, make: Make, refusal: str
) -> None:
    world.coming = [make(world), Played(world, answers="next")]
    if refusal:
        with pytest.raises(Quarantined, match=refusal):
            run(pool)
    else:
        assert run(pool) == "text"
    assert bool(world.forked[0].ended) is bool(refusal)
    assert run(pool) == ("next" if refusal else "text")


@pytest.mark.parametrize("taken", [HEAVY_BYTES, HEAVY_BYTES + 1])
@pytest.mark.parametrize("waits", [0, 50])
def test_who_takes_much_memory_waits_for_a_turn_that_costs_no_time_of_its_own(
    world: World, pool: WorkerPool, taken: int, waits: int
) -> None:
    is_heavy = taken > HEAVY_BYTES
    worker = Played(world, looks=10, taken=taken)
    world.coming, world.waits = [worker], waits
    assert run(pool) == "text"
    assert worker.signals == (["stop", "go on"] if is_heavy else [])
    assert world.held == 0
    assert worker.ended == 0


@pytest.mark.parametrize("answers", [ValueError("a defect"), MemoryError(), _WorkerEnded])
def test_whatever_ends_a_call_its_turn_is_given_back(world: World, pool: WorkerPool, answers: Any) -> None:
    world.coming = [Played(world, looks=2, taken=HEAVY_BYTES + 1, answers=answers) for _ in range(2)]
    with pytest.raises((ValueError, Quarantined)):
        run(pool)
    assert world.held == 0


@pytest.mark.parametrize(("kept", "is_kept"), [(WORN_BYTES - 1, True), (WORN_BYTES, False)])
def test_a_worker_that_keeps_much_memory_is_replaced(
    world: World, pool: WorkerPool, kept: int, is_kept: bool
) -> None:
    world.coming = [Played(world, kept=kept), Played(world, answers="next")]
    assert run(pool) == "text"
    assert run(pool) == ("text" if is_kept else "next")
    assert bool(world.forked[0].ended) is not is_kept


def test_an_error_of_the_task_passes_through_and_costs_no_worker(world: World, pool: WorkerPool) -> None:
    world.coming = [Played(world, answers=KeyError("міст"))]
    for _ in range(2):
        with pytest.raises(KeyError, match="міст"):
            run(pool)
    assert [worker.ended for worker in world.forked] == [0]


@pytest.mark.parametrize("ends", [1, 2])
def test_a_page_whose_worker_ends_is_tried_once_more(world: World, pool: WorkerPool, ends: int) -> None:
    world.coming = [*(Played(world, answers=_WorkerEnded) for _ in range(ends)), Played(world)]
    if ends == 1:
        assert run(pool) == "text"
    else:
        with pytest.raises(Quarantined, match=r"ended its worker process \(exit code 7\), 2 times"):
            run(pool)
    assert [bool(worker.ended) for worker in world.forked] == [True] * ends + [False] * (ends == 1)


def test_an_idle_worker_that_has_ended_is_replaced(world: World, pool: WorkerPool) -> None:
    world.coming = [Played(world), Played(world, answers="next")]
    assert run(pool) == "text"
    world.forked[0].is_ready = False
    assert run(pool) == "next"
    assert world.forked[0].ended == 1


def test_a_closed_pool_ends_its_workers_and_takes_no_page(world: World, pool: WorkerPool) -> None:
    world.coming = [Played(world)]
    assert run(pool) == "text"
    pool.close()
    assert world.forked[0].ended == 1
    with pytest.raises(RuntimeError, match="the worker pool is closed"):
        run(pool)
