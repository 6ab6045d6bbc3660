"""`scrapy redact` run in the test's process, and what is left in a data directory afterwards."""

import gzip
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Finding, Severity
from archive.replay.captures import CaptureReader
from archive.replay.input_paths import expand_paths
from crawler.audit.catalogue_check import check_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from tests.support.commands import call

REASON = "Request of the person named"


def redact(data: Path, url: str, *, reason: str = REASON, yes: bool = True, **settings: str) -> int:
    """The command as it runs in a process of its own; its exit code."""
    confirmed = ["--yes"] if yes else []
    return call("redact", url, "--reason", reason, *confirmed, DATA_DIR=str(data), **settings)


def all_bytes(data: Path) -> bytes:
    """Everything in a data directory, gzip members decompressed."""
    read = [path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()]
    return b"\n".join(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in read)


def findings(data: Path) -> list[Finding]:
    """What `scrapy verify` finds in archive and catalogue."""
    with closing(Catalogue.open("", data)) as catalogue:
        found = [*verify_collection(data / "collections" / "news", Checked())]
        check_catalogue(catalogue, DataDir.at(data), found.append)
        return found


def assert_in_order(data: Path) -> None:
    assert [found.sentence for found in findings(data) if found.severity is Severity.FAULT] == []


def captured(data: Path) -> Counter[str]:
    """How many captures of each URL the archive holds."""
    paths = expand_paths(str(data / "collections"))
    with CaptureReader(paths, pytest.fail) as reader:
        return Counter(capture.url for path in paths for capture in reader.read(path))
