"""Bars of long commands."""

import io
from pathlib import Path

from rich.console import Console

from crawler.cli.progress import Bar, Taken, bytes_of, shown, visits_in
from tests.support.catalogues import change
from tests.support.scripted_runs import run, script


def drawn(bar: Bar) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    console.print(bar)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_bar_says_how_much_of_how_much() -> None:
    assert "3 of about 12 pages" in drawn(Bar("Deriving", 12, lambda: 3, "pages"))
    assert "25%" in drawn(Bar("Packing", 400, lambda: 100))


def test_more_than_was_expected_is_all_of_it() -> None:
    assert "15 of about 15 pages" in drawn(Bar("Deriving", 12, lambda: 15, "pages"))
    assert "Packing" in drawn(Bar("Packing", 0, lambda: 0))


def test_where_nobody_looks_nothing_is_drawn() -> None:
    asked: list[int] = []
    with shown(Bar("Packing", 4, lambda: len(asked)), Console(file=io.StringIO())):
        pass
    assert asked == []


def test_taken_items_are_counted() -> None:
    taken = Taken()
    assert list(taken.of(iter("abc"))) == ["a", "b", "c"]
    assert taken.count == 3


def test_what_another_process_derives_is_counted_while_it_is_at_work(tmp_path: Path) -> None:
    assert visits_in(tmp_path) == 0
    data = tmp_path / "a folder?#%"
    run(data, script(lambda recorder: None))
    assert visits_in(tmp_path) == 0
    change(
        data,
        "insert into url (key, url, kind, state, evidence, run_id) values ('k', 'u', 'feed', 'done', '', 1)",
    )
    change(data, "insert into visit (url_id, run_id, fate) values (1, 1, 'discovery')")
    assert visits_in(tmp_path) == 1


def test_the_bytes_of_files_are_summed(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"123")
    (tmp_path / "b.txt").write_bytes(b"4")
    assert bytes_of(tmp_path, "*.warc.gz") == 3
