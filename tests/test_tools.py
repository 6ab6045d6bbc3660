"""What two runs over the newsroom archived is read, unconverted, by the tools of the web-archiving world."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from tests.support.newsroom_runs import NewsroomRuns, run_twice_in_weeks
from tests.support.pywb import get, pywb
from tests.support.tools import find_tool
from tests.support.warc_records import read_collection

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runs() -> NewsroomRuns:
    return run_twice_in_weeks()


def run(*command: str | Path) -> str:
    """What a command prints; AssertionError with its complaints if it fails."""
    ran = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def entries(lines: list[str]) -> list[tuple[str, str, dict[str, str]]]:
    """CDXJ lines, their JSON read."""
    parts = [line.split(" ", 2) for line in lines]
    return [(key, timestamp, json.loads(fields)) for key, timestamp, fields in parts]


def test_warcio_checks_every_file(runs: NewsroomRuns) -> None:
    printed = run(sys.executable, "-m", "warcio.cli", "check", "--verbose", *runs.warcs)

    # It looks into no revisit: their payload digest is that of another record.
    checked = [record for record in read_collection(runs.collection) if record.type != "revisit"]
    assert printed.count("digest pass") == len(checked) > 200


def test_fastwarc_verifies_every_digest(runs: NewsroomRuns) -> None:
    blocks = payloads = 0
    for path in runs.warcs:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                record.freeze()
                assert record.verify_block_digest(), record.record_id
                blocks += 1
                if record.headers["WARC-Type"] == "response":
                    record.parse_http()
                    assert record.verify_payload_digest(), record.record_id
                    payloads += 1

    assert blocks == len(read_collection(runs.collection))
    assert payloads > 50


def test_cdxj_indexer_writes_the_same_index(runs: NewsroomRuns) -> None:
    written = run(find_tool("TOOL_CDXJ_INDEXER", "cdxj-indexer"), "--sort", *runs.warcs)

    assert runs.index == written.splitlines(keepends=True)


def test_warcio_of_node_finds_the_same_captures(runs: NewsroomRuns) -> None:
    written = run(find_tool("TOOL_NODE_WARCIO", "warcio.js"), "cdx-index", *runs.warcs)

    # Its digests have no prefix, and its keys keep the slash at a path's end, unlike pywb's and cdxj-indexer's.
    ours = [(timestamp, fields) for _, timestamp, fields in entries(runs.index)]
    for _, fields in ours:
        fields["digest"] = fields["digest"].removeprefix("sha1:")
    theirs = [(timestamp, fields) for _, timestamp, fields in entries(written.splitlines())]
    assert sorted(theirs, key=repr) == sorted(ours, key=repr)


def test_warcio_of_node_reads_every_record(runs: NewsroomRuns) -> None:
    written = run(find_tool("TOOL_NODE_WARCIO", "warcio.js"), "index", *runs.warcs)

    found = [json.loads(line) for line in written.splitlines()]
    records = read_collection(runs.collection)
    assert [(record["offset"], record["warc-type"]) for record in found] == [
        (record.offset, record.type) for record in records
    ]


def test_py_wacz_accepts_the_package(runs: NewsroomRuns, tmp_path: Path) -> None:
    tool = find_tool("TOOL_WACZ", "wacz")
    printed = run(tool, "validate", "-f", runs.pack(tmp_path / "news.wacz"))

    assert "Validation succeeded" in printed


def test_pywb_gives_the_bytes_of_every_answer(runs: NewsroomRuns) -> None:
    captures = [
        (timestamp, fields["url"], fields["mime"])
        for _, timestamp, fields in entries(runs.index)
        if fields["status"] == "200"
    ]
    kinds = [mime for _, _, mime in captures]
    assert kinds.count("text/html") > 40
    assert kinds.count("warc/revisit") > 10

    with pywb(find_tool("TOOL_PYWB", "wayback"), runs.data) as port:
        shown = [get(port, f"/news/{timestamp}id_/{url}") for timestamp, url, _ in captures]

    assert shown == [(200, runs.served[url]) for _, url, _ in captures]
