"""Lines of an index beside the answers to which they lead."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from archive.checks.index_check import IndexedLines
from archive.checks.line_check import LineCheck
from archive.index.cdxj import entry_of, index_line
from archive.warc.exchanges import Exchange
from archive.warc.record import WarcRecord

NAME = "a.warc.gz"
URL = "https://orla.example/a"


def answer(type_: str = "response", date: str = "2021-01-28T09:00:00Z", offset: int = 40) -> WarcRecord:
    headers = (("warc-target-uri", URL), ("warc-date", date), ("content-type", "text/plain"))
    return WarcRecord(type_, headers, b"HTTP/1.1 200 OK\r\n\r\nOrla", True, offset, 9)


def line_of(record: WarcRecord) -> bytes:
    line = index_line(Exchange(record), NAME)
    assert line is not None
    return line


def changed(line: bytes, *, key: str = "", timestamp: str = "", **fields: str | None) -> bytes:
    entry = {name: value for name, value in (entry_of(line) | fields).items() if value is not None}
    stamp = entry.pop("timestamp")
    return f"{key or line.split()[0].decode()} {timestamp or stamp} {json.dumps(entry)}\n".encode()


def findings(record: WarcRecord, lines: dict[int, list[bytes]], *, is_indexed: bool = True) -> list[str]:
    check = LineCheck(NAME, defaultdict(list, lines))
    found = list(check.check(Exchange(record), record, line_of(record) if is_indexed else None))
    assert all(each.file == NAME for each in found)
    return [each.sentence for each in (*found, *check.finish())]


def test_a_line_that_describes_its_answer_is_in_order() -> None:
    record = answer()
    assert findings(record, {40: [line_of(record)]}) == []
    assert findings(record, {}, is_indexed=False) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"digest": "sha1:AAAA"}, "its digest is 'sha1:AAAA', the record's 'sha1:"),
        ({"status": "404"}, "its status is '404', the record's '200'"),
        ({"status": None}, "its status is None, the record's '200'"),
        ({"more": "x"}, "its more is 'x', the record's None"),
        ({"timestamp": "20220101000000"}, "its timestamp is '20220101000000', the record's '20210128090000'"),
        ({"key": "example,tarn)/a"}, "it is written or sorted otherwise"),
    ],
)
def test_a_line_that_says_something_else_is_told(change: dict[str, str], words: str) -> None:
    record = answer()
    [sentence] = findings(record, {40: [changed(line_of(record), **change)]})
    assert sentence.startswith(
        "A line of the index does not describe the response record at byte 40 of a.warc.gz"
    )
    assert words in sentence


def test_lines_of_earlier_versions_are_in_order() -> None:
    resource, odd = answer("resource"), answer(date="2021-01-28T10:00:00+01:00")
    assert findings(resource, {40: [changed(line_of(resource), status=None)]}) == []
    assert findings(odd, {40: [changed(line_of(odd), timestamp="20210128100000")]}) == []
    assert findings(odd, {40: [changed(line_of(odd), timestamp="20210128110000")]}) != []


def test_missing_lines_and_those_that_lead_nowhere_are_counted() -> None:
    record = answer()
    line = line_of(record)
    assert findings(record, {}) == [
        f"The index lacks 1 line for answers in {NAME}; the first is that of {URL} at byte 40."
    ]
    [sentence] = findings(
        record, {40: [line], 90: [line], 50: [changed(line, url="https://orla.example/b"), line]}
    )
    assert sentence == (
        f"The index has 3 lines for bytes of {NAME} where no such answer begins; "
        "the first is that of https://orla.example/b at byte 50."
    )
    assert findings(record, {40: [line]}, is_indexed=False) == [
        f"A line of the index leads to the response record at byte 40 of {NAME} ({URL}), which should have none."
    ]


def test_lines_are_kept_by_file_and_offset_and_disorder_is_told(tmp_path: Path) -> None:
    one, two, other = (
        changed(line_of(answer(offset=offset)), filename=name)
        for offset, name in ((40, NAME), (90, NAME), (40, "b.warc.gz"))
    )
    (tmp_path / "index.cdxj").write_bytes(two + one + one + b"rubbish\n" + b'z 2021 {"offset": "1"}\n')
    (tmp_path / "other.cdxj").write_bytes(other)
    index = IndexedLines()
    told = [(each.file, each.sentence) for each in index.load(tmp_path)]

    place, name = "is in the wrong place: the file is not sorted.", "indexes/index.cdxj"
    assert told == [
        *((name, f"Line {number} of {name} {place}") for number in ([2, 3] if one < two else [3])),
        (name, f"Line 4 of {name} is no CDXJ: it was changed."),
        (name, f"Line 5 of {name} is no CDXJ: it was changed."),
    ]
    assert index.count == 3
    assert dict(index.take(NAME)) == {40: [one], 90: [two]}
    assert list(index.left()) == [("b.warc.gz", 1)]
    assert dict(index.take("b.warc.gz")) == {40: [other]}
    assert list(index.left()) == []
    index.close()
