"""A crawl that is killed at any moment loses nothing but the record that it was just writing."""

import random
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select
from warcio.checker import Checker

from archive.cdxj import read_lines
from archive.collection import Collection
from archive.repetitions import is_in_place
from archive.warcfile import OPEN_SUFFIX
from crawler.store import schema
from crawler.store.digests import StoredPayload
from crawler.store.engine import open_engine
from tests.archive.origin import Answer, serve
from tests.conftest import ROOT

KILLS = 6
"""Raise it to 100 for a long trial: each takes about two seconds."""

LONGEST_S = 1.0
"""A crawl is killed within this time after its first answer."""

CRAWL = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Endless(Spider):
    name = "endless"

    async def start(self):
        number = int(sys.argv[3])
        while True:
            yield Request(f"{sys.argv[1]}{number}", callback=self.parse, dont_filter=True)
            number += 1

    def parse(self, response):
        print(response.url, flush=True)

process = AsyncCrawlerProcess({
    "ADDONS": {"archive.addon.ArchiveAddon": 1}, "DATA_DIR": sys.argv[2], "STORE_URL": "",
    "ARCHIVE_DIGESTS": "crawler.store.digests.StoredDigests", "ARCHIVE_MAX_BYTES": 150_000,
    "TELNETCONSOLE_ENABLED": False, "HTTPPROXY_ENABLED": False, "LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0,
})
process.crawl(Endless)
process.start()
"""


class Pages(dict[str, Answer | list[Answer]]):
    """Any number of pages; every fifth and those of an earlier crawl are repetitions."""

    def __missing__(self, path: str) -> Answer:
        number = int(path.removeprefix("/"))
        noise = random.Random(0 if number % 5 == 0 else number)
        body = noise.randbytes(noise.randrange(2_000, 60_000))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        if number % 3:
            return Answer(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return Answer(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))


def kill_a_crawl(base: str, data: Path, first: int, seconds: float) -> None:
    """Start a crawl and end it without warning, some time after its first answer."""
    command = [sys.executable, "-c", CRAWL, base, str(data), str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as crawl:
        assert crawl.stdout is not None
        assert crawl.stderr is not None
        answered = crawl.stdout.readline()
        time.sleep(seconds)
        crawl.kill()
        errors = crawl.stderr.read()
    assert answered, errors
    assert crawl.returncode == -signal.SIGKILL
    assert not errors


def is_torn(octets: bytes) -> bool:
    """Whether no whole gzip member stands at the beginning."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        member.decompress(octets)
    except zlib.error:
        return True
    return not member.eof


def check_records(paths: list[Path]) -> None:
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": [str(path) for path in paths]}))
    assert checker.process_all() == 0


def check_digests(data: Path, archive: Path) -> int:
    """Every row of the digest index leads to a record that is there; the number of rows."""
    columns = [column for column in schema.payload.c if column.name != "key"]
    engine = open_engine("", data)
    with engine.connect() as connection:
        rows = [StoredPayload(*row) for row in connection.execute(select(*columns))]
    engine.dispose()
    assert all(is_in_place(archive, row) for row in rows)
    return len(rows)


def recover(collection: Path) -> None:
    """Recover what was left open, and see that only a torn record was cut off."""
    archive = collection / "archive"
    left = {path.name.removesuffix(OPEN_SUFFIX): path.read_bytes() for path in archive.glob("*.open")}
    assert Collection(collection, "news", {}, 10**9).recover() == sorted(left)
    for name, before in left.items():
        kept = archive / name
        after = kept.read_bytes() if kept.exists() else b""  # a file without a whole record is removed
        assert before.startswith(after)
        assert is_torn(before[len(after) :])
    check_records([path for name in left if (path := archive / name).exists()])


def indexed(collection: Path) -> set[bytes]:
    """Every line of the index."""
    files = (collection / "indexes").glob("*.cdxj")
    return {line for file in files for line in file.read_bytes().splitlines(keepends=True)}


@pytest.mark.slow
def test_only_a_torn_record_is_lost(tmp_path: Path) -> None:
    chance = random.Random(2021)
    collection = tmp_path / "collections" / "news"
    archive = collection / "archive"
    rows = checked = 0
    with serve(Pages()) as origin:
        for crawl in range(KILLS):
            known = set(archive.glob("*.gz"))
            kill_a_crawl(origin.url("/"), tmp_path, 50 * crawl, chance.uniform(0, LONGEST_S))
            closed = set(archive.glob("*.gz")) - known
            check_records(sorted(closed))
            checked += len(closed)
            rows = check_digests(tmp_path, archive)
            recover(collection)

    assert checked >= KILLS
    assert rows >= KILLS
    assert not list(archive.glob("*.open"))
    lines = {line for path in archive.iterdir() for line in read_lines(path, path.name)}
    assert indexed(collection) == lines
    assert any(b"warc/revisit" in line for line in lines)
