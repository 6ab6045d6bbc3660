"""Measures a long crawl as it goes on: pages per second, memory by process, open files, sockets and threads.

    python -m bench.soak [--articles 20000] [--hosts 8] [--table soak.tsv]

The sites are invented and on loopback; every second article is related to the seed, and all texts differ. The figures
of the last lines should stay level. A table of them, for a curve, is written with `--table`.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.process_tree import Tree

EVERY_S = 20.0
SECTIONS = 10
COLUMNS = "s\tpages\tpages/s\tMB\tMB by process\tfiles\tsockets\tthreads"
SYLLABLES = (
    "ka",
    "vel",
    "mir",
    "tan",
    "gol",
    "zen",
    "du",
    "ro",
    "bel",
    "sor",
    "ni",
    "pal",
    "ter",
    "os",
    "lin",
)
_WAR = (
    "Russian air strikes hit {} in northern Syria, killing {} civilians, the rescuers of {} said.",
    "The Syrian army shelled rebel villages near {} while {} fighters of Islamic State left {}.",
    "Jets dropped cluster bombs on {}; {} people were wounded and the hospital of {} was destroyed.",
)
_PEACE = (
    "The council of {} gave {} million for the market hall and the pool of {} on Monday.",
    "Bakers of {} have {} weeks to clear their stalls, the harbour office of {} wrote.",
    "A choir from {} sang {} songs at the opening of the library in {} on Sunday.",
)


def _page(number: int) -> bytes:
    draw = random.Random(number)
    words = ["".join(draw.choices(SYLLABLES, k=3)).capitalize() for _ in range(300)]
    sentences = _WAR if number // SECTIONS % 2 else _PEACE
    paragraphs = [
        " ".join(
            f"{draw.choice(sentences).format(*draw.choices(words, k=1), draw.randrange(2, 99), draw.choice(words))}"
            f" {' '.join(draw.choices(words, k=12)).lower().capitalize()}."
            for _ in range(3)
        )
        for _ in range(8)
    ]
    day = f"2021-{number % 12 + 1:02}-{number % 28 + 1:02}"
    menu = "".join(f'<li><a href="/section/{word}">{word}</a></li>' for word in words[:60])
    return (
        f"<!doctype html><html lang=en><head><title>{words[0]} {words[1]}</title>"
        f'<meta property="article:published_time" content="{day}T10:00:00+00:00"></head>'
        f"<body><nav><ul>{menu}</ul></nav><article><h1>{words[0]} and {words[1]}</h1>"
        f"{''.join(f'<p>{each}</p>' for each in paragraphs)}</article></body></html>"
    ).encode()


class Site(ThreadingHTTPServer):
    """A site with its articles in ten feeds."""

    daemon_threads = True

    def __init__(self, first: int, articles: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.numbers = range(first, first + articles)
        self.asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def feed(self, section: int) -> bytes:
        numbers = self.numbers[section::SECTIONS]
        items = "".join(f"<item><title>Story {each}</title><link>/a/{each}</link></item>" for each in numbers)
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        _, kind, *rest = self.path.split("/")
        body, media = b"", "text/plain"
        if kind == "a":
            self.server.asked += 1
            body, media = _page(int(rest[0])), "text/html; charset=utf-8"
        elif kind == "feed":
            body, media = self.server.feed(int(rest[0])), "application/rss+xml"
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def sites(hosts: int, articles: int) -> Iterator[list[Site]]:
    """This number of sites, with this number of articles together."""
    each = articles // hosts
    servers = [Site(host * each, each) for host in range(hosts)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


def start_crawl(folder: Path, servers: list[Site]) -> subprocess.Popen[bytes]:
    """A crawl of the sites in its own process."""
    sources = folder / "sources.txt"
    sources.write_text(
        "\n".join(f"{server.url}/feed/{section}" for server in servers for section in range(SECTIONS))
    )
    settings = {
        "DATA_DIR": folder / "data",
        "ADDRESS_GUARD_ALLOW": "127.0.0.1",
        "DOWNLOAD_DELAY": 0,
        "OPERATOR": "bench",
        "LOG_LEVEL": "ERROR",
    }
    options = [option for name, value in settings.items() for option in ("-s", f"{name}={value}")]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"sources={sources}", *options]
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=8)
    parser.add_argument("--table", type=Path, help="file to which the rows are added")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="frontwire-bench-") as name,
        sites(options.hosts, options.articles) as servers,
    ):
        folder = Path(name)
        crawl = start_crawl(folder, servers)
        print_row(COLUMNS, options.table)
        began, before = time.monotonic(), 0
        while crawl.poll() is None:
            time.sleep(EVERY_S)
            asked = sum(server.asked for server in servers)
            row = row_of(crawl.pid, time.monotonic() - began, asked, (asked - before) / EVERY_S)
            print_row(row, options.table)
            before = asked
        files = sum(1 for _ in (folder / "data" / "corpus").glob("2021-*/*.txt"))
        print(
            f"exit code {crawl.returncode}, {files} articles in the corpus, {time.monotonic() - began:.0f} s"
        )


def print_row(row: str, table: Path | None) -> None:
    print(row, flush=True)
    if table is not None:
        with table.open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")


def row_of(pid: int, after_s: float, pages: int, pages_per_s: float) -> str:
    """A row of the table."""
    tree = Tree.of(pid)
    memory = [f"{use.pss:.0f}" for use in tree.uses.values()]
    figures = (f"{after_s:.0f}", pages, f"{pages_per_s:.1f}", f"{tree.pss:.0f}", " + ".join(memory))
    return "\t".join(map(str, (*figures, tree.files, tree.sockets, tree.threads)))


if __name__ == "__main__":
    main()
