"""Times a replay by this machine's own workers and one by a Dask cluster on it, in turn, on the same files.

    python -m bench.cluster [--files 8] [--pages 60] [--workers 2] [--rounds 3] [--range BYTES]

Pages are invented (200 to 300 KB each). Prints the median of each figure over the rounds: wall seconds, CPU seconds of
the replay and its children and of the cluster's processes, and whether both left the same
seed files. Compare the lines of one run only: the load of the machine affects all of them.
"""

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from bench.pages import invented_pages
from bench.speed import HERE

_ONE_THREAD = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Run:
    """What one replay took, and what it left."""

    wall_s: float
    cpu_s: float
    cluster_cpu_s: float
    corpus: str
    """A digest of all seed files with their names."""


def write_archives(folder: Path, files: int, pages: int) -> None:
    """Files of so many invented pages each."""
    stored = iter(invented_pages(files * pages))
    for number in range(files):
        with (folder / f"pages-{number:03}.warc.gz").open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for page in range(pages):
                served = next(stored)
                head = StatusAndHeaders(
                    "200 OK", [("Content-Type", served.content_type)], protocol="HTTP/1.1"
                )
                url = f"https://site-{number}.example/{page}"
                record = writer.create_warc_record(url, "response", BytesIO(served.body), http_headers=head)
                writer.write_record(record)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and workers of one thread on loopback: the address, and their process ids."""
    contact = folder / "scheduler.json"
    started = [_start(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", contact)]
    try:
        started += [
            _start(folder, "worker", "--scheduler-file", contact, *_ONE_THREAD) for _ in range(workers)
        ]
        from distributed import Client

        with Client(scheduler_file=str(contact), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, 60)
            address = client.scheduler.address
        yield address, [process.pid for process in started]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _start(folder: Path, program: str, *arguments: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    with (folder / "cluster.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment)


def cpu_of(processes: list[int]) -> float:
    """CPU seconds of processes and of their children that have ended, and of those that are there."""
    known = {int(path.name): _stat(path) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    wanted, found = set(processes), 0.0
    while more := {pid for pid, (parent, _) in known.items() if parent in wanted} - wanted:
        wanted |= more
    for pid in wanted:
        found += known.get(pid, (0, 0.0))[1]
    return found


def _stat(process: Path) -> tuple[int, float]:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0.0
    return int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def replay(archives: Path, data: Path, workers: int, scheduler: str, processes: list[int], most: int) -> Run:
    """One replay into an empty data directory, by the cluster if there is an address."""
    options = {
        "DATA_DIR": data,
        "SEEDS_DIR": HERE / "seeds",
        "EXTRACTION_WORKERS": workers,
        "CLUSTER_RANGE_BYTES": most,
        "LOG_LEVEL": "ERROR",
        "REPORT": 0,
    }
    given = [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
    if scheduler:
        given += ["-a", "executor=dask", "-a", f"scheduler={scheduler}"]
    before, of_cluster, began = os.times(), cpu_of(processes), time.perf_counter()
    command = [sys.executable, "-m", "scrapy", "crawl", "replay", "-a", f"path={archives}", *given]
    subprocess.run(command, check=True, cwd=HERE)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.perf_counter() - began, cpu, cpu_of(processes) - of_cluster, _digest(data / "corpus"))


def _digest(corpus: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(corpus.rglob("*.txt")):
        found.update(str(path.relative_to(corpus)).encode() + path.read_bytes())
    return found.hexdigest()[:16]


def main() -> None:
    """Compare both ways, the other one first in every second round."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (
        ("files", 8),
        ("pages", 60),
        ("workers", 2),
        ("rounds", 3),
        ("range", 64 * 1024**2),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    runs: dict[str, list[Run]] = {"local": [], "dask": []}
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = Path(name)
        archives = folder / "archives"
        archives.mkdir()
        write_archives(archives, options.files, options.pages)
        with cluster(folder, options.workers) as (address, processes):
            for number in range(options.rounds):
                for way in ("local", "dask") if number % 2 == 0 else ("dask", "local"):
                    where, its = (address, processes) if way == "dask" else ("", [])
                    data = folder / f"{way}-{number}"
                    runs[way].append(replay(archives, data, options.workers, where, its, options.range))
        size = sum(path.stat().st_size for path in archives.iterdir())
    pages = options.files * options.pages
    print(f"{datetime.now(UTC):%Y-%m-%d}: {pages} pages in {options.files} files, {size / 1e6:.1f} MB")
    for way, its_runs in runs.items():
        wall = statistics.median(run.wall_s for run in its_runs)
        cpu = statistics.median(run.cpu_s for run in its_runs)
        more = statistics.median(run.cluster_cpu_s for run in its_runs)
        print(
            f"{way:6} {wall:7.2f} s wall  {cpu:7.2f} s CPU  {more:7.2f} s CPU of the cluster"
            f"  {pages / wall:6.1f} pages/s"
        )
    print(
        "same seed files" if len({run.corpus for each in runs.values() for run in each}) == 1 else "DIFFERENT"
    )


if __name__ == "__main__":
    main()
