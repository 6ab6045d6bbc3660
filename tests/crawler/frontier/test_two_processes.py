"""Workers in processes of their own share hosts and the limits of a day, and none gets what another has."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import update

from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import Leases
from crawler.frontier.quotas import Limits
from crawler.frontier.url_rows import enter
from crawler.items import Evidence, Link, UrlKind

SOURCES = ("marisol", "tarn")
PER_DAY = 12
HOSTS, PAGES = 4, 15


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@pytest.fixture
def runs(catalogue: Catalogue) -> list[int]:
    """Two runs at work, and pages of two sources on the same hosts."""
    runs = [begin_run(catalogue, "news", {}, "frontwire/0.1", place) for place in ("a", "b")]
    with (
        catalogue.engine.begin() as connection
    ):  # SQLite has one run at a time, and took the first for killed
        connection.execute(update(schema.run).values(ended=None, reason=None))
    pages = [(source, host, page) for source in SOURCES for host in range(HOSTS) for page in range(PAGES)]
    enter(
        catalogue,
        runs[0],
        [
            Link(f"https://h{host}.example/{source}/{page}", UrlKind.ARTICLE, Evidence(source=source))
            for source, host, page in pages
        ],
    )
    for run in runs:
        Leases(catalogue, run, SOURCES).keep()
    return runs


def work(store_url: str, folder: Path, run: int) -> list[str]:
    """Lease URLs until none is left, each host with a file that only one worker can make; the URLs that were kept."""
    kept: list[str] = []
    chance = Random(run)
    with closing(Catalogue.open(store_url, folder)) as catalogue:
        leases = Leases(catalogue, run, SOURCES, limits={"marisol": Limits(per_day=PER_DAY)})
        leases.keep()
        for _ in range(60):
            hosts = leases.lease_hosts(2)
            for host in hosts:
                (folder / f"{host.name}.held").touch(exist_ok=False)
            leased = leases.lease_urls([host.id for host in hosts], 2)
            unused = {each.id for each in leased if chance.random() < 0.3}
            leases.return_urls(unused)
            kept += [each.link.url for each in leased if each.id not in unused]
            for host in hosts:
                (folder / f"{host.name}.held").unlink()
            leases.release_hosts(dict.fromkeys((host.id for host in hosts), 0.0))
    return kept


def test_two_workers_share_hosts_pages_and_the_limit_of_a_day(
    processes: ProcessPoolExecutor, runs: list[int], store_url: str, tmp_path: Path
) -> None:
    shares = [processes.submit(work, store_url, tmp_path, run) for run in runs]
    kept = [url for share in shares for url in share.result()]
    kept += work(store_url, tmp_path, runs[0])  # what a busy machine gave neither of them the time for
    assert len(kept) == len(set(kept))
    assert sum("/marisol/" in url for url in kept) == PER_DAY
    assert sum("/tarn/" in url for url in kept) == HOSTS * PAGES
