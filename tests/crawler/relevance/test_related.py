"""How much a text has in common with one seed."""

import pytest

from crawler.relevance.related import TopicVector

CONCEPTS = {"ambush": 2.0, "shelling": 1.0}
NAMES = {"Tarn": 3.0}


def vector(concepts: dict[str, float], entities: dict[str, float]) -> TopicVector:
    return TopicVector(concepts, entities, entities)


@pytest.mark.parametrize("named", [{}, NAMES], ids=["text without names", "text with names"])
def test_for_a_seed_without_names_its_concepts_are_all_that_counts(named: dict[str, float]) -> None:
    seed = vector(CONCEPTS, {})
    found = seed.likeness(vector(CONCEPTS, named))
    assert found.score == pytest.approx(1.0)
    assert found.shared == pytest.approx({"ambush": 0.8, "shelling": 0.2})
    assert seed.likeness(vector({"coup": 1.0}, named)).score == 0.0


def test_for_a_seed_with_names_the_same_concepts_alone_are_less_than_half() -> None:
    seed = vector(CONCEPTS, NAMES)
    without, elsewhere, same = (
        seed.likeness(vector(CONCEPTS, named)).score for named in ({}, {"Vella": 3.0}, NAMES)
    )
    assert without == pytest.approx(0.4)
    assert 0 < elsewhere < without < same < 1


def test_what_a_seed_names_in_passing_is_not_what_it_is_about() -> None:
    seed = vector({}, {"Tarn": 3.0, "Vella": 1.0})
    of_seed = {name: seed.likeness(vector({}, {name: 3.0})).score for name in seed.entities}
    focused = {name: seed.focused().likeness(vector({}, {name: 3.0})).score for name in seed.entities}
    assert focused["Tarn"] == of_seed["Tarn"]
    assert focused["Vella"] < 0.5 * of_seed["Vella"]


@pytest.mark.parametrize("names", [{}, {"Tarn": 3.0}, {"Tarn": 2.0, "Vella": 2.0}])
def test_a_seed_that_names_all_alike_is_about_all_of_it(names: dict[str, float]) -> None:
    seed = vector(CONCEPTS, names)
    assert seed.focused() == seed
