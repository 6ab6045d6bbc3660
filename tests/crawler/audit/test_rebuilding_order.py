"""Captures of several archives come in the order in which they came, but for those whose files say otherwise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from pathlib import Path

import pytest

from archive.replay.captures import ArchivedCapture
from archive.warc.location import RecordLocation
from crawler.audit.rebuilding_order import put_behind
from crawler.audit.rebuilding_sources import Source, dump_sources, in_order, load_sources, moment_in

NINE = datetime(2021, 1, 28, 9, tzinfo=UTC)
OURS, IMPORT = (
    "news-20210128080000000-00000-0123abcd.warc.gz",
    "news-20210129100000000-00001-import-pages-0123456789abcdef.warc.gz",
)
Captures = list[tuple[ArchivedCapture, str]]


def capture(offset: int, minutes: int = 0, warc: str = OURS) -> ArchivedCapture:
    place = RecordLocation(warc, offset, 1, "", "", NINE + timedelta(minutes=minutes))
    return ArchivedCapture(
        serial=offset,
        url="https://marisol.example/one",
        method="GET",
        status=200,
        headers={},
        head=b"",
        body=b"",
        metadata={},
        location=place,
        ip_address="",
        truncated=None,
        record_type="response",
        is_conditional=None,
    )


def behind(pairs: dict[int, int], order: tuple[int, ...]) -> list[int]:
    records = {f"{OURS}:{one}": f"{OURS}:{other}" for one, other in pairs.items()}
    return [found.location.offset for found, _ in put_behind([(capture(at), "") for at in order], records)]


@pytest.mark.parametrize(
    ("pairs", "order", "expected"),
    [
        ({}, (1, 2, 3), [1, 2, 3]),
        ({1: 3}, (1, 2, 3, 4), [2, 3, 1, 4]),
        ({1: 3}, (3, 2, 1, 4), [3, 2, 1, 4]),  # it comes behind already
        ({1: 4, 2: 4}, (1, 2, 3, 4), [3, 4, 1, 2]),
        ({1: 9}, (1, 2, 3), [2, 3, 1]),  # what never comes
        ({2: 3, 1: 3}, (2, 1, 3, 4), [3, 2, 1, 4]),
    ],
)
def test_a_record_comes_right_behind_the_one_that_was_kept_first(
    pairs: dict[int, int], order: tuple[int, ...], expected: list[int]
) -> None:
    assert behind(pairs, order) == expected


def test_no_record_is_lost_or_comes_twice_however_they_are_to_be_put() -> None:
    for others in permutations(range(1, 5)):
        pairs = {one: other for one, other in zip(range(1, 5), others, strict=True) if one != other}
        assert sorted(behind(pairs, (1, 2, 3, 4))) == [1, 2, 3, 4], pairs


@pytest.mark.parametrize(
    ("warc", "captured", "moment"),
    [
        (OURS, NINE, "20210128090000000"),
        (OURS, NINE.replace(microsecond=123456), "20210128090000123"),
        (OURS, NINE.astimezone(timezone(timedelta(hours=5))), "20210128090000000"),
        (IMPORT, NINE, "20210129100000000"),
    ],
)
def test_a_record_came_when_it_was_captured_or_its_file_was_imported(
    warc: str, captured: datetime, moment: str
) -> None:
    assert moment_in(warc, captured) == moment


def test_captures_of_several_archives_come_as_they_came() -> None:
    streams: list[Captures] = [
        [(capture(1, 0), "a"), (capture(2, 20), "a"), (capture(3, 10), "a")],
        [(capture(4, 5), "b"), (capture(5, -60, IMPORT), "b")],
    ]
    found = [each.location.offset for each, _ in in_order(map(iter, streams))]
    assert found == [1, 4, 2, 3, 5], "each archive keeps its own order"


def test_what_is_handed_to_the_process_that_reads_is_read_there_as_it_was() -> None:
    source = Source("place", "/data/collections/news", "/data/corpus", ("key",), 3)
    sources, others = [source, replace(source, place="b", keys=())], {"a.warc.gz:0": "b.warc.gz:9"}
    assert load_sources(dump_sources(sources, others).encode()) == (sources, others)


def test_archives_are_read_in_the_order_in_which_they_were_begun(tmp_path: Path) -> None:
    source = Source("", str(tmp_path), "", (), 1)
    assert source.paths == [], "an archive in which nothing is"
    earlier = "zeitung-20210128070000000-00000-0123abcd.warc.gz"
    source.archive.mkdir()
    for name in (OURS, earlier):
        (source.archive / name).write_bytes(b"")
    assert [path.name for path in source.paths] == [earlier, OURS]
