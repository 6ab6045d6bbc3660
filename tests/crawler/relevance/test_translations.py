"""Articles that tell the same in two languages are found; each has one translation in a language at most."""

import json

import pytest

from crawler.relevance.encoder import DIMENSIONS, find_encoder
from crawler.relevance.translations import Meaning, find_translations, translation_similarity
from tests.support.checkout import ROOT

TEXTS = ROOT / "bench" / "relevance_sets" / "translations.jsonl"


def meaning(language: str, *numbers: float) -> Meaning:
    return Meaning.of(language, (*numbers, *[0.0] * (DIMENSIONS - len(numbers))))


def test_a_meaning_is_one_byte_a_dimension() -> None:
    assert len(meaning("en", 0.6, -0.8).numbers) == DIMENSIONS
    assert meaning("en", 0.6, 0.8).similarity(meaning("fr", 0.6, 0.8)) == pytest.approx(1.0)
    assert meaning("en", 1.0, 0.0).similarity(meaning("fr", 0.0, 1.0)) == 0.0


def test_texts_in_one_language_or_an_unknown_one_are_no_translations() -> None:
    english = meaning("en", 1.0)
    assert translation_similarity(english, meaning("en", 1.0)) == 0.0
    assert translation_similarity(english, meaning("hu", 1.0)) == 0.0


def test_the_nearest_text_of_a_language_is_its_translation() -> None:
    near, nearer, far = meaning("fr", 1.0, 0.3), meaning("fr", 1.0, 0.1), meaning("de", 0.1, 1.0)
    assert find_translations(meaning("en", 1.0), [near, nearer, far]) == {"fr": nearer}


def test_a_text_that_is_nearer_to_another_article_is_its_translation() -> None:
    french, rival = meaning("fr", 1.0, 0.3), meaning("en", 1.0, 0.29)
    assert find_translations(meaning("en", 1.0), [french]) == {"fr": french}
    assert find_translations(meaning("en", 1.0), [french, rival]) == {}


def test_news_of_one_war_is_told_apart() -> None:
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("needs the extra `encoder`")
    told: dict[str, list[Meaning]] = {}
    for row in map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines()):
        if row["lang"] in ("en", "ar", "ru"):
            vector = encoder.vector(row["title"], [row["text"]])
            told.setdefault(row["story"], []).append(Meaning.of(row["lang"], vector))
    others = [each for story in told.values() for each in story]
    links = {
        (story, other.language): other in told[story]
        for story, meanings in told.items()
        for other in find_translations(meanings[0], others).values()
    }
    assert all(links.values())
    assert len(links) >= 0.8 * 2 * len(told)
