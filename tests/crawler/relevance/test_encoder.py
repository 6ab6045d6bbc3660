"""The encoder gives the same vector for the same opening, whatever strangers wrote into it."""

from math import fsum
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.relevance import encoder as module
from crawler.relevance.encoder import CHARACTERS, DIMENSIONS, Encoder, find_encoder, opening


@pytest.fixture(scope="module")
def installed() -> Encoder:
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("needs the extra `encoder`")
    return encoder


def test_only_the_opening_of_a_text_is_read() -> None:
    assert opening("Tarn", ["One.", "Two."]) == "Tarn\nOne.\nTwo."
    assert opening(None, ["a" * CHARACTERS, "b"]) == "a" * CHARACTERS


def test_a_headline_that_begins_the_text_again_is_read_once() -> None:
    assert opening("Shells hit Tarn", ["Shells hit Tarn", "Two died."]) == "Shells hit Tarn\nTwo died."


def test_what_is_no_letter_is_left_out() -> None:
    assert opening("Ta\ud800rn", ()) == "Tarn"


def test_where_no_encoder_is_installed_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert find_encoder.__wrapped__() is None


def test_weights_that_cannot_be_read_end_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"No such file or directory.*RELEVANCE_ENCODER=0"):
        _ = Encoder(tmp_path).weights_hash


def test_a_vector_has_length_one_and_is_the_same_each_time(installed: Encoder) -> None:
    one, again = (installed.vector("Shells hit Tarn", ["Two people died."]) for _ in range(2))
    assert one == again
    assert len(one) == DIMENSIONS
    assert fsum(number * number for number in one) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800\udfff", "ﷺ" * 2000, "e" + "\u0301" * 5000, " \n" * 3000, "\U0010ffff" * 900]
)
def test_odd_text_has_a_vector_too(installed: Encoder, text: str) -> None:
    assert fsum(number * number for number in installed.vector(text, [text])) == pytest.approx(1.0, abs=1e-5)


def test_a_translation_is_nearer_than_other_news_of_the_same_place(installed: Encoder) -> None:
    english, spanish, other = (
        installed.vector(None, [text])
        for text in (
            "Shells fell on the market of Tarn and killed seven people.",
            "Varios proyectiles cayeron en el mercado de Tarn y mataron a siete personas.",
            "El mercado de Tarn vende este otoño las mejores manzanas.",
        )
    )
    near, far = (fsum(a * b for a, b in zip(english, each, strict=True)) for each in (spanish, other))
    assert near > far + 0.2
