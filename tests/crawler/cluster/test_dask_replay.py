"""A replay on a real Dask cluster leaves what a local one leaves, whatever happens to its workers."""

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from distributed import Client
from scrapy.crawler import Crawler

from crawler.exit_codes import FAILED, OK
from crawler.run.recorder import recorder_of
from tests.support.checkout import ROOT
from tests.support.crawls import run_crawl
from tests.support.dask_processes import DaskProcesses, dask_processes
from tests.support.newsroom_runs import NewsroomRuns, run_twice_in_weeks
from tests.support.outcomes_of_replays import fates_of, left_by
from tests.support.warcs import news

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Dask's own are not ours


@pytest.fixture(scope="module")
def runs() -> NewsroomRuns:
    """Archives with listings, repetitions, copies, articles on several pages, and everything that fails."""
    return run_twice_in_weeks()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskProcesses]:
    with dask_processes(tmp_path / "dask") as processes:
        yield processes


def replay(path: Path, data: Path, scheduler: str = "", **settings: object) -> tuple[Crawler, int]:
    given = {"DATA_DIR": str(data), "SEEDS_DIR": str(ROOT / "seeds"), "CLUSTER_TIMEOUT_S": 60, **settings}
    arguments = {"executor": "dask", "scheduler": scheduler} if scheduler else {}
    crawler = run_crawl("replay", given, path=str(path), **arguments)
    result = recorder_of(crawler).result
    assert result is not None
    return crawler, result.exit_code


def until(happened: Callable[[], object], timeout_s: float = 120) -> None:
    began = monotonic()
    while not happened():
        assert monotonic() - began < timeout_s, "it did not happen"
        sleep(0.01)


def sums(crawler: Crawler) -> dict[str, int]:
    stats = crawler.stats.get_stats()
    return {name: stats[name] for name in stats if name.startswith(("fate/", "replay/"))}


def test_the_outcome_is_that_of_a_local_replay_though_a_worker_is_killed(
    runs: NewsroomRuns, cluster: DaskProcesses, tmp_path: Path
) -> None:
    local, exit_code = replay(runs.archive, tmp_path / "local")
    assert exit_code == OK

    data, was_at_work = tmp_path / "data", list[bool]()

    def kill_one() -> None:
        until(lambda: list(data.glob("cluster/*/results/*")))
        cluster.workers[0].kill()
        was_at_work.append(crawling.is_alive())

    crawlers: list[tuple[Crawler, int]] = []
    parts = {"CLUSTER_RANGE_BYTES": 20_000}
    crawling = threading.Thread(
        target=lambda: crawlers.append(replay(runs.archive, data, cluster.address, **parts))
    )
    crawling.start()
    kill_one()
    crawling.join()
    ((crawler, exit_code),) = crawlers
    assert (exit_code, recorder_of(crawler).faults) == (OK, [])
    assert was_at_work == [True]
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert left_by(data) == left_by(tmp_path / "local")
    assert sums(crawler) == sums(local)
    assert not list(data.glob("cluster/*/results/*"))

    crawler, exit_code = replay(runs.archive, data, cluster.address, **parts)
    assert exit_code == OK
    assert "replay/records" not in crawler.stats.get_stats()
    assert left_by(data) == left_by(tmp_path / "local")


def test_a_task_that_ends_its_workers_is_given_up_and_tried_by_the_next_run(tmp_path: Path) -> None:
    path, data = news(30).save(tmp_path / "news.warc.gz"), tmp_path / "data"
    environment = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with dask_processes(tmp_path / "dask", workers=1, environment=environment) as cluster:

        def kill() -> None:
            with Client(cluster.address, set_as_default=False) as client:
                until(lambda: any(client.processing().values()))
            cluster.workers[0].kill()
            cluster.add_worker()

        killing = threading.Thread(target=kill)
        killing.start()
        crawler, exit_code = replay(path, data, cluster.address)
        killing.join()
        assert exit_code == FAILED
        assert "pages are quarantined" in recorder_of(crawler).faults[0]
        assert fates_of(data) == {"quarantined": 30}

        crawler, exit_code = replay(path, data, cluster.address)
        assert exit_code == OK
        assert "quarantined" not in fates_of(data)


def test_a_worker_that_does_not_see_the_archive_stops_the_run(
    cluster: DaskProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news(2).save(tmp_path / "here" / "news.warc.gz")
    monkeypatch.chdir(tmp_path / "here")  # each process has another working directory there
    crawler, exit_code = replay(Path("/proc/self/cwd/news.warc.gz"), tmp_path / "data", cluster.address)
    assert exit_code == FAILED
    (fault,) = recorder_of(crawler).faults
    assert "All workers must see the archives under the same paths" in fault


def test_a_cluster_that_loses_all_its_workers_or_its_scheduler_is_not_waited_for(tmp_path: Path) -> None:
    path = news(60).save(tmp_path / "news.warc.gz")
    for lost in ("worker", "scheduler"):
        with dask_processes(tmp_path / lost, workers=1) as cluster:

            def lose(cluster: DaskProcesses = cluster, lost: str = lost) -> None:
                with Client(cluster.address, set_as_default=False) as client:
                    until(lambda: any(client.processing().values()))
                    (cluster.workers[0] if lost == "worker" else cluster.scheduler).kill()

            losing = threading.Thread(target=lose)
            losing.start()
            crawler, exit_code = replay(path, tmp_path / f"data-{lost}", cluster.address, CLUSTER_TIMEOUT_S=3)
            losing.join()
        assert exit_code == FAILED
        (fault,) = recorder_of(crawler).faults
        assert "run the same command again" in fault
