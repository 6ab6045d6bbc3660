"""Archives that other tools wrote are read, or refused with a sentence."""

from collections import Counter
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.stored_records import read_record
from tests.support.captures import read_captures

# Captures in each file, by record type and status.
READABLE = {
    "bad.arc": {},
    "dupes.warc.gz": {"response 200": 2, "response 302": 1, "revisit 200": 1},
    "example-extra.warc": {"response 200": 1, "revisit 200": 2},
    "example-url-agnostic-orig.warc.gz": {"response 200": 1},
    "example-url-agnostic-revisit.warc.gz": {},
    "example-wget-1-14.warc.gz": {"response 200": 1},
    "example-wpull.warc.gz": {"response 200": 1},
    "example.arc": {"response 200": 1},
    "example.arc.gz": {"response 200": 1},
    "example.warc": {"response 200": 1, "revisit 200": 1, "response 302": 1},
    "missing-status-text.warc": {"response 302": 1},
    "post-test.warc.gz": {"response 200": 3},
    "valid_example_1.wacz": {"response 200": 1},
}
REPORTED = {
    "example-extra.warc": "skipped 1 answers (no status line: 1)",
    "dupes.warc.gz": "skipped 8 answers",
    "example-url-agnostic-revisit.warc.gz": "skipped 1 answers",
}
REFUSED = {"invalid_example_1.wacz": "no WARC in its archive/ folder"}


def kinds(captures: list[ArchivedCapture]) -> dict[str, int]:
    return Counter(f"{capture.record_type} {capture.status}" for capture in captures)


@pytest.mark.parametrize("name", READABLE)
def test_a_foreign_archive_is_read(shared: Path, name: str) -> None:
    reports: list[str] = []
    captures = list(read_captures(shared / "samples" / name, reports.append))
    assert kinds(captures) == READABLE[name]
    assert len(reports) == (name in REPORTED)
    assert all(REPORTED[name] in report for report in reports)


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_archive_is_refused(shared: Path, name: str) -> None:
    with pytest.raises(ArchiveUnreadable, match=REFUSED[name]):
        list(read_captures(shared / "samples" / name, print))


def test_every_sample_is_accounted_for(shared: Path) -> None:
    names = {path.name for path in (shared / "samples").iterdir()}
    assert names - {"README.md", "iana.warc.gz"} == READABLE.keys() | REFUSED.keys()


def test_revisits_find_their_originals_in_the_other_files(shared: Path) -> None:
    names = (
        "dupes.warc.gz",
        "example-url-agnostic-orig.warc.gz",
        "example-url-agnostic-revisit.warc.gz",
        "iana.warc.gz",
    )
    paths = [shared / "samples" / name for name in names]
    reports: list[str] = []
    with CaptureReader(paths, reports.append) as reader:
        captures = {path.name: list(reader.read(path)) for path in paths}
    assert reports == []
    assert {name: len(found) for name, found in captures.items()} == dict(
        zip(names, (12, 1, 1, 171), strict=True)
    )
    (revisit,), (original,) = captures[names[2]], captures[names[1]]
    assert revisit.body == original.body
    assert (revisit.url, original.url) == ("http://example.com/", "http://example.iana.org/")


def test_methods_are_taken_from_the_requests(shared: Path) -> None:
    captures = read_captures(shared / "samples" / "post-test.warc.gz", print)
    assert [capture.method for capture in captures] == ["POST"] * 3


@pytest.mark.parametrize(
    ("folder", "name", "count"), [("eval/extraction", "pages.warc.gz", 645), ("samples", "iana.warc.gz", 171)]
)
def test_all_captures_of_a_large_file_are_found_again(
    shared: Path, folder: str, name: str, count: int
) -> None:
    path = shared / folder / name
    captures = list(read_captures(path, _silent))
    assert len(captures) == count
    for capture in captures[:: count // 40]:
        record = read_record(path, capture.durable().offset)
        assert record.agrees or capture.record_type == "revisit"


def _silent(message: str) -> None:
    raise AssertionError(message)
