"""Measures the replay of a whole archive in pages per second: `python -m bench.replay ARCHIVE [WORKERS …]`.

Compare the lines of one run only: the load of the machine affects all of them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def replay(archive: Path, workers: int) -> tuple[float, float]:
    """Wall and CPU seconds of one replay into an empty data directory."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "DATA_DIR": folder,
            "EXTRACTION_WORKERS": workers,
            "LOG_LEVEL": "ERROR",
            "RELEVANCE_MODE": "off",
        }
        given = [part for name, value in options.items() for part in ("-s", f"{name}={value}")]
        before, began = os.times(), time.perf_counter()
        command = [sys.executable, "-m", "scrapy", "crawl", "replay", "-a", f"path={archive}", *given]
        subprocess.run(command, check=True)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return time.perf_counter() - began, cpu


def main(archive: Path, counts: list[int]) -> None:
    for workers in counts:
        wall, cpu = replay(archive, workers)
        print(
            f"{workers} workers: {wall:.1f} s wall, {cpu:.1f} s CPU of the reactor's process and its children"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(count) for count in sys.argv[2:]] or [1, 2])
