"""A crawl that is killed again and again: at its end every article is there, once and whole."""

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests.support.commands import scrapy
from tests.support.killed_runs import Desk, check_complete
from tests.support.press import Press, open_press

BOUNDARIES = str(Path(__file__).parent / "boundaries")

START_S, OPERATIONS = 2.0, 800
"""About what the start of a run takes, and what it does on the disk until it has committed some articles."""

STEPS = 300
"""So many answers and files come before kills, over all of them: then the last ones still find work."""

Run = subprocess.Popen[bytes]
Way = Callable[[Desk, Press, random.Random, int], Run]


def at_its_start(desk: Desk, _: Press, chance: random.Random, steps: int) -> Run:
    """A run that is killed before, or while, it makes itself ready."""
    run = desk.start()
    time.sleep(chance.uniform(0, START_S))
    run.kill()
    return run


def among_answers(desk: Desk, press: Press, chance: random.Random, steps: int) -> Run:
    """A run that is killed after it has requested some articles."""
    return _kill_after(chance, steps, lambda: press.article_requests, desk)


def among_files(desk: Desk, _: Press, chance: random.Random, steps: int) -> Run:
    """A run that is killed after it has written some articles into the corpus."""
    return _kill_after(chance, steps, lambda: len(desk.seed_files()), desk)


def at_a_boundary(desk: Desk, _: Press, chance: random.Random, steps: int) -> Run:
    """A run that dies right before one of its operations on the disk."""
    last = str(chance.randrange(1, OPERATIONS))
    return desk.start({"PYTHONPATH": BOUNDARIES, "DIE_BEFORE_OPERATION": last})


def _kill_after(chance: random.Random, steps: int, progress: Callable[[], int], desk: Desk) -> Run:
    enough = progress() + chance.randint(1, steps)
    run = desk.start()
    while progress() < enough and run.poll() is None:
        time.sleep(0.005)
    time.sleep(chance.choice((0, chance.uniform(0, 0.2))))
    run.kill()
    return run


WAYS: tuple[Way, ...] = (among_files, at_a_boundary, among_answers, at_its_start)


def kill_one(desk: Desk, press: Press, way: Way, chance: random.Random, steps: int) -> tuple[bool, set[str]]:
    """Whether a run was killed before its end, and which articles' requests that hit."""
    before, states = press.requests, desk.states() if desk.data.exists() else {}
    code = way(desk, press, chance, steps).wait(60)
    assert code in (0, -signal.SIGKILL), desk.log
    press.settle()
    requests = press.requests - before
    assert all(requests[url] <= 1 for url in press.pages)
    assert not [url for url in press.pages if requests[url] and states.get(url) == "saved"]
    desk.check_whole()
    desk.forget_run()
    after = desk.states()
    return code != 0, {url for url in press.pages if requests[url] and after.get(url) != "saved"}


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_comes_twice(
    tmp_path: Path, store_url: str, request: pytest.FixtureRequest
) -> None:
    kills = int(request.config.getoption("--kills"))
    chance, steps = random.Random(2021), max(2, STEPS // kills)
    hits: Counter[str] = Counter()
    killed = 0
    with open_press(tmp_path) as press:
        desk = Desk(tmp_path, store_url, DOWNLOAD_DELAY=0.05)
        for _, way in zip(range(kills), cycle(WAYS), strict=False):
            has_work = len(desk.seed_files()) < len(press.pages)
            is_killed, hit = kill_one(desk, press, way if has_work else at_its_start, chance, steps)
            killed += is_killed
            hits.update(hit)
        assert desk.run() == 0, desk.log
        press.settle()
        again = sum(press.requests[url] - 1 for url in press.pages)
        print(f"{killed} kills hit {hits.total()} requests, {again} of them were repeated")

        assert killed > kills / 2
        assert all(press.requests[url] <= 1 + hits[url] for url in press.pages)
        desk.check_whole()
        check_complete(press, desk)
    verified = scrapy("verify", "-s", f"DATA_DIR={desk.data}", "-s", f"STORE_URL={store_url}")
    assert verified.returncode == 0, verified.stdout + verified.stderr
