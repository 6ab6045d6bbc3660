"""The original of a single revisit record is found by the index of its collection."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.index.cdxj import index_line
from archive.replay.revisits import Originals, find_original
from archive.warc.exchanges import Exchange
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from tests.support.foreign_records import record
from tests.support.warcs import sha1

A = "http://news.example/a"
FIRST, SECOND, LATER = "2021-01-01T00:00:00.250000Z", "2021-01-02T00:00:00Z", "2021-02-01T00:00:00Z"


def page(number: int, date: str) -> bytes:
    body = f"Bridge {number}".encode()
    fields: dict[str, Any] = {"WARC_Record_ID": f"<urn:{number}>", "WARC_Payload_Digest": sha1(body)}
    return record("response", A, b"HTTP/1.1 200 OK\r\n\r\n" + body, WARC_Date=date, **fields)


def revisit(**fields: str) -> bytes:
    own: dict[str, Any] = {"WARC_Record_ID": "<urn:revisit>", "WARC_Date": LATER}
    return record("revisit", "http://news.example/b", b"HTTP/1.1 200 OK\r\n\r\n", **own | fields)


def collection(folder: Path, *files: bytes) -> list[WarcRecord]:
    """Files of a collection with all their lines; the records of the last file."""
    (folder / "archive").mkdir()
    (folder / "indexes").mkdir()
    lines, records = [], list[WarcRecord]()
    for number, content in enumerate(files):
        path = folder / "archive" / f"{number}.warc"
        path.write_bytes(content)
        records = list(read_records(RecordFile(path), pytest.fail))
        lines += [index_line(Exchange(each), path.name) for each in records]
    (folder / "indexes" / "index.cdxj").write_bytes(b"".join(sorted(filter(None, lines))))
    return records


def found(folder: Path, given: WarcRecord) -> str | None:
    with closing(Originals([])) as none:  # nothing but the index leads there
        original = find_original(given, folder / "archive" / "2.warc", none)
    return original.id if original else None


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"WARC_Refers_To": "<urn:2>"}, "<urn:2>"),
        (
            {
                "WARC_Refers_To": "<urn:1>",
                "WARC_Refers_To_Date": SECOND,
                "WARC_Payload_Digest": sha1(b"Bridge 2"),
            },
            "<urn:1>",
        ),
        ({"WARC_Refers_To": "<urn:3>", "WARC_Refers_To_Date": SECOND}, None),
        ({"WARC_Refers_To_Date": SECOND}, "<urn:2>"),
        ({"WARC_Refers_To_Date": "2021-01-01T00:00:00Z"}, "<urn:1>"),
        ({"WARC_Refers_To_Date": SECOND, "WARC_Payload_Digest": sha1(b"Bridge 1")}, "<urn:2>"),
        ({"WARC_Refers_To_Date": "2021-01-03T00:00:00Z"}, None),
        ({"WARC_Payload_Digest": sha1(b"Bridge 2")}, "<urn:2>"),
        ({"WARC_Payload_Digest": sha1(b"Bridge 3")}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("url", [A, "http://ada:pw@news.example/a"])
def test_it_is_the_one_that_is_named_by_id_else_by_date_else_by_digest(
    tmp_path: Path, url: str, fields: dict[str, str], wanted: str | None
) -> None:
    [given] = collection(
        tmp_path, page(1, FIRST), page(2, SECOND), revisit(WARC_Refers_To_Target_URI=url, **fields)
    )
    assert found(tmp_path, given) == wanted


def test_of_its_own_url_it_means_no_revisit_and_not_itself(tmp_path: Path) -> None:
    at = {"WARC_Target_URI": A, "WARC_Payload_Digest": sha1(b"Bridge 1")}
    other = revisit(WARC_Record_ID="<urn:other>", WARC_Date="2020-12-31T00:00:00Z", **at)
    [given] = collection(tmp_path, other, page(1, FIRST), revisit(WARC_Refers_To_Date=LATER, **at))
    assert found(tmp_path, given) is None
    by_digest = WarcRecord("revisit", tuple(
        each for each in given.headers if each[0] != "warc-refers-to-date"
    ), given.block, True, 0, 9)  # fmt: skip
    assert found(tmp_path, by_digest) == "<urn:1>"


def test_a_page_of_the_same_moment_is_not_hidden_by_the_revisit_itself(tmp_path: Path) -> None:
    given = revisit(WARC_Target_URI=A, WARC_Refers_To_Date=LATER)
    *_, itself = collection(tmp_path, page(1, FIRST), page(2, LATER), given)
    assert found(tmp_path, itself) == "<urn:2>"


def test_a_revisit_of_a_revisit_leads_to_the_page(tmp_path: Path) -> None:
    middle = revisit(WARC_Record_ID="<urn:m>", WARC_Target_URI=A, WARC_Refers_To="<urn:1>")
    [given] = collection(
        tmp_path, page(1, FIRST), middle, revisit(WARC_Refers_To="<urn:m>", WARC_Refers_To_Target_URI=A)
    )
    assert found(tmp_path, given) == "<urn:1>"


def test_a_line_that_leads_nowhere_hides_no_other(tmp_path: Path) -> None:
    digest = sha1(b"Bridge 1")
    [given] = collection(
        tmp_path,
        page(1, FIRST),
        page(1, SECOND),
        revisit(WARC_Payload_Digest=digest, WARC_Refers_To_Target_URI=A),
    )
    (tmp_path / "archive" / "0.warc").unlink()
    assert found(tmp_path, given) == "<urn:1>"


def test_without_an_index_the_files_beside_it_are_searched(tmp_path: Path) -> None:
    [given] = collection(tmp_path, page(1, FIRST), page(2, SECOND), revisit(WARC_Refers_To="<urn:2>"))
    (tmp_path / "indexes" / "index.cdxj").unlink()
    (tmp_path / "archive" / "1.warc").rename(tmp_path / "archive" / "1.WARC")
    original = find_original(given, tmp_path / "archive" / "2.warc")
    assert original is not None
    assert original.id == "<urn:2>"
