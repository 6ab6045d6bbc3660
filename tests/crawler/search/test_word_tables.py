"""Each month has its table of words: hits come from the newest first, and a takedown rewrites its month alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from crawler.search.hits import Search, find
from crawler.search.search_index import Document, SearchIndex
from crawler.search.word_tables import DAY, Part, first_id, month_of

DAYS = ("2020-12-31", "2021-01-01", "2021-02-28", "")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    with closing(SearchIndex.open(tmp_path / "search.sqlite")) as opened:
        with opened.changing():
            opened.add(document(number, day) for number, day in enumerate(DAYS, 1))
        yield opened


def document(number: int, day: str, text: str = "Le port de Marisol rouvre.") -> Document:
    return Document(
        number, number, b"", day, day[:7], f"Page {number}", text, "marisol", "fr", "saved", "", ()
    )


def articles(index: SearchIndex, words: str, start: int = 0, limit: int = 20, **meant: date) -> list[int]:
    return [hit.article for hit in find(index, Search(words, **meant), start, limit).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["port", "port -digue", "-digue", ""])
def test_hits_of_all_months_are_in_order_of_time(index: SearchIndex, words: str) -> None:
    assert articles(index, words) == [3, 2, 1, 4]
    assert articles(index, words, 1, 2) == [2, 1]
    assert articles(index, words, since=date(2020, 12, 31), until=date(2021, 1, 31)) == [2, 1]
    assert find(index, Search(words)).facets["month"] == (("2021-02", 1), ("2021-01", 1), ("2020-12", 1))


def test_unwanted_words_leave_out_pages_of_their_month(index: SearchIndex) -> None:
    with index.changing():
        index.add([document(5, "2021-01-07", "La digue cède.")])
    assert articles(index, "-digue") == [3, 2, 1, 4]
    assert articles(index, "-port") == [5]


@pytest.mark.parametrize("day", [*DAYS, "0001-01-01", "9999-12-31"])
def test_a_day_is_in_its_month(day: str) -> None:
    part = Part(month_of(first_id(day)))
    assert part.month == int(day[:7].replace("-", "") or 0)
    assert part.first <= first_id(day) < first_id(day) + DAY <= part.end


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 42), reason="this SQLite leaves no words")
def test_a_takedown_rewrites_its_month_alone(index: SearchIndex) -> None:
    with index.changing():
        index.add([document(6, "2021-02-01", "Le port attend.")])
        index.add([document(each, DAYS[each - 1], "La digue cède.") for each in (1, 2)])  # revised
        index.remove(index.of_urls([1]))
    index.purge()
    assert index.database.execute("SELECT month FROM leftover").fetchall() == [(202101,)]
    assert articles(index, "digue") == [2]
