"""Whatever is typed is a query, and none is an error."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.search.search_query import read_query


@pytest.mark.parametrize(
    ("typed", "match", "unwanted"),
    [
        ("port dyke", '("port") AND ("dyke")', ""),
        ('"old port" dy*', '("old port") AND ("dy" *)', ""),
        ("«vieux port»", '("vieux port")', ""),
        ("port -dyke", '("port")', '"dyke"'),
        ('-"old port" -b', "", '"old port" OR "b"'),
        ("port OR dyke boat", '("port" OR "dyke") AND ("boat")', ""),
        ("OR", "", ""),
        ("al-Zor", '("al zor")', ""),
        ("北京市", '("北京 京市")', ""),
        ("京", '("京" *)', ""),
        ('"北京 NATO"', '("北京 京 nato")', ""),
        ('"unclosed port', '("unclosed port")', ""),
        ("NEAR(a b) AND {title}:", '("near a") AND ("b") AND ("and") AND ("title")', ""),
        (" ", "", ""),
    ],
)
def test_what_is_asked_for(typed: str, match: str, unwanted: str) -> None:
    query = read_query(typed)
    assert (query.match, query.unwanted_match) == (match, unwanted)


def test_nothing_typed_is_told_from_nothing_to_look_for() -> None:
    assert read_query("  ").is_empty
    assert not read_query("…").is_empty


@pytest.fixture(scope="module")
def table() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5 (title, text, tokenize = 'ascii')")
    return database


@given(st.text() | st.text(alphabet="\"*-()^:+{}NEAROAND \0'北京سا"))
@example('"" * - "*" -"')
@example("ﷺ -ﷺ* \0")
def test_nothing_that_is_typed_is_an_error(table: sqlite3.Connection, typed: str) -> None:
    query = read_query(typed)
    for match in filter(None, (query.match, query.unwanted_match)):
        assert table.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone() == (0,)
