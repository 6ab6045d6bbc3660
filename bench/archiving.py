"""Measures what archiving costs: CPU per page of a crawl with and without it, and compared with warcio's writer.

    python -m bench.archiving [PAGES.warc.gz] [--pages 300]

Without a WARC of real pages it generates pages of similar size (about 265 KB, 48 KB gzipped). Each crawl runs in its
own process against a server on loopback in another; CPU time is that of all its threads from spider_opened to the end.
"""

import argparse
import gzip
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.collection.collection import Collection
from archive.warc.exchange_log import ExchangeLog
from bench.extraction import read_pages
from crawler.extraction import extract
from crawler.http.decoding import decode_content
from crawler.items import Evidence, RawPage

_WORDS = ["".join(random.Random(seed).choices("aeioulmnrstvdpc", k=3 + seed % 9)) for seed in range(6000)]


def make_page(number: int) -> bytes:
    """A page of invented words, as large and as compressible as news pages."""
    chance = random.Random(number)

    def text(words: int) -> str:
        return " ".join(chance.choices(_WORDS, k=words))

    article = "".join(f"<p>{text(60).capitalize()}.</p>" for _ in range(25))
    link = '<li class="teaser teaser--small"><a class="teaser__link" href="/{}">{}</a></li>'
    teasers = "".join(link.format(chance.randrange(10**6), text(6)) for _ in range(450))
    state = {text(2): [chance.randrange(10**9), chance.random() < 0.5, text(1)] for _ in range(1300)}
    script = json.dumps({"articles": state, "tracking": [{"section": "news", "ad": True}] * 4000})
    return (
        f"<html><head><title>{text(8)}</title><script>{script}</script></head>"
        f"<body><ul>{teasers}</ul><article><h1>{text(8)}</h1>{article}</article></body></html>"
    ).encode()


def load_pages(warc: Path | None, count: int) -> list[bytes]:
    """Gzipped pages, as sent by servers."""
    if warc is None:
        return [gzip.compress(make_page(number), 6, mtime=0) for number in range(count)]
    pages = islice(read_pages(warc), count)
    plain = (decode_content(page.body, page.headers.get("content-encoding", "")) for page in pages)
    return [gzip.compress(page, 6, mtime=0) for page in plain]


def run_server(pages: list[bytes], ready: Connection) -> None:
    """Report the port and serve the pages as /0, /1, … until the process is ended."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = pages[int(self.path[1:])]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_port)
    server.serve_forever()


@contextmanager
def serve(pages: list[bytes]) -> Iterator[str]:
    """Run the server in its own process; gives the URL that page numbers are appended to."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=run_server, args=(pages, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/"
    finally:
        process.terminate()
        process.join()


