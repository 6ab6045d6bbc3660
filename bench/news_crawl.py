"""Replays a file as the news crawl of Common Crawl has them, and watches memory and pages per second.

    python -m bench.news_crawl FOLDER [--megabytes 1000] [--pages PAGES.warc.gz] … [--table rows.tsv] [-s NAME=VALUE] …

The file is made in FOLDER once: response records only, a gzip member each, of thousands of invented hosts. Half of the
bodies are the pages of the given files (of their own language, with a paragraph that makes each another page), the
others invented ones of 50 to 300 KB in nine languages, of which one in twenty is about war. -s is given to the replay:
`-s REPLAY_PREFILTER=1`.
"""

import argparse
import gzip
import random
import sqlite3
import subprocess
import sys
import time
import uuid
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from hashlib import sha1
from itertools import count
from pathlib import Path

from bench.extraction import read_pages
from bench.process_tree import Peaks, Tree
from bench.soak import SYLLABLES

HOSTS = 5_000
EVERY_S = 20.0
COLUMNS = "s\tpages\tpages/s\tMB\tMB by process"
_FURNITURE = 200
_WAR_SHARE = 0.05
_TEXTS = {
    "en": (
        "Air strikes hit {} and killed {} civilians, rescuers said.",
        "The choir of {} sang {} songs at the fair.",
    ),
    "fr": (
        "Des frappes aériennes ont tué {1} civils à {0}.",
        "La chorale de {} a chanté {} chansons à la foire.",
    ),
    "de": (
        "Bei Luftangriffen auf {} starben {} Zivilisten.",
        "Der Chor von {} sang {} Lieder auf dem Markt.",
    ),
    "es": ("Bombardeos en {} mataron a {} civiles.", "El coro de {} cantó {} canciones en la feria."),
    "ru": (
        "При авиаударах по городу {} погибли {} мирных жителей.",
        "Хор города {} спел {} песен на ярмарке.",
    ),
    "ar": ("قتل {1} مدنيا في غارات جوية على {0}.", "غنت جوقة {} في المعرض {} أغنية."),
    "tr": ("{} kentine hava saldırısında {} sivil öldürüldü.", "{} korosu panayırda {} şarkı söyledi."),
    "pt": ("Ataques aéreos em {} mataram {} civis.", "O coro de {} cantou {} canções na feira."),
    "zh": ("空袭击中{}，{}名平民丧生。", "{}合唱团在集市上唱了{}首歌。"),
}


