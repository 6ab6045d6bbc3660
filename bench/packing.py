"""Measures memory and time of packing a WACZ: `python -m bench.packing [--megabytes 1000] [--lines 1000000]`.

The WARC files contain random bytes, because packing only copies and hashes them. It runs in its own process; its peak
memory includes the interpreter, libraries and the catalogue's pages.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_or_make_key
from archive.index import index_files
from archive.packaging.wacz import Description, Page, pack
from archive.warc.closed_file import ClosedWarc

_WARC_BYTES = 10**8
_PIECE_BYTES = 10**6


def make_collection(folder: Path, key: Path, megabytes: int, lines: int) -> None:
    """Write WARC files, their manifest and an index."""
    (folder / "archive").mkdir(parents=True)
    manifest = Manifest(folder, key)
    manifest.make_key()
    for number in range(max(1, megabytes * 10**6 // _WARC_BYTES)):
        path = folder / "archive" / f"bench-20210128090000000-{number:05}-00000000.warc.gz"
        with path.open("wb") as file:
            for _ in range(_WARC_BYTES // _PIECE_BYTES):
                file.write(os.urandom(_PIECE_BYTES))
        manifest.add(ClosedWarc(path.name, path.stat().st_size, sha256_of(path), 0, "", ""))
    (folder / "indexes").mkdir()
    for tier, name in enumerate((index_files.INDEX_NAME, "index-1.cdxj", "index-2.cdxj")):
        with (folder / "indexes" / name).open("wb") as file:
            file.writelines(make_line(number) for number in range(tier, lines, 3))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, by `sha256sum`."""
    return subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


def make_line(number: int) -> bytes:
    """An index line of the usual length; lines are ordered by their numbers."""
    url = f"http://news.example/2021/01/{number:09}-a-headline-of-some-length.html"
    fields = f'"mime": "text/html", "status": "200", "digest": "sha1:{number:032}", "length": "7126"'
    place = f'"offset": "{number * 90}", "filename": "bench-20210128090000000-00000-00000000.warc.gz"'
    return f'example,news)/{number:09} 20210128090000 {{"url": "{url}", {fields}, {place}}}\n'.encode()


def make_pages(count: int) -> Iterator[Page]:
    """Articles of 5,000 letters."""
    noise = "".join(random.Random(1).choices("aeioulmnrstvdpc ", k=5000 + count))
    for number in range(count):
        text = noise[number : number + 5000]
        yield Page(f"http://news.example/{number}", "2021-01-28T09:00:00.000000Z", "A headline", text)


def measure(folder: Path, key: Path, pages: int) -> None:
    """Pack in this process and print the figures."""
    began = time.perf_counter()
    packed = pack(
        folder, folder / "bench.wacz", make_pages(pages), Description("", "", "bench"), read_or_make_key(key)
    )
    wall = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1024 if sys.platform == "linux" else 1)
    print(f"{packed.bytes / 1e6:.0f} MB in {wall:.1f} s; peak memory {peak / 1e6:.0f} MB (limit: 150 MB)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--measure", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        folder, key = arguments.measure
        measure(folder, key, arguments.pages)
        return
    with tempfile.TemporaryDirectory() as name:
        folder, key = Path(name) / "news", Path(name) / "key.pem"
        make_collection(folder, key, arguments.megabytes, arguments.lines)
        command = [sys.executable, "-m", "bench.packing", "--pages", str(arguments.pages)]
        subprocess.run([*command, "--measure", folder, key], check=True)


if __name__ == "__main__":
    main()
