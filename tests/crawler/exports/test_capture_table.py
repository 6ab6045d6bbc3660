"""The index as a table: every line a row, in the order of its keys, and questions that find what lines say."""

import json
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archive.index.surt import surt_key
from crawler.errors import OperatorError
from crawler.exports.capture_query import Wanted, count_captures, find_captures
from crawler.exports.capture_table import Written, write_captures

pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("duckdb")


def line(url: str, time: str = "20210128100000", **fields: str) -> bytes:
    known = {"url": url, "mime": "text/html", "status": "200", "digest": "sha1:A"}
    known |= {"length": "900", "offset": "12", "filename": "a.warc.gz"} | fields
    return f"{surt_key(url)} {time} {json.dumps(known)}\n".encode()


LINES = sorted(
    (
        line("https://tolm.example/1"),
        line("https://tolm.example/1", "20210301000000", mime="warc/revisit"),
        line("https://tolm.example/2", "20210131235959", status="404"),
        line("https://www.tolm.example/feed", mime="application/rss+xml"),
        line("https://news.tolm.example/1"),
        line("http://tolm.example:8080/1"),
        line("https://tolm-ferry.example/1", "20210201000000"),
        line("https://orla.example/Fähre?b=1&a=2"),
    )
)


def table(lines: Iterable[bytes], path: Path) -> Written:
    with path.open("wb") as out:
        return write_captures(lines, out)


@pytest.fixture
def file(tmp_path: Path) -> str:
    table(LINES, tmp_path / "index.parquet")
    return str(tmp_path / "index.parquet")


def found(file: str, **wanted: Any) -> list[str]:
    """`host/path time` of what is found."""
    rows = [json.loads(each) for each in find_captures([file], Wanted(**wanted))]
    assert count_captures([file], Wanted(**wanted)) == len(rows)
    return [f"{row['url_surtkey']} {row['fetch_time'][:10]}" for row in rows]


def test_a_row_has_all_that_its_line_says(tmp_path: Path) -> None:
    assert table([line("https://www.Tolm.example:8080/1")], tmp_path / "index.parquet") == Written(1, 0)
    (row,) = find_captures([str(tmp_path / "index.parquet")], Wanted())
    assert json.loads(row) == {
        "url_surtkey": "example,tolm:8080)/1",
        "url": "https://www.Tolm.example:8080/1",
        "url_host_name": "www.tolm.example",
        "fetch_time": "2021-01-28T10:00:00Z",
        "fetch_status": 200,
        "content_mime_type": "text/html",
        "content_digest": "sha1:A",
        "warc_filename": "a.warc.gz",
        "warc_record_offset": 12,
        "warc_record_length": 900,
    }


def test_statistics_say_which_keys_a_row_group_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.exports.capture_table.ROWS", 3)
    table(LINES, tmp_path / "index.parquet")
    file = pq.ParquetFile(tmp_path / "index.parquet")
    groups = [file.metadata.row_group(number).column(0).statistics for number in range(file.num_row_groups)]
    assert [each.max for each in groups] == sorted(each.max for each in groups)
    assert [group.min for group in groups[1:]] >= [group.max for group in groups[:-1]]
    assert len(groups) == 3


def test_damaged_lines_are_counted_and_lose_no_other(tmp_path: Path) -> None:
    damaged = [
        b"example,tolm) 2021\n",
        b'a b {"url": 3}\n',
        b"\xff\n",
        b"a b []\n",
        line("https://a.example/")[:-9],
    ]
    assert table([*damaged, *LINES], tmp_path / "index.parquet") == Written(len(LINES), len(damaged))


def test_a_time_that_is_none_leaves_the_rest(tmp_path: Path) -> None:
    table([line("https://tolm.example/1", "2021")], tmp_path / "index.parquet")
    (row,) = find_captures([str(tmp_path / "index.parquet")], Wanted())
    assert json.loads(row)["fetch_time"] is None


def test_what_is_not_sorted_is_refused() -> None:
    with pytest.raises(OperatorError, match=r"not sorted: example,orla\).* comes after example,tolm\).*sort"):
        write_captures([line("https://tolm.example/1"), line("https://orla.example/1")], BytesIO())


TOLM = ["example,tolm)/1 2021-01-28", "example,tolm)/1 2021-03-01", "example,tolm)/2 2021-01-31"]
FEED, PORT, NEWS = (
    "example,tolm)/feed 2021-01-28",
    "example,tolm:8080)/1 2021-01-28",
    "example,tolm,news)/1 2021-01-28",
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"host": "tolm.example"}, [*TOLM, FEED, PORT]),
        ({"host": "WWW.tolm.example"}, [*TOLM, FEED, PORT]),
        ({"domain": "tolm.example"}, [*TOLM, FEED, NEWS, PORT]),
        ({"host": "news.tolm.example"}, [NEWS]),
        ({"url": "http://tolm.example/1"}, TOLM[:2]),
        ({"url": "https://tolm.example/*"}, [*TOLM, FEED]),
        ({"url": "https://orla.example/F%C3%A4hre?a=2&b=1"}, ["example,orla)/f%c3%a4hre?a=2&b=1 2021-01-28"]),
        ({"host": "tolm.example", "until": "2021-01-31"}, [TOLM[0], TOLM[2], FEED, PORT]),
        ({"domain": "example", "since": "2021-02-01"}, ["example,tolm-ferry)/1 2021-02-01", TOLM[1]]),
        ({"mimes": ("application/rss+xml", "image/png")}, [FEED]),
        ({"statuses": (404, 500)}, [TOLM[2]]),
        ({"host": "tol"}, []),
    ],
)
def test_questions_find_what_lines_say(file: str, wanted: dict[str, Any], expected: list[str]) -> None:
    assert sorted(found(file, **wanted)) == sorted(expected)


def test_no_more_is_given_than_is_asked_for(file: str) -> None:
    assert len(list(find_captures([file], Wanted(), 3))) == 3


def test_several_files_are_asked_as_one(file: str, tmp_path: Path) -> None:
    table([line("https://orla.example/other")], tmp_path / "more.parquet")
    assert count_captures([file, str(tmp_path / "more.parquet")], Wanted(host="orla.example")) == 2


def test_what_is_no_index_is_said_in_a_sentence(tmp_path: Path) -> None:
    other, broken = tmp_path / "other.parquet", tmp_path / "broken.parquet"
    pq.write_table(__import__("pyarrow").table({"a": [1]}), other)
    broken.write_bytes(b"PAR1 and no more")
    for path, sentence in (
        (other, "is no index of captures"),
        (broken, "Cannot read"),
        (tmp_path / "none.parquet", "Cannot read .*none.parquet"),
    ):
        with pytest.raises(OperatorError, match=sentence) as raised:
            list(find_captures([str(path)], Wanted(host="tolm.example")))
        assert "\n" not in str(raised.value)
