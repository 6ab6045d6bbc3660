"""Two workers on one PostgreSQL share the work, and keep the pace of a host as one does."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.database import schema
from crawler.database.engine import open_engine
from tests.support.killed_runs import Desk, check_complete
from tests.support.press import open_press

DELAY_S = 0.2
POLITE = {"DOWNLOAD_DELAY": DELAY_S, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}

pytestmark = pytest.mark.slow


def test_workers_that_start_together_make_the_tables_once(tmp_path: Path, empty_postgres_url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        engines = list(threads.map(lambda _: open_engine(empty_postgres_url, tmp_path), range(6)))
    with engines[0].connect() as connection:
        assert connection.execute(select(schema.schema_version)).all() == [(schema.VERSION,)]
    for engine in engines:
        engine.dispose()


def test_two_workers_share_the_work_and_the_pace(tmp_path: Path, postgres_url: str) -> None:
    with open_press(tmp_path) as press:
        desks = [Desk(tmp_path, postgres_url, name, **POLITE) for name in ("one", "two")]
        runs = [desk.start() for desk in desks]
        assert [run.wait(120) for run in runs] == [0, 0], [desk.log for desk in desks]
        press.settle()
        assert {press.requests[url] for url in press.pages} == {1}
        check_complete(press, *desks)
        shares = [len(desk.seed_files()) for desk in desks]
        assert min(shares) >= 0.3 * sum(shares), shares
        assert min(press.paces()) >= 0.95 * DELAY_S, press.paces()


def test_what_a_killed_worker_had_leased_the_other_fetches(tmp_path: Path, postgres_url: str) -> None:
    with open_press(tmp_path, articles=120) as press:
        dying, living = (Desk(tmp_path, postgres_url, name, **POLITE) for name in ("one", "two"))
        runs = [desk.start() for desk in (dying, living)]
        while len(dying.seed_files()) < 5:
            assert runs[0].poll() is None, dying.log
            time.sleep(0.005)
        runs[0].kill()
        assert runs[0].wait(60) == -signal.SIGKILL
        dying.forget_run()
        assert runs[1].wait(120) == 0, living.log
        assert max(press.requests[url] for url in press.pages) <= 2
        # The dead one's archive is closed by the next run in its folder.
        assert dying.run() == 0, dying.log
        check_complete(press, dying, living)
