"""What a report and an export of very many articles cost: seconds, and the most memory that the command took.

.venv/bin/python -m bench.report [--articles 1000000] [--folder FOLDER]
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.large_catalogue import make_catalogue
from crawler.own_process import scrapy_command

COMMANDS = (
    ("report of the last run", ["report", "--out", "run.html"]),
    ("report of all runs", ["report", "--since", "2026-01-01", "--out", "all.html"]),
    ("export jsonl", ["export", "--output", "all.jsonl"]),
    ("export csv for Excel", ["export", "--for-excel", "--output", "all.csv"]),
    ("export parquet with text", ["export", "--format", "parquet", "--text", "--output", "all.parquet"]),
    ("export atom", ["export", "--format", "atom", "--output", "feed.xml"]),
)


_PROGRAM = """\
import resource, subprocess
subprocess.run({!r}, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(arguments: list[str], data: Path, folder: Path) -> tuple[float, float, int]:
    """Seconds, MB of memory at the most, and bytes written by one command."""
    command = scrapy_command(*arguments, "-s", f"DATA_DIR={data}")
    began = time.monotonic()
    # In a process of its own: of all children together the system keeps the largest only.
    program = _PROGRAM.format(command)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True
    )
    seconds = time.monotonic() - began
    written = (folder / arguments[-1]).stat().st_size
    return seconds, int(ran.stdout.split()[-1]) * 1024 / 1e6, written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where the catalogue is, or is made (default: a temporary one)"
    )
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        data = given.folder or Path(temporary) / "data"
        if not (data / "catalogue.sqlite").exists():
            began = time.monotonic()
            make_catalogue(data, given.articles)
            print(f"{given.articles:,} articles made in {time.monotonic() - began:.0f} s", flush=True)
        size = (data / "catalogue.sqlite").stat().st_size
        print(f"catalogue of {size / 1e9:.1f} GB")
        for name, arguments in COMMANDS:
            seconds, megabytes, written = measure(list(arguments), data, Path(temporary))
            print(
                f"{name:28} {seconds:7.1f} s {megabytes:7.0f} MB {written / 1e6:9.1f} MB written", flush=True
            )


if __name__ == "__main__":
    main()
