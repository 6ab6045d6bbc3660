"""Articles that tell the same in two languages are found, if they stand out from what else is told these days."""

import json
from array import array
from math import cos, pi, sqrt
from random import Random

import pytest

from crawler.relevance.encoder import DIMENSIONS, find_encoder
from crawler.relevance.translations import Meaning, find_candidates, find_translation
from tests.support.checkout import ROOT

TEXTS = ROOT / "bench" / "relevance_sets" / "translations.jsonl"


def meaning(language: str, *numbers: float) -> Meaning:
    return Meaning.of(language, (*numbers, *[0.0] * (DIMENSIONS - len(numbers))))


def test_a_meaning_is_one_byte_a_dimension() -> None:
    assert len(meaning("en", 0.6, -0.8).numbers) == DIMENSIONS
    assert meaning("en", 0.6, 0.8).similarity(meaning("fr", 0.6, 0.8)) == pytest.approx(1.0)
    assert meaning("en", 1.0, 0.0).similarity(meaning("fr", 0.0, 1.0)) == 0.0


def linked(article: Meaning, others: list[Meaning]) -> Meaning | None:
    """The one of the others that is found to be the translation."""
    nearest = find_candidates(article, others)
    found = find_translation(article, [(others[place], least) for place, least in nearest])
    return None if found is None else others[nearest[found].place]


def random_meaning(
    language: str, chance: Random, near: Meaning | None = None, likeness: float = 0.0
) -> Meaning:
    """One in any direction, or one that is so similar to another."""
    numbers = [chance.gauss(0, 1) for _ in range(DIMENSIONS)]
    other = array("b", near.numbers) if near else numbers
    scale = sqrt(sum(each * each for each in other) / DIMENSIONS)
    rest = sqrt(1 - likeness**2)
    mixed = [likeness * a / scale + rest * b for a, b in zip(other, numbers, strict=True)]
    return Meaning.of(language, tuple(mixed))


def test_signs_estimate_how_similar_two_are() -> None:
    chance = Random(1)
    one = random_meaning("en", chance)
    for likeness in (0.2, 0.6, 0.9):
        other = random_meaning("fr", chance, one, likeness)
        differing = (one.signs ^ other.signs).bit_count()
        assert cos(pi * differing / DIMENSIONS) == pytest.approx(one.similarity(other), abs=0.15)


def test_the_nearest_text_in_another_language_is_the_translation() -> None:
    chance = Random(2)
    english = random_meaning("en", chance)
    near, far = random_meaning("fr", chance, english, 0.7), random_meaning("de", chance, english, 0.3)
    own = random_meaning("en", chance, english, 0.9)
    assert linked(english, [far, near, own]) is near
    assert linked(english, [far, own]) is None
    assert linked(english, []) is None


def test_what_is_as_similar_as_many_others_is_no_translation() -> None:
    chance = Random(3)
    english = random_meaning("en", chance)
    alike = [random_meaning("fr", chance, english, 0.65) for _ in range(6)]
    assert linked(english, alike[:1]) is alike[0]
    assert linked(english, alike) is None


def test_a_text_that_many_are_similar_to_is_no_translation() -> None:
    chance = Random(4)
    french = random_meaning("fr", chance)
    crowd = [random_meaning("en", chance, french, 0.65) for _ in range(6)]
    assert linked(crowd[0], [french]) is french
    assert linked(crowd[0], [french, *crowd[1:]]) is None


def test_news_of_one_war_is_told_apart() -> None:
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("needs the extra `encoder`")
    told: list[tuple[str, Meaning]] = []
    links: list[bool] = []
    rows = map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines())
    for row in [row for row in rows if row["lang"] in ("en", "ar", "ru")]:
        meaning = Meaning.of(row["lang"], encoder.vector(row["title"], [row["text"]]))
        other = linked(meaning, [each for _, each in told])
        links += [story == row["story"] for story, each in told if each is other]
        told.append((row["story"], meaning))
    assert all(links)
    assert len(links) >= 0.8 * 2 * len(told) / 3
