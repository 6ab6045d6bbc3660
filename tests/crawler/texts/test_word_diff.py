"""Two texts beside each other: what went, what came, and a few words around it."""

from difflib import SequenceMatcher

import pytest

from crawler.texts.word_diff import CONTEXT, MOST, DiffKind, Part, Passage, diff_words


def test_one_word_is_shown_with_the_words_around_it() -> None:
    [passage] = diff_words("Rien.\n\nLe port rouvre lundi matin.", "Rien.\n\nLe port rouvre mardi matin.")
    same, removed, added, rest = passage.parts
    assert passage.paragraph == 2
    assert (same, removed, added, rest) == (
        Part(DiffKind.SAME, "Le port rouvre "),
        Part(DiffKind.REMOVED, "lundi "),
        Part(DiffKind.ADDED, "mardi "),
        Part(DiffKind.SAME, "matin."),
    )


def test_a_word_that_comes_often_is_compared_as_any_other() -> None:
    often = " ".join(["et"] * 300)
    [passage] = diff_words(f"un {often} trois", f"deux {often} trois")
    assert [part.kind for part in passage.parts] == [DiffKind.REMOVED, DiffKind.ADDED, DiffKind.SAME]


def test_long_unchanged_passages_are_shortened() -> None:
    words = " ".join(map(str, range(100)))
    [passage] = diff_words(f"{words} un", f"{words} deux")
    assert passage.parts[0].text.split() == ["…", *map(str, range(100 - CONTEXT, 100))]


@pytest.mark.parametrize(("words", "is_shortened"), [(2 * CONTEXT, False), (2 * CONTEXT + 1, True)])
def test_of_what_is_between_two_changes_both_ends_are_shown(words: int, is_shortened: bool) -> None:
    same = [f"w{number}" for number in range(words)]
    [passage] = diff_words(f"un {' '.join(same)} un", f"deux {' '.join(same)} deux")
    ends = [*same[:CONTEXT], "…", *same[-CONTEXT:]]
    assert passage.parts[2].text.split() == (ends if is_shortened else same)
    [passage] = diff_words(f"un {' '.join(same)}", f"deux {' '.join(same)}")
    assert passage.parts[2].text.split() == [*same[:CONTEXT], "…"]
    [passage] = diff_words(f"{' '.join(same)} un", f"{' '.join(same)} deux")
    assert passage.parts[0].text.split() == ["…", *same[-CONTEXT:]]


def test_paragraphs_that_come_and_go_are_named_by_their_place() -> None:
    assert list(diff_words("Un.\n\nDeux.", "Un.\n\nDeux.\n\nTrois.")) == [
        Passage(3, [Part(DiffKind.ADDED, "Trois.")])
    ]
    assert list(diff_words("Un.\n\nDeux.", "Un.")) == [Passage(2, [Part(DiffKind.REMOVED, "Deux.")])]
    assert list(diff_words("Un.", "Un.")) == []


def test_characters_are_the_words_of_chinese() -> None:
    [passage] = diff_words("死者十二人。", "死者十九人。")
    assert [part.text for part in passage.parts] == ["死者十", "二", "九", "人。"]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many words or paragraphs each search for a change was given."""
    sizes = []

    def counting(junk: None, old: list[str], new: list[str], autojunk: bool) -> SequenceMatcher[str]:
        sizes.append(0 if old == new else len(old) + len(new))
        return SequenceMatcher(junk, old, new, autojunk=autojunk)

    monkeypatch.setattr("crawler.texts.word_diff.SequenceMatcher", counting)
    return sizes


def test_long_texts_are_one_change_without_a_search(compared: list[int]) -> None:
    before, after = (" ".join(f"{word}{number % 97}" for number in range(50_000)) for word in "ab")
    [passage] = diff_words(before, after)
    assert [part.kind for part in passage.parts] == [DiffKind.REMOVED, DiffKind.ADDED]
    assert max(compared) <= MOST


@pytest.mark.parametrize(("more", "parts"), [(0, 3), (1, 2)])
def test_as_many_words_as_may_be_are_compared(more: int, parts: int) -> None:
    words = " ".join(map(str, range(MOST // 2 - 1)))
    [passage] = diff_words(f"{words} un{more * ' deux'}", f"{words} trois")
    assert len(passage.parts) == parts


def test_many_paragraphs_are_one_change_without_a_search(compared: list[int]) -> None:
    before = "\n\n".join(["un", "deux"] * 2_000)
    after = "\n\n".join((["un", "deux"] * 20 + ["trois"]) * 100)
    [passage] = diff_words(before, after)
    assert [part.kind for part in passage.parts] == [DiffKind.REMOVED, DiffKind.ADDED]
    assert list(diff_words(before, before)) == []
    assert max(compared) <= MOST
