from crawler.extraction.body.stop_words import StopWords


def test_words_are_found_and_others_are_not() -> None:
    words = StopWords(["und", "и", "的", "und"])
    assert all(word in words for word in ("und", "и", "的"))
    assert not any(word in words for word in ("", "un", "undd", "à"))


def test_without_words_none_is_found() -> None:
    assert "und" not in StopWords([])