class Reader(Spider):
    """Fetches all pages and does nothing with them."""

    name = "reader"

    def __init__(self, base: str, count: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.base, self.count = base, count

    async def start(self) -> AsyncIterator[Request]:
        for number in range(self.count):
            meta = {"archive_metadata": {"kind": "article", "how": "feed", "via": f"{self.base}feed"}}
            yield Request(f"{self.base}{number}", meta=meta)

    def parse(self, response: object) -> None:
        pass


def crawl(base: str, count: int, folder: str) -> None:
    """Crawl in this process, archiving into a folder if one is given, and print the CPU seconds."""
    archiving = {
        "ADDONS": {"archive.addon.ArchiveAddon": 1},
        "DATA_DIR": folder,
        "STORE_URL": "",
        "ARCHIVE_DIGESTS": "crawler.catalogue.archive_digests.StoredDigests",
    }
    settings = {
        "COMPRESSION_ENABLED": False, "DOWNLOAD_DELAY": 0, "CONCURRENT_ITEMS": 4, "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False, "HTTPPROXY_ENABLED": False, "COOKIES_ENABLED": False,
    }  # fmt: skip
    process = AsyncCrawlerProcess(settings | (archiving if folder else {}))
    crawler = process.create_crawler(Reader)
    began: list[float] = []
    crawler.signals.connect(lambda: began.append(time.process_time()), signals.spider_opened, weak=False)
    process.crawl(crawler, base=base, count=count)
    process.start()
    print(time.process_time() - began[0])


def measure_crawl(base: str, count: int, folder: str = "") -> float:
    """CPU milliseconds per page of a crawl in its own process."""
    command = [sys.executable, "-m", "bench.archiving", "--crawl", base, str(count), folder]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return 1000 * float(ran.stdout) / count


def measure_extraction(pages: list[bytes]) -> float:
    """CPU milliseconds per page of extraction."""
    headers = {"content-type": "text/html; charset=utf-8", "content-encoding": "gzip"}
    sample = pages[:40]
    extract(RawPage("http://news.example/", pages[0], headers, datetime.now(UTC), Evidence()))
    began = time.process_time()
    for number, page in enumerate(sample):
        extract(RawPage(f"http://news.example/{number}", page, headers, datetime.now(UTC), Evidence()))
    return 1000 * (time.process_time() - began) / len(sample)


def measure_writers(pages: list[bytes], folder: Path) -> tuple[float, float]:
    """CPU milliseconds per exchange of our writer and of warcio's, each writing the same three records."""
    collection = Collection(folder, "bench", {"software": "bench"}, 10**9)
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n"
    )
    logs = []
    for number, page in enumerate(pages):
        log = ExchangeLog(f"http://news.example/{number}", "GET")
        log.sent += b"GET / HTTP/1.1\r\nHost: news.example\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
        log.received += head.format(len(page)).encode() + page
        logs.append(log)
    began = time.process_time()
    for log in logs:
        collection.write(log, {"kind": "article", "how": "feed"})
    ours = time.process_time() - began
    collection.finish_file()
    with (folder / "warcio.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        began = time.process_time()
        for log in logs:
            write_with_warcio(writer, log)
        theirs = time.process_time() - began
    return 1000 * ours / len(pages), 1000 * theirs / len(pages)


def write_with_warcio(writer: WARCWriter, log: ExchangeLog) -> None:
    """Write an exchange as shown in warcio's documentation."""
    raw_head, _, body = bytes(log.received).partition(b"\r\n\r\n")
    first, *lines = raw_head.decode("latin-1").split("\r\n")
    fields = [tuple(line.split(": ", 1)) for line in lines]
    answer = StatusAndHeaders(first.partition(" ")[2], fields, protocol="HTTP/1.1")
    response = writer.create_warc_record(log.url, "response", payload=BytesIO(body), http_headers=answer)
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
    request = writer.create_warc_record(log.url, "request", http_headers=asked)
    writer.write_request_response_pair(request, response)
    notes = BytesIO(b"kind: article\r\nhow: feed\r\n")
    writer.write_record(
        writer.create_warc_record(log.url, "metadata", notes, warc_content_type="application/warc-fields")
    )


def archive_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.warc.gz"))


def run(warc: Path | None, count: int) -> None:
    """Measure everything and print it."""
    pages = load_pages(warc, count)
    count, size = len(pages), sum(map(len, pages)) // len(pages)
    with tempfile.TemporaryDirectory() as name, serve(pages) as base:
        folder = Path(name)
        plain = measure_crawl(base, count)
        archived = measure_crawl(base, count, str(folder / "data"))
        first = archive_bytes(folder)
        again = measure_crawl(base, count, str(folder / "data"))
        growth = (archive_bytes(folder) - first) / first
        ours, theirs = measure_writers(pages, folder / "writers")
    extraction = measure_extraction(pages)
    share = (archived - plain) / (archived + extraction)
    print(f"{count} pages of {size / 1024:.0f} KB gzipped; CPU per page:")
    print(f"crawl without archive {plain:.2f} ms, with {archived:.2f} ms, unchanged again {again:.2f} ms")
    print(f"extraction {extraction:.1f} ms; archiving is {share:.1%} of a whole page")
    print(f"writer alone {ours:.2f} ms, warcio's {theirs:.2f} ms, ratio {ours / theirs:.2f}")
    print(
        f"archive of the first crawl {first / count / 1024:.1f} KB a page; the second, unchanged one adds {growth:.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("warc", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--crawl", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.crawl:
        base, count, folder = arguments.crawl
        crawl(base, int(count), folder)
    else:
        run(arguments.warc, arguments.pages)


if __name__ == "__main__":
    main()
