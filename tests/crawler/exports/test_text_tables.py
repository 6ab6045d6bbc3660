"""JSON lines and CSV keep every text, and harm no spreadsheet."""

import csv
import io
import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue.article_row import ArticleRow
from crawler.exports.text_tables import LONGEST_CELL, write_csv, write_jsonl
from tests.support.exported_rows import article_row, bytes_of, export_of

FORMULAS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    '=HYPERLINK("http://tarn.example")',
]


def csv_rows(*rows: ArticleRow, columns: tuple[str, ...], for_excel: bool = False) -> list[list[str]]:
    written = bytes_of(partial(write_csv, for_excel=for_excel), export_of(*rows, columns=columns))
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_becomes_a_formula(text: str) -> None:
    row = article_row(title=text, terms=(text, "Tarn"), conflict=-0.5)
    _, [title, terms, score] = csv_rows(row, columns=("title", "terms", "conflict"))
    assert (title, terms) == (f"'{text}", f"'{text}; Tarn")
    assert score == "-0.5"  # ours, and a number


VALUES = st.text()


@given(st.lists(st.tuples(st.none() | VALUES, st.lists(VALUES))))
def test_any_text_survives_jsonl(given_rows: list[tuple[str | None, list[str]]]) -> None:
    rows = [article_row(title=title, terms=tuple(terms)) for title, terms in given_rows]
    lines = bytes_of(write_jsonl, export_of(*rows, columns=("title", "terms"))).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == [
        {"title": title, "terms": terms} for title, terms in given_rows
    ]


@given(st.lists(VALUES.filter(lambda text: "\0" not in text)))
def test_any_text_survives_csv(texts: list[str]) -> None:
    rows = csv_rows(*(article_row(title=text) for text in texts), columns=("title",))
    cells = [row[0] if row else "" for row in rows[1:]]
    assert [cell.removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in texts]


def test_excel_gets_a_mark_plain_dates_and_no_cell_that_is_too_long() -> None:
    row = article_row(text="ק" * 40_000)
    written = bytes_of(partial(write_csv, for_excel=True), export_of(row, columns=("published",)))
    assert written.startswith(b"\xef\xbb\xbfpublished")
    _, [published, captured, text] = csv_rows(row, columns=("published", "captured", "text"), for_excel=True)
    assert (published, captured) == ("2021-01-28 09:30", "2021-01-28 09:00")
    assert text == "ק" * LONGEST_CELL + "…"
