"""The corpus divided into parts: how many of each there are, which are shown, and which articles are named."""

from typing import Any

from crawler.catalogue.corpus_rows import CorpusRow
from crawler.fates import Fate
from crawler.report.corpus_counts import EXAMPLES, SHOWN, count_corpus
from tests.support.exported_rows import KNOWN

ROW = CorpusRow(1, 7, str(Fate.SAVED), "marisol", "fr", "2021-01", True, False, "[]")


def rows(count: int, **changes: Any) -> list[CorpusRow]:
    """Some rows, the newest first."""
    return [ROW._replace(id=number, **changes) for number in range(count, 0, -1)]


def test_the_newest_articles_of_a_part_are_its_examples() -> None:
    counts = count_corpus(rows(EXAMPLES + 1), [], KNOWN, 3)
    its = counts.parts["month", "2021-01"]
    assert (counts.articles, its.held, its.brought) == (EXAMPLES + 1, EXAMPLES + 1, 0)
    assert its.examples == [6, 5, 4, 3, 2]
    assert counts.parts["country", "MS"].held == EXAMPLES + 1
    assert counts.new == []


def test_what_the_runs_brought_is_counted_and_the_newest_of_it_are_named() -> None:
    updated = rows(2, fate=str(Fate.UPDATED), is_silent_edit=True, is_in_corpus=False)
    counts = count_corpus([*rows(4), *updated, *rows(9, run_id=8), *rows(9, fate="review")], [7], KNOWN, 3)
    assert counts.changes == {"new": 4, "updated": 2, "silent": 2}
    assert (counts.new, counts.updated, counts.silent) == ([4, 3, 2], [2, 1], [2, 1])
    its = counts.parts["source", "marisol"]
    assert (its.brought, its.held, counts.articles) == (6, 22, 22)


def test_the_last_months_and_the_largest_of_other_parts_are_shown() -> None:
    months = [f"{2000 + number // 12}-{number % 12 + 1:02}" for number in range(SHOWN["month"] + 1)]
    of_months = [row for month in months for row in rows(1, month=month)]
    large = [row for number in range(SHOWN["source"]) for row in rows(2, source=f"large-{number:02}")]
    counts = count_corpus([*of_months, *rows(1, source="a-small", month="2000-01"), *large], [], KNOWN, 3)
    assert counts.shown("month") == [("month", month) for month in sorted({*months[2:], "2021-01"})]
    sources = [value for _, value in counts.shown("source")]
    assert sources == ["marisol", *(f"large-{number:02}" for number in range(SHOWN["source"] - 1))]
    assert counts.values("source")[-1] == "a-small"
