from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extraction.body.stop_words import load_stop_words

WORDS = ["und", "и", "的", "und"]


def never() -> Iterator[str]:
    raise AssertionError("the words are kept already")
    yield


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, still empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "frontwire"


def test_words_are_found_and_others_are_not() -> None:
    words = load_stop_words("1", lambda: WORDS)
    assert all(word in words for word in WORDS)
    assert not any(word in words for word in ("", "un", "undd", "à"))


def test_without_words_none_is_found() -> None:
    assert "und" not in load_stop_words("1", list)


def test_they_are_read_once_a_version() -> None:
    load_stop_words("1", lambda: WORDS)
    assert "und" in load_stop_words("1", never)
    assert "und" not in load_stop_words("2", lambda: ["och"])


def test_a_damaged_file_is_written_anew(cache: Path) -> None:
    load_stop_words("1", lambda: WORDS)
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    assert "и" in load_stop_words("1", lambda: WORDS)


def test_without_a_cache_they_are_read_each_time(cache: Path) -> None:
    cache.write_text("no folder")
    assert "的" in load_stop_words("1", lambda: WORDS)
    assert "的" in load_stop_words("1", lambda: iter(WORDS))
