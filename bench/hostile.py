"""Crawls the hostile wing: sites on loopback with every kind of bomb, and measures what the crawl takes of the machine.

    python -m bench.hostile [--bar 400] [--keep FOLDER]

Memory is that of the whole tree of processes, shared pages counted once (PSS). The exit code is 1 if its peak is above
the bar, if a URL has another fate than it should, or if the run's numbers do not add up.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.process_tree import Peaks, watched
from tests.support.hostile_wing.bombs import GROUPS, UNKNOWN, all_bombs
from tests.support.hostile_wing.hosts import Host, open_hosts

SETTINGS = {
    "ADDRESS_GUARD_ALLOW": "127.0.0.0/8",
    "ARCHIVE_REQUISITES": "images",
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 30,
    "FRONTIER_PATIENCE_S": 5,
    "RETRY_TIMES": 0,
    "LOG_LEVEL": "INFO",
    "OPERATOR": "bench",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bar", type=float, default=400, help="MB that the tree may take")
    parser.add_argument("--keep", type=Path, help="folder for data and log, which are kept")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="kinds of bombs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name:
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        with open_hosts(all_bombs(options.only), folder / "sources.toml") as hosts:
            code, peaks = crawl(folder)
            wrong = report_fates(folder / "data", hosts)
    print(f"exit code {code}; peak {peaks.highest}")
    print(
        f"most: {peaks.processes} processes, {peaks.files} files, {peaks.sockets} sockets, {peaks.threads} threads"
    )
    sys.exit(peaks.highest.pss > options.bar or bool(wrong) or code != 0)


def crawl(folder: Path) -> tuple[int, Peaks]:
    """The exit code of a crawl, and the most that its processes took."""
    settings = SETTINGS | {"DATA_DIR": folder / "data", "LOG_FILE": folder / "log"}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "news",
        "-a",
        f"sources={folder / 'sources.toml'}",
        *options,
    ]
    began = time.monotonic()
    with subprocess.Popen(command) as process, watched(process.pid) as peaks:
        code = process.wait()
    print(f"{time.monotonic() - began:.0f} s")
    return code, peaks


def report_fates(data: Path, hosts: Sequence[Host]) -> list[str]:
    """Print the fate of each trap; those that ended wrongly."""
    found = read_fates(data)
    wrong = []
    for host in hosts:
        for url, right in host.fates.items():
            fate, reason = found.get(url, (UNKNOWN, ""))
            mark = " " if fate in right or not right else "!"
            wrong += [url] if mark == "!" else []
            print(f"{mark} {fate:18} {url} {reason[:90]}")
    return wrong


def read_fates(data: Path) -> Mapping[str, tuple[str, str]]:
    """URL -> fate and reason; of pending ones the state."""
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        rows = catalogue.execute(
            "select url, case state when 'done' then url.fate else state end, reason"
            " from url left join visit on visit.url_id = url.id"
        )
        return {url: (fate, reason or "") for url, fate, reason in rows}


if __name__ == "__main__":
    main()