def make_file(path: Path, size: int, pages: Sequence[Path]) -> int:
    """Write a file of so many bytes; the number of its pages."""
    part, draw = path.with_suffix(".part"), random.Random(1)
    furniture = [_furniture(draw) for _ in range(_FURNITURE)]
    real = [raw.body for file in pages for raw in read_pages(file)]
    with part.open("wb") as out:
        for number in count():
            if out.tell() >= size:
                break
            is_real = real and number % 2
            body = _changed(real[number // 2 % len(real)], draw) if is_real else _invented(furniture, draw)
            out.write(gzip.compress(_record(number, body, draw), 6, mtime=0))
    part.rename(path)
    return number


def _record(number: int, body: bytes, draw: random.Random) -> bytes:
    """A response record as the news crawl writes it."""
    host = f"www.{_word(random.Random(draw.randrange(HOSTS)), 4)}.example"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Crawler-Content-Encoding: gzip\r\n"
    block = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    fields = (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.UUID(int=draw.getrandbits(128), version=4)}>"),
        ("WARC-Date", f"2021-01-{1 + number // 1000 % 28:02}T{number % 24:02}:00:00Z"),
        ("WARC-Target-URI", f"https://{host}/{number}/{_word(draw)}-{_word(draw)}.html"),
        ("WARC-IP-Address", "192.0.2.1"),
        ("WARC-Payload-Digest", f"sha1:{b32encode(sha1(body).digest()).decode()}"),
        ("WARC-Identified-Payload-Type", "text/html"),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", str(len(block))),
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _changed(body: bytes, draw: random.Random) -> bytes:
    """A page with a paragraph that no other has, and so another text."""
    more = f"<p>{' '.join(_word(draw) for _ in range(60))}.</p></body>".encode()
    return body.replace(b"</body>", more, 1) if b"</body>" in body else body + more


def _invented(furniture: Sequence[str], draw: random.Random) -> bytes:
    language = draw.choice(sorted(_TEXTS))
    sentence = _TEXTS[language][draw.random() >= _WAR_SHARE]
    paragraphs = [
        " ".join(
            sentence.format(_word(draw).title(), draw.randrange(2, 99)) for _ in range(draw.randrange(3, 8))
        )
        for _ in range(draw.randrange(5, 20))
    ]
    title, day = paragraphs[0].partition(".")[0], f"2021-01-{draw.randrange(1, 29):02}"
    return (
        f"<!doctype html><html lang={language}><head><title>{title}</title><meta charset=utf-8>"
        f'<meta property="article:published_time" content="{day}T10:00:00Z"></head><body>'
        f"{draw.choice(furniture)}<article><h1>{title}</h1>{''.join(f'<p>{each}</p>' for each in paragraphs)}"
        f"</article></body></html>"
    ).encode()


def _furniture(draw: random.Random) -> str:
    """Scripts, styles and menus of 50 to 300 KB."""
    links = "".join(f'<li><a href="/{_word(draw)}">{_word(draw).title()}</a></li>' for _ in range(300))
    code = ";".join(f"{_word(draw)}={draw.randrange(10**6)}" for _ in range(draw.randrange(2_000, 15_000)))
    return f"<script>{code}</script><nav><ul>{links}</ul></nav>"


def _word(draw: random.Random, syllables: int = 3) -> str:
    return "".join(draw.choices(SYLLABLES, k=syllables))


def replay(path: Path, data: Path, settings: Sequence[str], table: Path | None) -> None:
    """Replay it in a process of its own, with a row for every EVERY_S seconds."""
    given = [f"DATA_DIR={data}", "OPERATOR=bench", "LOG_LEVEL=ERROR", "LIVE_VIEW=0", *settings]
    options = [part for each in given for part in ("-s", each)]
    running = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "replay", "-a", f"path={path}", *options]
    )
    began, peaks = time.monotonic(), Peaks()
    _print(COLUMNS, table)
    for row in _rows(running, data, peaks):
        _print(row, table)
    ended = sum(fates_in(data).values())
    took = time.monotonic() - began
    print(f"exit code {running.returncode}: {ended} pages in {took:.0f} s, {ended / took:.1f} a second")
    print(f"most memory {peaks.highest}")
    print(", ".join(f"{fate} {pages}" for fate, pages in fates_in(data).most_common()))


def _rows(running: subprocess.Popen[bytes], data: Path, peaks: Peaks) -> Iterator[str]:
    began, before, shown = time.monotonic(), 0, 0.0
    while running.poll() is None:
        time.sleep(0.5)
        tree, after = Tree.of(running.pid), time.monotonic() - began
        peaks.note(tree)
        if after - shown >= EVERY_S and tree.uses:
            pages = sum(fates_in(data).values())
            memory = " + ".join(f"{use.pss:.0f}" for use in tree.uses.values())
            yield f"{after:.0f}\t{pages}\t{(pages - before) / (after - shown):.1f}\t{tree.pss:.0f}\t{memory}"
            before, shown = pages, after


def fates_in(data: Path) -> Counter[str]:
    """How many pages ended, by fate; none before the catalogue is there."""
    place = f"file:{data / 'catalogue.sqlite'}?mode=ro"
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(place, uri=True, timeout=30)) as catalogue,
    ):
        return Counter(dict(catalogue.execute("select fate, count(*) from visit group by fate")))
    return Counter()


def _print(row: str, table: Path | None) -> None:
    print(row, flush=True)
    if table is not None:
        with table.open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")


def main() -> None:
    """Make the file if it is not there, and replay it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--pages", type=Path, nargs="*", default=[])
    parser.add_argument("--table", type=Path)
    parser.add_argument("-s", action="append", default=[], dest="settings", metavar="NAME=VALUE")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    path = options.folder / f"CC-NEWS-20210128000000-{options.megabytes:05}.warc.gz"
    if not path.exists():
        print(f"{make_file(path, options.megabytes * 10**6, options.pages)} pages in {path}")
    replay(path, options.folder / f"data-{time.time_ns()}", options.settings, options.table)


if __name__ == "__main__":
    main()
