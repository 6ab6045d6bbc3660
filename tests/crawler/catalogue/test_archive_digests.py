"""Two crawls of the same pages: the second one archives that nothing changed, and replays all the same."""

import gzip
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from sqlalchemy import create_engine
from warcio.checker import Checker

from archive.replay.captures import CaptureReader
from archive.replay.input_paths import expand_paths
from archive.replay.stored_records import read_payload
from archive.warc.digests import DigestIndex, Original
from crawler.catalogue.archive_digests import StoredDigests
from crawler.database.catalogue import Catalogue
from tests.support.archived_crawls import Fetcher, fetch
from tests.support.crawls import run_crawl
from tests.support.origin import Answer, serve
from tests.support.tools import find_tool
from tests.support.warc_records import Seen, read_collection

PAGE = gzip.compress("<html><p>La Valdorie a annoncé une trêve.</p></html>".encode() * 50, mtime=0)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
HEAD = OK + b"Content-Encoding: gzip\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LATER_CHUNKS = b"7\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (PAGE[:7], len(PAGE[7:]), PAGE[7:])
ANSWERS: dict[str, Answer | list[Answer]] = {
    "/page": Answer(HEAD + b'ETag: "1"\r\nContent-Length: %d\r\n\r\n' % len(PAGE) + PAGE),
    "/robots.txt": Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nUser-agent: "),
    "/chunked": [
        Answer(CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        Answer(CHUNKED + LATER_CHUNKS),
    ],
    "/validated": [
        Answer(OK + b'ETag: "2"\r\nContent-Length: 3\r\n\r\none'),
        Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n'),
    ],
}


@dataclass
class Fetched:
    """What came of one request, to be compared with what came of another."""

    status: int
    headers: dict[bytes, list[bytes]]
    body: bytes


@dataclass
class Runs:
    """Two runs over the same URLs."""

    folder: Path
    is_decoded: bool
    fetched: list[dict[str, Fetched]]
    urls: list[str]

    @property
    def collection(self) -> Path:
        return self.folder / "collections" / "news"

    def answers(self, run: int) -> list[Seen]:
        warc = sorted((self.collection / "archive").iterdir())[run].name
        records = read_collection(self.collection)
        info = [record for record in records if record.type == "warcinfo"]
        ours = next(i.get("WARC-Record-ID") for i in info if i.get("WARC-Filename") == warc)
        return [
            record
            for record in records
            if record.type in ("response", "revisit") and record.get("WARC-Warcinfo-ID") == ours
        ]


def told_by(spider: Fetcher) -> dict[str, Fetched]:
    fetched = {}
    for url, what in spider.fetched.items():
        assert isinstance(what.response, Response), what.error
        response = what.response
        fetched[url] = Fetched(response.status, dict(response.headers), response.body)
    return fetched


@pytest.fixture(scope="module", params=["decoded", "as-received"])
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("runs")
    settings = {
        "DATA_DIR": str(folder),
        "STORE_URL": "",
        "ARCHIVE_DIGESTS": "crawler.catalogue.archive_digests.StoredDigests",
        "ARCHIVE_TRANSFER_CODING": request.param,
        "CONCURRENT_REQUESTS": 1,
    }
    with serve(ANSWERS) as origin:
        urls = [origin.url(path) for path in ANSWERS]
        fetched = [
            told_by(fetch(folder / "collections" / "news", [Request(url) for url in urls], **settings))
            for _ in range(2)
        ]
    yield Runs(folder, request.param == "decoded", fetched, urls)


def test_the_second_run_refers_to_the_first(runs: Runs) -> None:
    first, second = runs.answers(0), runs.answers(1)

    # Chunks that differ are another body where they are stored as received.
    chunked = "revisit" if runs.is_decoded else "response"
    assert [record.type for record in first] == ["response", "response", chunked, "response"]
    assert [record.type for record in second] == ["revisit", "revisit", chunked, "revisit"]
    ids = {record.get("WARC-Record-ID") for record in first if record.type == "response"}
    assert {record.get("WARC-Refers-To") for record in second if record.type == "revisit"} <= ids


def test_warcio_finds_no_fault(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in (runs.collection / "archive").iterdir()]
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": files}))

    assert checker.process_all() == 0, capsys.readouterr().out


@pytest.mark.parametrize("run", [0, 1])
def test_each_run_replays_as_it_was(runs: Runs, run: int) -> None:
    settings: dict[str, Any] = {
        "ADDONS": {"archive.addon.ArchiveAddon": 100},
        "REPLAY_FROM": str(runs.collection),
        "HTTPERROR_ALLOW_ALL": True,
        "COMPRESSION_ENABLED": False,
        "CONCURRENT_REQUESTS": 1,
    }
    # The second request of a URL is answered by its second capture.
    urls = runs.urls * (run + 1)
    spider = run_crawl(Fetcher, settings, requests=[Request(url) for url in urls]).spider
    assert isinstance(spider, Fetcher)
    assert told_by(spider) == runs.fetched[run]


def test_the_second_run_alone_replays_as_it_was(runs: Runs) -> None:
    paths = expand_paths(str(runs.collection / "archive"))
    with CaptureReader(paths, pytest.fail) as reader:
        captures = {capture.url: capture for capture in reader.read(paths[1])}

    assert {url: (capture.status, capture.body) for url, capture in captures.items()} == {
        url: (fetched.status, fetched.body) for url, fetched in runs.fetched[1].items()
    }


def test_a_revisit_is_checked_with_the_payload_of_its_original(runs: Runs) -> None:
    paths = sorted((runs.collection / "archive").iterdir())
    for record in runs.answers(1):
        if record.type == "revisit" and b" 304 " not in record.block:
            stored = read_payload(paths[1], record.offset)
            assert stored.agrees
            assert stored.body == runs.fetched[1][record.get("WARC-Target-URI") or ""].body
            assert stored.payload_digest == record.get("WARC-Payload-Digest")


@pytest.mark.slow
def test_cdxj_indexer_writes_the_same_index(runs: Runs) -> None:
    indexer = find_tool("TOOL_CDXJ_INDEXER", "cdxj-indexer")
    files = sorted((runs.collection / "archive").iterdir())
    written = subprocess.run([indexer, "--sort", *files], capture_output=True, check=True).stdout

    assert (runs.collection / "indexes" / "index.cdxj").read_bytes() == written


def known(number: int) -> Original:
    return Original(
        f"https://news.example/{number}",
        "2021-01-28T09:00:00.000000Z",
        f"<urn:uuid:{number}>",
        "sha1:A",
        "w",
        number,
    )


@pytest.fixture
def index(store_url: str, tmp_path: Path) -> Iterator[DigestIndex]:
    index = StoredDigests(Catalogue.open(store_url, tmp_path))
    yield index
    index.close()


def test_what_one_run_added_the_next_one_finds(index: DigestIndex, store_url: str, tmp_path: Path) -> None:
    index.add({b"a" * 32: known(1), b"b" * 32: known(2)})
    index.add({b"b" * 32: known(3)})

    again = StoredDigests(Catalogue.open(store_url, tmp_path))
    assert again.find(b"a" * 32) == Original(
        "https://news.example/1", "2021-01-28T09:00:00.000000Z", "<urn:uuid:1>", "sha1:A", "w", 1
    )
    found = again.find(b"b" * 32)
    assert found is not None
    assert found.offset == 3
    assert again.find(b"c" * 32) is None
    again.close()


def test_a_database_that_fails_is_named(tmp_path: Path) -> None:
    index = StoredDigests(Catalogue(create_engine(f"sqlite:///{tmp_path}/empty.sqlite")))

    with pytest.raises(OSError, match=r"empty\.sqlite"):
        index.find(b"a" * 32)
    index.close()
