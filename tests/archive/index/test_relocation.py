"""Where the records of a rewritten file are, to the byte."""

import json

import pytest

from archive.index.relocation import Relocation
from archive.warc.rewriting_journal import Change, Part, Rewriting

PARTS = (
    Part("a.warc.gz", offset=0, size=100, begin=0),
    Part("a.warc.gz", offset=100, size=50, begin=100),  # of another length in the new file
    Part("a.warc.gz", offset=120, size=80, begin=150),
    Part("b.warc.gz", offset=200, size=60, begin=0),
)


def line(offset: int, filename: str = "a.warc.gz") -> bytes:
    entry = {"url": "http://news.example/", "offset": str(offset), "filename": filename}
    return f"example,news)/ 20210128090000 {json.dumps(entry)}\n".encode()


@pytest.mark.parametrize(
    ("filename", "before", "after"),
    [
        ("a.warc.gz", 0, 0),
        ("a.warc.gz", 99, 99),
        ("a.warc.gz", 100, 100),
        ("a.warc.gz", 150, 120),
        ("a.warc.gz", 151, 121),
        ("b.warc.gz", 0, 200),
        ("b.warc.gz", 59, 259),
    ],
)
def test_a_record_moves_with_the_part_in_which_it_begins(filename: str, before: int, after: int) -> None:
    relocation = Relocation(Rewriting("c.warc.gz", PARTS))
    assert relocation.relocate(line(before, filename)) == line(after, "c.warc.gz")


def test_lines_of_other_files_stay() -> None:
    other = line(150, "other.warc.gz")
    assert Relocation(Rewriting("c.warc.gz", PARTS)).relocate(other) == other


@pytest.mark.parametrize("new", [None, "example,news)/ 20210128090000 {}\n"])
def test_the_line_of_a_changed_record_is_that_of_the_new_one(new: str | None) -> None:
    change = Change(100, 20, "<urn:uuid:1>", "sha1:A", new)
    relocation = Relocation(Rewriting("c.warc.gz", PARTS, (change,)))
    assert relocation.relocate(line(100)) == (new.encode() if new else None)
    assert relocation.relocate(line(99)) == line(99, "c.warc.gz")
    assert relocation.relocate(line(150)) == line(120, "c.warc.gz")
