"""Times a crawl and a replay beside what a capable person writes in an afternoon, interleaved.

    python -m bench.speed RIVALS [--warc PAGES.warc.gz] [--pages 400] [--rounds 3] [--only crawl|replay]

RIVALS is a folder with `naive.py` (Scrapy with inline trafilatura and warcio) and `bare.py` (trafilatura over the
records of a WARC). Pages come from a WARC, or are invented (200 to 300 KB each). Both crawlers fetch the same pages
from 16 hosts on loopback, without a delay. Prints the median of each figure over the rounds, and the ratio: CPU seconds
of the whole process tree, wall seconds, the peak of its memory (shared pages counted in part), pages and texts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.page_server import served
from bench.pages import invented_pages, read_pages
from bench.process_tree import watched


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    texts: int


Runner = Callable[[Path], Run]
"""Runs in an empty folder."""


HERE = Path(__file__).parent.parent
"""The checkout that is measured."""


def timed(command: Sequence[str], folder: Path, texts: str, checkout: Path = HERE) -> Run:
    """Run a command in a folder, its output in `log`; `texts` is the pattern of the files that it writes."""
    with (folder / "log").open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=_environment(checkout))
        with watched(process.pid, 0.2) as peaks:
            _, status, use = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: see {folder / 'log'}")
    return Run(
        cpu_s=use.ru_utime + use.ru_stime,
        wall_s=time.perf_counter() - began,
        peak_mb=peaks.highest.pss,
        texts=sum(1 for _ in folder.glob(texts)),
    )


def _environment(checkout: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
    }


def frontwire(arguments: Sequence[str], folder: Path, checkout: Path = HERE, **settings: object) -> Run:
    """A command of the product, with its data in the folder."""
    given = {
        "DATA_DIR": folder / "data",
        "SEEDS_DIR": checkout / "seeds",
        "ADDRESS_GUARD_ALLOW": "127.0.0.0/8",
        "DOWNLOAD_DELAY": 0,
        # Some real pages name a canonical page on a host that is not here: the waits before it is tried again, which
        # in a crawl pass beside other work, would be half of the time of this one.
        "RETRY_DELAY_S": 1,
        "OPERATOR": "bench",
        **settings,
    }
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "crawler", *arguments, *options]
    return timed(command, folder, "data/corpus/*/*.txt", checkout)


def crawlers(rivals: Path, feeds: Path, mode: str) -> dict[str, Runner]:
    """The product and the naive crawler."""
    naive = [sys.executable, str(rivals / "naive.py"), str(feeds)]
    return {
        "frontwire": lambda folder: frontwire(
            ["crawl", "news", "-a", f"sources={feeds}"], folder, RELEVANCE_MODE=mode
        ),
        "naive": lambda folder: timed(naive, folder, "corpus/*.txt"),
    }


def replays(rivals: Path, archive: Path, warc: Path, mode: str) -> dict[str, Runner]:
    """The product, and one bare process of trafilatura."""
    bare = [sys.executable, str(rivals / "bare.py"), str(warc), "out"]
    return {
        "frontwire": lambda folder: frontwire(
            ["crawl", "replay", "-a", f"path={archive}"], folder, RELEVANCE_MODE=mode
        ),
        "bare": lambda folder: timed(bare, folder, "out/*.txt"),
    }


def compare(name: str, runners: dict[str, Runner], rounds: int, keep: Path) -> tuple[Run, Run]:
    """Run each in turn, the other one first in every second round, print the medians, and return them."""
    runs: dict[str, list[Run]] = {each: [] for each in runners}
    for number in range(rounds):
        order = list(runners) if number % 2 == 0 else list(reversed(runners))
        for each in order:
            folder = keep / f"{name}-{each}-{number}"
            folder.mkdir()
            runs[each].append(runners[each](folder))
    ours, theirs = (_median(each) for each in runs.values())
    for each, run in zip(runners, (ours, theirs), strict=True):
        print(
            f"{name:7} {each:10} {run.cpu_s:7.2f} s CPU {run.wall_s:7.2f} s wall"
            f" {run.peak_mb:6.0f} MB {run.texts:5} texts",
            flush=True,
        )
    print(
        f"{name:7} ratio      {ours.cpu_s / theirs.cpu_s:7.2f}       {ours.wall_s / theirs.wall_s:7.2f}       "
        f"{ours.peak_mb / theirs.peak_mb:7.2f}",
        flush=True,
    )
    return ours, theirs


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        cpu_s=statistics.median(each.cpu_s for each in runs),
        wall_s=statistics.median(each.wall_s for each in runs),
        peak_mb=statistics.median(each.peak_mb for each in runs),
        texts=round(statistics.median(each.texts for each in runs)),
    )


def main() -> None:
    """Compare crawls, then replays of the archive that the first crawl made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rivals", type=lambda name: Path(name).resolve())
    parser.add_argument("--warc", type=Path, help="its HTML answers are the pages")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mode", default="conflict", help="RELEVANCE_MODE")
    parser.add_argument("--only", choices=("crawl", "replay"))
    options = parser.parse_args()
    pages = list(read_pages(options.warc) if options.warc else invented_pages(options.pages))[: options.pages]
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = Path(name)
        with served(pages, folder) as feeds:
            print(
                f"{len(pages)} pages, {sum(len(each.body) for each in pages) / len(pages) / 1000:.0f} KB each"
            )
            rounds = options.rounds if options.only != "replay" else 1
            compare("crawl", crawlers(options.rivals, feeds, options.mode), rounds, folder)
        if options.only != "crawl":
            archive = folder / "crawl-frontwire-0" / "data"
            warc = folder / "crawl-naive-0" / "pages.warc.gz"
            compare("replay", replays(options.rivals, archive, warc, options.mode), options.rounds, folder)


if __name__ == "__main__":
    main()
