"""A crawl that is killed at any moment loses nothing but the record that it was just writing."""

import random
import shutil
import subprocess
import sys
import time
import zlib
from multiprocessing.connection import wait
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.collection.collection import Collection
from archive.collection.deduplication import is_in_place
from archive.evidence.manifest import Manifest
from archive.evidence.signing import key_id
from archive.index.cdxj import read_lines
from archive.warc.digests import Original
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from tests.support.checkout import ROOT
from tests.support.killed_runs import MERGE
from tests.support.origin import Answer, serve
from tests.support.warc_records import check_records, read_collection

pytestmark = pytest.mark.slow

LONGEST_S = 1.0
"""A crawl is killed within this time after its first answer."""

PATIENCE_S = 60.0
"""What a child may take until it begins."""

PREFIX = "news"

CRAWL = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Endless(Spider):
    name = "endless"

    async def start(self):
        for number in range(int(sys.argv[3]), int(sys.argv[3]) + 16):
            yield self.page(number)

    def page(self, number):
        return Request(f"{sys.argv[1]}{number}", self.parse, dont_filter=True, cb_kwargs={"number": number})

    def parse(self, response, number):
        print(response.url, flush=True)
        return self.page(number + 16)

process = AsyncCrawlerProcess({
    "ADDONS": {"archive.addon.ArchiveAddon": 1}, "DATA_DIR": sys.argv[2], "STORE_URL": "", "BOT_NAME": "news",
    "ARCHIVE_SIGNING_KEY": sys.argv[4], "ARCHIVE_MOVED": "crawler.catalogue.archive_locations.StoredPlaces",
    "ARCHIVE_DIGESTS": "crawler.catalogue.archive_digests.StoredDigests",
    "ARCHIVE_MAX_BYTES": 150_000, "CLOSESPIDER_TIMEOUT": 120,
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


def kill(program: str, *arguments: object, seconds: float) -> None:
    """Start a child and end it without warning, some time after it has said something."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        said = child.stdout.readline() if wait([child.stdout.fileno()], PATIENCE_S) else b""
        time.sleep(seconds)
        child.kill()
        errors = child.stderr.read()
    assert said, errors
    assert not errors


def is_torn(data: bytes) -> bool:
    """Whether no whole gzip member stands at the beginning."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        member.decompress(data)
    except zlib.error:
        return True
    return not member.eof


def check_digests(data: Path, archive: Path) -> int:
    """Every row of the digest index leads to a record that is there; the number of rows."""
    columns = [column for column in schema.payload.c if column.name != "key"]
    engine = open_engine("", data)
    with engine.connect() as connection:
        rows = [Original(*row) for row in connection.execute(select(*columns))]
    engine.dispose()
    assert all(is_in_place(archive, row) for row in rows)
    return len(rows)


def recover(data: Path, key: Path) -> None:
    """Recover what was left open, and see that only a torn record was cut off."""
    collection = data / "collections" / "news"
    archive = collection / "archive"
    left = {path.name.removesuffix(OPEN_SUFFIX): path.read_bytes() for path in archive.glob("*.open")}
    places, manifest = StoredPlaces(Catalogue.open("", data)), Manifest(collection, key)
    recovering = Collection(collection, PREFIX, {}, 10**9, referrers=[places], manifest=manifest)
    assert recovering.recover() == sorted(left)
    places.close()
    for name, before in left.items():
        kept = archive / name
        after = kept.read_bytes() if kept.exists() else b""  # a file without a whole record is removed
        assert before.startswith(after)
        assert is_torn(before[len(after) :])
    check_records([path for name in left if (path := archive / name).exists()])
    findings = verify_collection(collection, Checked(), key_id(manifest.public_key))
    assert [finding for finding in findings if finding.severity is Severity.FAULT] == []


def indexed(collection: Path) -> set[bytes]:
    """Every line of the index."""
    files = (collection / "indexes").glob("*.cdxj")
    return {line for file in files for line in file.read_bytes().splitlines(keepends=True)}


@pytest.fixture(scope="module")
def kills(request: pytest.FixtureRequest) -> int:
    """How many children are killed."""
    return int(request.config.getoption("--kills"))


@pytest.fixture(scope="module")
def folder(kills: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What killed crawls leave, each recovered by the next: `data/` and its key."""
    folder = tmp_path_factory.mktemp("killed")
    data, key = folder / "data", folder / "key.pem"
    archive = data / "collections" / "news" / "archive"
    chance = random.Random(2021)
    rows = checked = 0
    with serve(Pages()) as origin:
        for crawl in range(kills):
            known = set(archive.glob("*.gz"))
            kill(CRAWL, origin.url("/"), data, 50 * crawl, key, seconds=chance.uniform(0, LONGEST_S))
            closed = set(archive.glob("*.gz")) - known
            check_records(sorted(closed))
            checked += len(closed)
            rows = check_digests(data, archive)
            recover(data, key)
    assert checked >= kills
    assert rows >= kills
    assert not list(archive.glob("*.open"))
    return folder


def test_a_killed_crawl_loses_only_a_torn_record(folder: Path) -> None:
    collection = folder / "data" / "collections" / "news"
    lines = {line for path in (collection / "archive").iterdir() for line in read_lines(path, path.name)}

    assert indexed(collection) == lines
    assert any(b"warc/revisit" in line for line in lines)


def test_a_killed_merge_loses_nothing(folder: Path, kills: int, tmp_path: Path) -> None:
    chance = random.Random(2021)
    before = read_collection(folder / "data" / "collections" / "news")
    is_merged = False
    # The last one comes through: how long a merge takes is the disk's affair.
    for number, seconds in enumerate([*(chance.uniform(0, 0.3) for _ in range(kills)), 5.0]):
        data = tmp_path / str(number)
        shutil.copytree(folder / "data", data)
        archive = data / "collections" / "news" / "archive"
        count = len(list(archive.iterdir()))
        kill(MERGE, data, folder / "key.pem", PREFIX, seconds=seconds)
        recover(data, folder / "key.pem")
        check_digests(data, archive)
        assert [record.block for record in read_collection(archive.parent)] == [r.block for r in before]
        is_merged = len(list(archive.iterdir())) < count
        shutil.rmtree(data)
    assert is_merged
