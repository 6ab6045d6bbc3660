"""Which sources a choice takes, and how a choice that takes none is answered."""

from pathlib import Path

import pytest

from crawler.sources.choice import Choice, ChoiceError
from crawler.sources.registry import load_sources
from tests.support.source_entries import TARN, VELMAR, ids


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(TARN + VELMAR, encoding="utf-8")
    return path


def refusal(path: Path, choice: Choice) -> str:
    with pytest.raises(ChoiceError) as refused:
        load_sources(path, choice)
    return str(refused.value)


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (Choice(source=("velmar-vesti",)), ["velmar-vesti"]),
        (Choice(source=("velmar-vesti", "tarn-courier")), ["tarn-courier", "velmar-vesti"]),
        (Choice(language=("uk", "fr")), ["tarn-courier", "velmar-vesti"]),
        (Choice(language=("ru",)), ["velmar-vesti"]),
        (Choice(country=("ml",)), ["tarn-courier"]),
        (Choice(focus=("sahel",)), ["tarn-courier"]),
        (Choice(kind=("agency",)), ["velmar-vesti"]),
        (Choice(owner=("state",)), ["velmar-vesti"]),
        (Choice(kind=("agency",), language=("uk",)), ["velmar-vesti"]),
        (Choice.of({"country": "ML, SY", "due": "1"}), ["tarn-courier", "velmar-vesti"]),
    ],
)
def test_sources_are_chosen_by_what_is_known_of_them(
    tmp_path: Path, choice: Choice, chosen: list[str]
) -> None:
    path = tmp_path / "mine.toml"
    tarn = TARN.replace("country", 'focus = ["ML", "Sahel"]\ncountry', 1)
    velmar = (
        VELMAR.replace("ML", "SY")
        .replace("newspaper", "agency")
        .replace("country", 'owner = "state"\ncountry', 1)
    )
    path.write_text(tarn + velmar, encoding="utf-8")
    assert ids(load_sources(path, choice)) == chosen


def test_no_source_of_all_choices_is_refused(registry: Path) -> None:
    none = Choice(source=("tarn-courier",), language=("ru",))
    assert "no enabled source of this choice" in refusal(registry, none)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(source=("tarn-courrier",)), "no enabled source 'tarn-courrier'; did you mean tarn-courier?"),
        (Choice(source=("gazette",)), "there are tarn-courier, velmar-vesti."),
        (Choice(language=("ar",)), "no enabled source in 'ar'; there are fr, ru, uk."),
        (Choice(country=("XX",)), "no enabled source from 'XX'; there are ML."),
        (Choice(focus=("SY",)), "no enabled source with a focus on 'SY'; there are none."),
        (Choice(kind=("newspapers",)), "of the kind 'newspapers'; did you mean newspaper?"),
        (Choice(owner=("state",)), "with the owner 'state'; there are none."),
    ],
)
def test_an_unknown_choice_is_answered_with_what_is_near(registry: Path, choice: Choice, words: str) -> None:
    assert words in refusal(registry, choice)
