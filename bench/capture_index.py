"""Measures an index of millions of records as Parquet: its size, what making it costs, and questions to it.

    python -m bench.capture_index FOLDER [--records 10000000] [--hosts 20000]

The lines are invented: hosts with one to some thousand pages each, five years, five types. Each command runs in a
process of its own, whose start is measured too; memory is the most that all its processes had together.
"""

import argparse
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.process_tree import watched
from bench.soak import SYLLABLES

_TYPES = ("text/html",) * 16 + ("application/rss+xml", "image/jpeg", "warc/revisit", "application/pdf")
_FAILURES = (301, 404, 500)
_FIRST_S, _DAYS = 1_514_764_800, 1_826
_STAMPS = [time.strftime("%Y%m%d120000", time.gmtime(_FIRST_S + day * 86_400)) for day in range(_DAYS)]
_QUESTIONS = {
    "a host": ("--host", "www.{}.example"),
    "a domain": ("--domain", "{}.example"),
    "an address": ("--url", "https://www.{}.example/00001*"),
    "a host in a month": ("--host", "{}.example", "--since", "2020-06", "--until", "2020-06"),
    "a month": ("--since", "2020-06", "--until", "2020-06", "--count"),
    "a type in a week": ("--mime", "application/pdf", "--since", "2020-06-01", "--until", "2020-06-07"),
    "a type": ("--mime", "application/pdf", "--count"),
    "failures, the first 1000": ("--status", "404,500", "--limit", "1000"),
    "everything, counted": ("--count",),
    "a tenth, written out": ("--mime", "image/jpeg,application/rss+xml"),
}


def lines(records: int, hosts: int) -> Iterator[str]:
    """Sorted lines of an index."""
    names = _names(hosts)
    draw, left = random.Random(1), records
    for place, name in enumerate(names):
        pages = left // (len(names) - place) if place == len(names) - 1 else 0
        pages = pages or min(left, int(draw.random() * 2 * left / (len(names) - place)))
        for number in range(pages):
            yield _line(name, number, draw)
        left -= pages


def _names(hosts: int) -> list[str]:
    return sorted({_word(random.Random(number)) for number in range(hosts)})


def _line(name: str, number: int, draw: random.Random) -> str:
    drawn = draw.randbytes(26)  # one call for all of it: there are ten millions
    stamp, path = _STAMPS[number * 37 % len(_STAMPS)], f"{number:06}-{drawn[20:25].hex()}.html"
    status = 200 if drawn[25] < 243 else _FAILURES[drawn[25] % 3]
    return (
        f'example,{name})/{path} {stamp} {{"url": "https://www.{name}.example/{path}", '
        f'"mime": "{_TYPES[drawn[24] % len(_TYPES)]}", "status": "{status}", "digest": "sha1:{drawn[:20].hex()}", '
        f'"length": "{900 + 300 * drawn[0] + drawn[1]}", "offset": "{int.from_bytes(drawn[2:6])}", '
        f'"filename": "FRONTWIRE-{stamp[:6]}-{drawn[6] % 9:05}.warc.gz"}}\n'
    )


def _word(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=4))


def command(name: str, *arguments: str, output: Path) -> None:
    """Run `scrapy index`, and print what it took."""
    began = time.monotonic()
    with output.open("wb") as out:
        running = subprocess.Popen([sys.executable, "-m", "scrapy", "index", *arguments], stdout=out)
        with watched(running.pid) as peaks:
            running.wait()
    found = sum(1 for _ in output.open("rb"))
    took = time.monotonic() - began
    print(
        f"{name:26} {took:6.1f} s  {peaks.highest.pss:5.0f} MB  {found} lines, exit code {running.returncode}",
        flush=True,
    )


def main() -> None:
    """Make lines, the table, and ask."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--hosts", type=int, default=20_000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    index, table, found = (options.folder / name for name in ("index.cdxj", "index.parquet", "found.jsonl"))
    if not index.exists():
        with index.with_suffix(".part").open("w", encoding="ascii") as out:
            out.writelines(lines(options.records, options.hosts))
        index.with_suffix(".part").rename(index)
    if not table.exists():
        command("export", "export", str(index), "--output", str(table), output=found)
    sizes = [file.stat().st_size / 1e6 for file in (index, table)]
    print(f"{options.records} records: {sizes[0]:.0f} MB of CDXJ, {sizes[1]:.0f} MB of Parquet")
    host = _names(options.hosts)[options.hosts // 3]
    for name, question in _QUESTIONS.items():
        command(name, "query", str(table), *(part.format(host) for part in question), output=found)


if __name__ == "__main__":
    main()
