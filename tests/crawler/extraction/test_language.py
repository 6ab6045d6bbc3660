"""The language of a text."""

import pytest

from crawler.extraction.body.blocks import reading_length
from crawler.extraction.language import declared_language, detect_language
from crawler.items import Evidence
from tests.support.pages import STORIES, parsed_page, story


@pytest.mark.parametrize("language", sorted(STORIES))
def test_the_text_decides_its_language_whatever_is_declared(language: str) -> None:
    assert detect_language(story(language), "", "sv") == language


def test_a_short_text_is_in_the_declared_language() -> None:
    assert detect_language(("Varosk, 12.",), "", "cs") == "cs"


def test_without_text_the_declared_language_holds() -> None:
    assert detect_language((), "", "uk") == "uk"
    assert detect_language((), "", None) is None


@pytest.mark.parametrize(
    ("html", "hint", "language"),
    [
        ('<html lang="pt-BR">', "", "pt"),
        ('<html lang="EN_us">', "", "en"),
        ('<html lang="english">', "", None),
        ("<html>", "", None),
        ('<html lang="en">', "uk", "uk"),
    ],
)
def test_the_registry_outranks_what_the_page_declares(html: str, hint: str, language: str | None) -> None:
    assert declared_language(parsed_page(f"{html}<p>x</p>", evidence=Evidence(language=hint))) == language


@pytest.mark.parametrize(("length", "language"), [(119, "cs"), (120, "fr"), (121, "fr")])
def test_a_text_of_some_length_decides_its_language(length: int, language: str) -> None:
    text = "Les soldats ont quitté la ville de Varosk lundi matin et les habitants sont revenus. " * 3
    while reading_length(text) > length:
        text = text[:-1]
    assert detect_language((text,), "", "cs") == language
