"""What was archived can be seen in pywb, which runs in an environment of its own."""

import gzip
import json
import shutil
import time
from pathlib import Path

import pytest
from scrapy import Request

from archive.collection.collection import Collection
from archive.index import index_files
from tests.support.archived_crawls import fetch
from tests.support.logs import make_log
from tests.support.origin import Answer, serve
from tests.support.pywb import get, pywb
from tests.support.tools import find_tool

pytestmark = pytest.mark.slow

PAGE = "<html><p>La Valdorie a annoncé une trêve.</p></html>".encode()
GZIPPED = gzip.compress(PAGE, mtime=0)
ANSWERS = {
    "/plain": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    ),
    "/chunked": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x\r\n%b\r\n0\r\nX-Trailer: t\r\n\r\n" % (len(PAGE), PAGE)
    ),
    "/gzipped": Answer(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        % len(GZIPPED)
        + GZIPPED
    ),
    "/query?b=2&a=1": Answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"),
    "/missing": Answer(b"HTTP/1.1 404 Nope\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnope"),
}
BODIES = {"/plain": PAGE, "/chunked": PAGE, "/gzipped": GZIPPED, "/query?b=2&a=1": b"ok", "/missing": b"nope"}


@pytest.fixture(scope="module")
def wayback() -> str:
    return find_tool("TOOL_PYWB", "wayback")


def test_pywb_serves_the_data_folder_as_it_is(wayback: str, tmp_path: Path) -> None:
    with serve(ANSWERS) as origin:
        urls = {path: origin.url(path) for path in ANSWERS}
        fetch(tmp_path / "collections" / "news", [Request(url) for url in urls.values()])

    with pywb(wayback, tmp_path) as port:
        shown = {path: get(port, f"/news/2id_/{url}") for path, url in urls.items()}

    assert {path: body for path, (_, body) in shown.items()} == BODIES
    assert {path: status for path, (status, _) in shown.items()} == {
        path: 404 if path == "/missing" else 200 for path in BODIES
    }


@pytest.mark.parametrize("coding", ["decoded", "as-received"])
def test_pywb_shows_the_payload_that_a_revisit_repeats(wayback: str, tmp_path: Path, coding: str) -> None:
    typed = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    whole = Answer(typed + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
    chunked = Answer(typed + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))
    unchanged = Answer(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    answers: dict[str, Answer | list[Answer]] = {
        "/whole": whole,
        "/elsewhere": whole,
        "/chunked": chunked,
        "/chunked-elsewhere": chunked,
        "/validated": [whole, unchanged],
    }
    settings = {
        "DATA_DIR": str(tmp_path),
        "STORE_URL": "",
        "ARCHIVE_DIGESTS": "crawler.catalogue.archive_digests.StoredDigests",
        "ARCHIVE_TRANSFER_CODING": coding,
        "CONCURRENT_REQUESTS": 1,
    }
    with serve(answers) as origin:
        urls = [origin.url(path) for path in answers]
        for _ in range(2):
            fetch(tmp_path / "collections" / "news", [Request(url) for url in urls], **settings)
            time.sleep(1.1)  # pywb tells captures apart by the second
    moments = _moments(tmp_path / "collections" / "news" / "indexes")

    with pywb(wayback, tmp_path) as port:
        shown = {
            (run, path): get(port, f"/news/{moment}id_/{url}")
            for path, url in zip(answers, urls, strict=True)
            for run, moment in enumerate(moments[url])
        }

    assert len(shown) == 2 * len(answers)
    assert shown.pop((1, "/validated")) == (304, b"")  # as the server said it
    assert set(shown.values()) == {(200, PAGE)}


def _moments(indexes: Path) -> dict[str, list[str]]:
    """When each URL was captured: pywb shows what is nearest to a moment, which on a busy machine may be another."""
    moments: dict[str, list[str]] = {}
    for line in sorted(index_files.read_lines(indexes)):
        _, moment, fields = line.decode().split(" ", 2)
        moments.setdefault(json.loads(fields)["url"], []).append(moment)
    return moments


def test_pywb_reads_every_tier_of_the_index(
    wayback: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", 0)
    folder = tmp_path / "collections" / "news"
    urls = [f"http://news.example/{number}" for number in range(12)]
    for batch in (urls[:10], urls[10:11], urls[11:]):
        writing = Collection(folder, "news", {}, 10**9)
        for url in batch:
            writing.write(make_log(url, body=url.encode()), {})
        writing.finish_file()
    # As a kill leaves it between the two halves of a merge: lines that stand in two tiers.
    shutil.copy(folder / "indexes" / "index-1.cdxj", folder / "indexes" / "index-2.cdxj")
    assert len(list((folder / "indexes").iterdir())) == 3

    with pywb(wayback, tmp_path) as port:
        shown = [get(port, f"/news/2id_/{url}") for url in urls]

    assert shown == [(200, url.encode()) for url in urls]
