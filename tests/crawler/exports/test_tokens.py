"""Sentences and tokens, in many scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.exports.tokens import sentences_of, tokens_in

TOKENS = [
    ("L’armée a repris Sarrat-sur-Mer.", ["L’armée", "a", "repris", "Sarrat-sur-Mer", "."]),
    (
        "12,500 people (3.5%) left at 10:30!",
        ["12,500", "people", "(", "3.5%", ")", "left", "at", "10:30", "!"],
    ),
    ("«لا ضحايا»، قال", ["«", "لا", "ضحايا", "»", "،", "قال"]),
    ("قُصِفَ الميناء؟", ["قُصِفَ", "الميناء", "؟"]),
    ("बंदरगाह पर हमला।", ["बंदरगाह", "पर", "हमला", "।"]),
    ("港口遭到袭击。", ["港", "口", "遭", "到", "袭", "击", "。"]),
    ("ท่าเรือ", ["ท่", "า", "เรื", "อ"]),
    ("မြို့", ["မြို့"]),
    ("Тармил, 3-й день", ["Тармил", ",", "3", "-", "й", "день"]),
    ("see https://tarn.example/a?b=1, now", ["see", "https://tarn.example/a?b=1", ",", "now"]),
    ("צה״ל הודיע", ["צה״ל", "הודיע"]),
    ("T-72s and 🚒", ["T-72s", "and", "🚒"]),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_words_numbers_and_signs_are_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_in(text) == tokens


SENTENCES = [
    ("The port reopened. Two ships wait.", ["The port reopened.", "Two ships wait."]),
    ("Gen. Orla Tarn spoke. Nobody came.", ["Gen. Orla Tarn spoke.", "Nobody came."]),
    ("M. Tarn a dit «non.» Puis rien.", ["M. Tarn a dit «non.»", "Puis rien."]),
    ("هل سقطت المدينة؟ لا أحد يعرف.", ["هل سقطت المدينة؟", "لا أحد يعرف."]),
    ("港口遭到袭击。两人受伤。", ["港口遭到袭击。", "两人受伤。"]),
    ("बंदरगाह पर हमला। दो घायल।", ["बंदरगाह पर हमला।", "दो घायल।"]),
    ("3.5 million", ["3.5 million"]),
]


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_a_sentence_ends_where_readers_see_its_end(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


@given(st.text())
def test_no_letter_is_lost(text: str) -> None:
    tokens = [token for sentence in sentences_of(text) for token in tokens_in(sentence)]
    assert "".join("".join(tokens).split()) == "".join(text.split())
