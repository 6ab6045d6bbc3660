"""Lines that are not the story by how they begin."""

import pytest

from crawler.extraction.body.labels import is_label
from tests.support.pages import STORIES, parsed_page, story, text


def label(line: str) -> bool:
    (block,) = parsed_page(f"<p>{line}</p>").blocks
    return is_label(block)


@pytest.mark.parametrize("part", ["also", "newsletter"])
@pytest.mark.parametrize("language", sorted(STORIES))
def test_pointers_and_requests_are_labels(language: str, part: str) -> None:
    assert label(text(language, part))


@pytest.mark.parametrize("language", sorted(STORIES))
def test_sentences_of_the_story_are_none(language: str) -> None:
    assert not any(map(label, story(language)))


def test_words_that_also_begin_sentences_count_only_alone() -> None:
    assert label("Anzeige")
    assert not label("Anzeigen gegen den Müller von Varosk hat die Polizei bisher nicht erhalten.")


def test_bullets_do_not_hide_a_label() -> None:
    assert label("► Lesen Sie auch: Die Mühle von Varosk")
