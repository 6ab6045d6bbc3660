"""A page that is too much for a worker is quarantined; the others never notice."""

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from lxml import etree

from crawler.extraction.language import load_identifier
from crawler.http.decoding import ContentError, TooLarge
from crawler.run.workers import Quarantined, WorkerPool
from tests.support.checkout import ROOT

MIB = 1024 * 1024
TIMEOUT_S = 60.0
"""No worker of these tests needs as much; the tests of the time limit have one of their own."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Page:
    body: bytes
    words: tuple[str, ...]


class TwoArguments(Exception):
    """Arrives with one argument when it is unpickled: TypeError."""

    def __init__(self, page: str, line: int) -> None:
        super().__init__(f"{page}, line {line}")


class Impostor(Exception):
    """Becomes something else when it is unpickled, or nothing: ValueError."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return int, ("no number",)


# --- what workers do: functions of the module, so that a worker can import them ------------


def work(number: int) -> int:
    return 2 * number


def pid() -> int:
    return os.getpid()


def give_back(page: Page) -> Page:
    return Page(page.body, (*page.words, "seen"))


def loop() -> None:
    while True:
        pass


def loop_in_c() -> None:
    re.match(r"(a*)*b", "a" * 60)  # holds the interpreter: no other thread runs


def take(mib: int) -> int:
    return len(bytearray(mib * MIB))


def end(code: int) -> None:
    os._exit(code)


def leave() -> None:
    sys.exit("enough")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail(error: type[Exception], *arguments: object) -> None:
    raise error(*arguments)


