"""What is wrong with a cluster is told before a replay begins, in one sentence."""

import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.cluster.dask_cluster import check_cluster
from crawler.cluster.errors import ClusterFailed
from crawler.exit_codes import USAGE
from tests.support.checkout import ROOT
from tests.support.commands import scrapy
from tests.support.dask_processes import dask_processes
from tests.support.origin import make_certificate
from tests.support.warcs import news

filtered = pytest.mark.filterwarnings("default")  # Dask's own are not ours


def settings(**given: object) -> Settings:
    made = Settings()
    made.setmodule("crawler.settings")
    made.setdict({"CLUSTER_TIMEOUT_S": 1, **given})
    return made


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterFailed, match=r"pip install 'frontwire\[cluster\]'"):
        check_cluster("tcp://127.0.0.1:1", settings())


@filtered
def test_a_cluster_behind_tls_needs_certificates() -> None:
    with pytest.raises(ClusterFailed, match="CLUSTER_TLS_CA names no file"):
        check_cluster("tls://127.0.0.1:1", settings())


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_a_wrong_argument(tmp_path: Path) -> None:
    path, data = news(1).save(tmp_path / "news.warc.gz"), tmp_path / "data"
    where = ("-a", f"path={path}", "-a", "executor=dask", "-a", "scheduler=tcp://127.0.0.1:1")
    ended = scrapy("crawl", "replay", *where, "-s", f"DATA_DIR={data}", "-s", "CLUSTER_TIMEOUT_S=1")
    assert ended.returncode == USAGE
    (line,) = ended.stderr.splitlines()
    assert "No Dask scheduler answers at tcp://127.0.0.1:1" in line
    assert not data.exists()


@pytest.mark.slow
@filtered
def test_workers_that_are_not_there_or_unfit_are_told_of(tmp_path: Path) -> None:
    without = tmp_path / "without" / "crawler.py"
    without.parent.mkdir()
    without.write_text("raise ImportError(\"No module named 'crawler'\")")
    other = tmp_path / "other" / "trafilatura-9.9.dist-info" / "METADATA"
    other.parent.mkdir(parents=True)
    other.write_text("Metadata-Version: 2.1\nName: trafilatura\nVersion: 9.9\n")
    with dask_processes(tmp_path / "dask", workers=0) as cluster:
        with pytest.raises(ClusterFailed, match="has no worker, and none came in 1 s"):
            check_cluster(cluster.address, settings())
        worker = cluster.add_worker({"PYTHONPATH": str(without.parent)})
        with pytest.raises(
            ClusterFailed, match=r"The worker tcp://.* cannot load Frontwire \(.*No module named"
        ):
            check_cluster(cluster.address, settings(CLUSTER_TIMEOUT_S=60))
        worker.kill()
        worker.wait()
        cluster.add_worker()
        check_cluster(cluster.address, settings(CLUSTER_TIMEOUT_S=60))
        cluster.add_worker({"PYTHONPATH": f"{other.parent.parent}:{ROOT}"})
        with pytest.raises(ClusterFailed, match=r"has trafilatura 9\.9 instead of "):
            check_cluster(cluster.address, settings(CLUSTER_TIMEOUT_S=60))


@pytest.mark.slow
@filtered
def test_a_cluster_behind_tls_lets_in_who_has_a_certificate(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours, theirs = make_certificate(tmp_path / "ours"), make_certificate(tmp_path / "theirs")
    tls = {
        f"DASK_DISTRIBUTED__COMM__TLS__{who}__CERT": str(ours) for who in ("SCHEDULER", "WORKER", "CLIENT")
    }
    tls["DASK_DISTRIBUTED__COMM__TLS__CA_FILE"] = str(ours)
    with dask_processes(tmp_path / "dask", workers=1, environment=tls, scheme="tls") as cluster:
        names = ("CLUSTER_TLS_CA", "CLUSTER_TLS_CERT", "CLUSTER_TLS_KEY")
        check_cluster(cluster.address, settings(CLUSTER_TIMEOUT_S=60, **dict.fromkeys(names, str(ours))))
        with pytest.raises(ClusterFailed, match="No Dask scheduler answers"):
            check_cluster(cluster.address, settings(**dict.fromkeys(names, str(theirs))))
