"""What a cluster gave is merged as a local replay would have it, and none of it is asked for twice."""

from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from crawler.cluster import dask_executor
from crawler.cluster.errors import ClusterFailed, TaskGivenUp
from crawler.cluster.tasks import RangeTask, ReplaySettings, replay_range
from crawler.exit_codes import FAILED, OK
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.outcomes_of_replays import fates_of, left_by
from tests.support.warcs import Archive, answer, sha1

PAGE = """<html lang="en"><head><title>Ferry {0} at Tolm runs again</title>
<meta property="article:published_time" content="2021-01-28T10:00:00+03:00"></head><body><article>
<p>The ferry {0} across the Orla at Tolm runs again after the ceasefire between both banks was renewed.</p>
<p>Shelling had closed the crossing for three weeks, and {0}{0} families waited in its school, the mayor said.</p>
<p>Soldiers of both sides withdrew from pier {0} on Wednesday night, as the agreement of Velmar had asked.</p>
</article></body></html>"""


class HereCluster:
    """Does in this process what the workers of a cluster would do, as long as it lasts."""

    lasts = 1000
    given_up: tuple[int, ...] = ()
    submitted: list[RangeTask]

    def __init__(self, *_: object) -> None:
        type(self).submitted = []

    def check(self, _: object) -> None:
        """All workers have what this process has."""

    def threads(self) -> int:
        return 1

    def submit(self, task: RangeTask, settings: ReplaySettings) -> tuple[int, RangeTask, ReplaySettings]:
        self.submitted.append(task)
        return len(self.submitted), task, settings

    def result(self, future: tuple[int, RangeTask, ReplaySettings], _: RangeTask) -> bytes:
        number, task, settings = future
        if number in self.given_up:
            raise TaskGivenUp
        if number > self.lasts:
            raise ClusterFailed("The scheduler is gone.")
        return replay_range(task, settings)

    def close(self) -> None:
        """Nothing is left."""


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> type[HereCluster]:
    made = type("HereClusterOfTest", (HereCluster,), {})
    monkeypatch.setattr(dask_executor, "DaskCluster", made)
    return made


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """Two files; the second repeats what is in the first, and something that is nowhere."""
    first, second = Archive(), Archive()
    for number in range(4):
        body = PAGE.format(number).encode()
        first.exchange(f"https://orla.example/{number}", answer(body, "Content-Type: text/html"))
    second.exchange("https://orla.example/0", answer(b""), kind="revisit", WARC_Payload_Digest=sha1(b"lost"))
    body = PAGE.format(9).encode()
    its = first.exchange("https://orla.example/9", answer(body, "Content-Type: text/html"))
    named = {"WARC_Refers_To": its, "WARC_Payload_Digest": sha1(body)}
    second.exchange("https://tolm.example/9", answer(b""), kind="revisit", **named)
    second.exchange("https://tolm.example/gone", answer(b"", status="410 Gone"))
    first.save(tmp_path / "archives" / "a.warc.gz")
    second.save(tmp_path / "archives" / "b.warc.gz")
    return tmp_path / "archives"


def replay(path: Path, data: Path, *, on_cluster: bool = True) -> tuple[Crawler, int]:
    given = {
        "DATA_DIR": str(data),
        "RELEVANCE_MODE": "off",
        "CLUSTER_RANGE_BYTES": 1500,
        "LOG_LEVEL": "CRITICAL",
    }
    arguments = {"executor": "dask", "scheduler": "tcp://127.0.0.1:1"} if on_cluster else {}
    crawler = run_crawl("replay", given, path=str(path), **arguments)
    result = recorder_of(crawler).result
    assert result is not None
    return crawler, result.exit_code


def test_parts_of_files_are_merged_to_what_a_local_replay_leaves(
    archives: Path, cluster: type[HereCluster], tmp_path: Path
) -> None:
    local, _ = replay(archives, tmp_path / "local", on_cluster=False)
    crawler, _ = replay(archives, tmp_path / "data")
    assert len(cluster.submitted) > 2
    left = left_by(tmp_path / "data")
    assert len(left["corpus"]) == 5
    assert left == left_by(tmp_path / "local")
    told = recorder_of(crawler).faults, recorder_of(local).faults
    assert told[0] == told[1]
    assert "repeats a record that is not here" in told[0][0]


def test_what_a_cluster_gave_before_it_was_lost_is_not_asked_for_again(
    archives: Path, cluster: type[HereCluster], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    cluster.lasts = 2
    crawler, exit_code = replay(archives, data)
    assert (exit_code, recorder_of(crawler).faults) == (FAILED, ["The scheduler is gone."])
    asked_for = {str(task) for task in cluster.submitted[:2]}

    cluster.lasts = 1000
    replay(archives, data)
    assert cluster.submitted
    assert asked_for.isdisjoint(map(str, cluster.submitted))
    replay(archives, tmp_path / "local", on_cluster=False)
    assert left_by(data)["corpus"] == left_by(tmp_path / "local")["corpus"]


def test_what_is_done_is_passed_over_unless_the_file_has_changed(
    archives: Path, cluster: type[HereCluster], tmp_path: Path
) -> None:
    (archives / "b.warc.gz").unlink()
    data = tmp_path / "data"
    assert replay(archives, data)[1] == OK
    cluster.submitted = []
    crawler, exit_code = replay(archives, data)
    assert (exit_code, cluster.submitted) == (OK, [])
    assert "replay/records" not in crawler.stats.get_stats()

    archive = Archive()
    archive.exchange("https://orla.example/new", answer(PAGE.format(7).encode(), "Content-Type: text/html"))
    with (archives / "a.warc.gz").open("ab") as file:
        file.write(archive.data)
    assert replay(archives, data)[1] == OK
    assert fates_of(data) == {"saved": 1, "unchanged": 5}


def test_pages_of_a_task_that_is_given_up_are_quarantined_until_the_next_run(
    archives: Path, cluster: type[HereCluster], tmp_path: Path
) -> None:
    (archives / "b.warc.gz").unlink()
    data = tmp_path / "data"
    cluster.given_up = (1,)
    crawler, exit_code = replay(archives, data)
    assert exit_code == FAILED
    assert "its pages are quarantined" in recorder_of(crawler).faults[0]
    quarantined = fates_of(data)["quarantined"]
    assert 0 < quarantined < 5

    cluster.given_up = ()
    assert replay(archives, data)[1] == OK
    assert fates_of(data) == {"saved": quarantined, "unchanged": 5 - quarantined}