def end_once(mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        os._exit(0)
    return 2


def kill_once(mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2


def close_once(mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        os.closerange(3, 64)
    return 2


def freeze() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def models_loaded() -> int:
    return load_identifier.cache_info().currsize


def log_level(library: str) -> int:
    return logging.getLogger(library).level


def parse(text: str) -> None:
    etree.fromstring(text)


# --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    """Two workers that may take as long as they want: whatever a test does to it, the next one can use it."""
    shared = WorkerPool(2, TIMEOUT_S, 1024 * MIB, preload=[__name__])
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[WorkerPool]:
    """Two workers that may take half a second."""
    shared = WorkerPool(2, 0.5, 1024 * MIB, preload=[__name__])
    yield shared
    shared.close()


def run(call: Awaitable[Result]) -> Result:
    async def within_time() -> Result:
        return await asyncio.wait_for(call, TIMEOUT_S)

    return asyncio.run(within_time())


def test_a_worker_starts_with_the_language_model_loaded(pool: WorkerPool) -> None:
    assert run(pool.run(models_loaded)) == 1


def test_what_libraries_remark_on_single_pages_is_not_logged(pool: WorkerPool) -> None:
    assert run(pool.run(log_level, "trafilatura")) == logging.CRITICAL


def test_a_result_comes_back(pool: WorkerPool) -> None:
    assert run(pool.run(work, 21)) == 42
    assert run(pool.run(pid)) != os.getpid()


def test_many_calls_are_answered_each_with_its_own_result(pool: WorkerPool) -> None:
    async def calls() -> list[int]:
        return await asyncio.gather(*(pool.run(work, number) for number in range(300)))

    assert run(calls()) == [2 * number for number in range(300)]


def test_the_largest_page_there_is_goes_to_a_worker_and_back(pool: WorkerPool) -> None:
    page = Page(os.urandom(16 * MIB), ("مارسول",))
    assert run(pool.run(give_back, page)) == Page(page.body, ("مارسول", "seen"))


@pytest.mark.parametrize(
    "error",
    [
        ContentError("content coding 'br' is not supported"),
        TooLarge("more than 5 bytes"),
        LookupError("utf-9"),
    ],
    ids=repr,
)
def test_exceptions_of_the_task_pass_through(pool: WorkerPool, error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        run(pool.run(fail, type(error), *error.args))
    assert type(caught.value) is type(error)
    assert caught.value.args == error.args


def test_a_timeout_of_the_task_is_none_of_the_worker(pool: WorkerPool) -> None:
    with pytest.raises(TimeoutError, match="its own"):
        run(pool.run(fail, TimeoutError, "its own"))


@pytest.mark.parametrize(
    ("task", "arguments", "message"),
    [
        (fail, (TwoArguments, "nouvelles.html", 3), "TwoArguments: nouvelles.html, line 3"),
        (fail, (Impostor, "gone"), "Impostor: gone"),
        (parse, ("<a><b></a>",), "XMLSyntaxError: Opening and ending tag mismatch"),
        (leave, (), "SystemExit: enough"),
    ],
)
def test_an_exception_that_cannot_travel_arrives_in_words(
    pool: WorkerPool, task: Callable[..., None], arguments: tuple[object, ...], message: str
) -> None:
    with pytest.raises(RuntimeError, match=f"^{message}"):
        run(pool.run(task, *arguments))
    assert run(pool.run(work, 1)) == 2


@pytest.mark.parametrize("endless", [loop, loop_in_c])
def test_an_endless_page_is_killed_while_others_go_on(hasty: WorkerPool, endless: Callable[[], None]) -> None:
    async def calls() -> list[int]:
        stuck = asyncio.create_task(hasty.run(endless))
        results = []
        while not stuck.done():
            results.append(await hasty.run(work, 1))
        with pytest.raises(Quarantined, match=r"took longer than 0\.5 s"):
            await stuck
        return results

    run(hasty.run(pid))  # starting the workers does not count
    results = run(calls())
    assert len(results) > 1
    assert set(results) == {2}


def test_all_workers_may_be_stuck_at_once(hasty: WorkerPool) -> None:
    async def calls() -> list[object]:
        stuck = [hasty.run(loop) for _ in range(2)]
        return await asyncio.gather(*stuck, hasty.run(work, 1), return_exceptions=True)

    *stuck, result = run(calls())
    assert [type(each) for each in stuck] == [Quarantined] * 2
    assert result == 2


def test_a_page_that_wants_too_much_memory_is_quarantined(pool: WorkerPool) -> None:
    with pytest.raises(Quarantined, match="needed more memory than a worker may have"):
        run(pool.run(take, 2048))
    assert run(pool.run(take, 100)) == 100 * MIB


@pytest.mark.parametrize(
    ("task", "arguments", "code"), [(end, (7,), 7), (end, (0,), 0), (crash, (), -signal.SIGSEGV)]
)
def test_a_page_that_ends_its_worker_is_quarantined(
    pool: WorkerPool, task: Callable[..., None], arguments: tuple[object, ...], code: int
) -> None:
    with pytest.raises(Quarantined, match=rf"ended its worker process \(exit code {code}\)"):
        run(pool.run(task, *arguments))
    assert run(pool.run(work, 1)) == 2


def test_pages_that_end_their_workers_do_not_disturb_others(pool: WorkerPool) -> None:
    async def calls() -> list[object]:
        mixed = [pool.run(end, 1) if number % 10 == 0 else pool.run(work, number) for number in range(20)]
        return await asyncio.gather(*mixed, return_exceptions=True)

    for number, result in enumerate(run(calls())):
        assert isinstance(result, Quarantined) if number % 10 == 0 else result == 2 * number


def test_idle_workers_that_the_system_kills_are_replaced(pool: WorkerPool) -> None:
    for _ in range(2):  # also the one that was put in its place
        os.kill(run(pool.run(pid)), signal.SIGKILL)
        assert run(pool.run(work, 1)) == 2


@pytest.mark.parametrize("task", [end_once, kill_once, close_once])
def test_a_page_whose_worker_ends_gets_another_one(
    pool: WorkerPool, tmp_path: Path, task: Callable[[Path], int]
) -> None:
    assert run(pool.run(task, tmp_path / "mark")) == 2


def test_a_worker_that_no_longer_answers_is_replaced(hasty: WorkerPool) -> None:
    with pytest.raises(Quarantined, match=r"took longer than 0\.5 s"):
        run(hasty.run(freeze))
    os.kill(run(hasty.run(pid)), signal.SIGSTOP)
    assert run(hasty.run(give_back, Page(bytes(MIB), ()))).words == ("seen",)


def test_a_pool_that_was_closed_takes_no_more_pages() -> None:
    unused = WorkerPool(1, TIMEOUT_S, 1024 * MIB, preload=[__name__])
    unused.close()
    with pytest.raises(RuntimeError, match="closed"):
        run(unused.run(work, 1))


def test_closing_gives_up_what_is_under_way() -> None:
    async def calls() -> list[object]:
        own = WorkerPool(1, TIMEOUT_S, 1024 * MIB, preload=[__name__])
        under_way = [asyncio.create_task(own.run(task)) for task in (loop, pid)]
        await asyncio.wait(under_way, timeout=0.1)
        own.close()
        return await asyncio.gather(*under_way, return_exceptions=True)

    assert [type(each) for each in run(calls())] == [asyncio.CancelledError] * 2


def test_a_call_that_is_cancelled_frees_its_worker(pool: WorkerPool) -> None:
    async def calls() -> int:
        given_up = [asyncio.create_task(pool.run(loop)) for _ in range(2)]
        await asyncio.wait(given_up, timeout=0.1)
        for call in given_up:
            call.cancel()
        return await pool.run(work, 1)

    assert run(calls()) == 2


ORPHANS = """
import asyncio, os
from crawler.run import workers
from crawler.run.workers import WorkerPool

workers._PRELOAD = ()  # nothing of it is needed here
LOOP = "import os, re; print(os.getpid(), flush=True); re.match('(a*)*b', 60 * 'a')"

async def main():
    pool = WorkerPool(2, 600, 1024**3)
    busy = asyncio.create_task(pool.run(exec, LOOP))
    await asyncio.sleep(0)  # it goes first, so that the other call needs the other worker
    print(await pool.run(os.getpid), flush=True)
    await busy

if __name__ == "__main__":
    asyncio.run(main())
"""


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_die_with_a_crawl_that_is_killed() -> None:
    command = [sys.executable, "-c", ORPHANS]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as crawl:
        assert crawl.stdout is not None
        workers = [int(crawl.stdout.readline()) for _ in range(2)]
        alive = [worker for worker in workers if is_alive(worker)]
        crawl.kill()
    assert len(set(alive)) == 2  # one is busy, one idle
    deadline = time.monotonic() + TIMEOUT_S
    while any(is_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(is_alive(worker) for worker in workers)
