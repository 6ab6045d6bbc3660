"""The tables of terms are kept in the user's cache, made again where they are not whole, and find what was put in."""

from pathlib import Path

import pytest

from crawler.relevance.lexicon import load_tables
from crawler.relevance.term_tables import Phrase, Tables, Term


def kept_in(cache: Path) -> Path:
    (kept,) = cache.glob("frontwire/*")
    return kept


def test_tables_are_made_once_and_again_when_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_tables()
    whole = kept_in(tmp_path).read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"no tables"):
        kept_in(tmp_path).write_bytes(damaged)
        assert load_tables().beginning_with("airstrike") == load_tables().beginning_with("airstrike") != []
        assert kept_in(tmp_path).read_bytes() == whole
    made = kept_in(tmp_path).stat().st_ino
    load_tables()
    assert kept_in(tmp_path).stat().st_ino == made


def test_where_no_cache_can_be_written_tables_are_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    assert {phrase.concept for phrase in load_tables().beginning_with("airstrike")} == {"airstrike"}
    assert (tmp_path / "taken").is_file()


def test_a_word_begins_its_own_terms_and_those_of_its_beginnings() -> None:
    tables = Tables.of(
        [
            Term("raid", "en", "raid*"),
            Term("rain", "en", "rain"),
            Term("camp", "en", "raid* on camps"),
            Term("r", "en", "r*"),
        ]
    )
    raid, camp, letter = (
        Phrase("raid", "en", ()),
        Phrase("camp", "en", ("on", "camps")),
        Phrase("r", "en", ()),
    )
    assert sorted(tables.beginning_with("raided")) == [camp, letter, raid]
    assert sorted(tables.beginning_with("raid")) == [camp, letter, raid]
    assert sorted(tables.beginning_with("rains")) == [letter]
    assert sorted(tables.beginning_with("rain")) == [letter, Phrase("rain", "en", ())]
    assert tables.beginning_with("") == []


def test_terms_in_a_run_are_found_where_they_are_written_only() -> None:
    tables = Tables.of([Term("strike", "zh", "空袭"), Term("air", "zh", "空"), Term("latin", "en", "空x*")])
    assert sorted(tables.within("遭空袭", 1)) == [
        ("空", Phrase("air", "zh", ())),
        ("空袭", Phrase("strike", "zh", ())),
    ]
    assert [*tables.within("遭空袭", 0)] == []
    assert tables.beginning_with("空袭") == []  # a run is no word


def test_two_spellings_that_fold_to_one_count_as_two() -> None:
    tables = Tables.of([Term("function", "fa", "که"), Term("function", "fa", "كه")])
    assert tables.beginning_with("که") == [Phrase("function", "fa", ())] * 2
