"""Decisions of people move thresholds: little if there are few of them, and back by removing one file."""

from math import exp
from pathlib import Path
from random import Random

import pytest

from crawler.errors import OperatorError
from crawler.relevance import Scorer, TopicProfile
from crawler.relevance.scorer import Score
from crawler.relevance.topic import Thresholds
from crawler.relevance.tuning import FARTHEST, NO_TUNING, Tuning, moved
from crawler.relevance.tuning_fit import Example, agrees, cross_validated, fit

SEED = ("An ambush near Palmyra killed nine soldiers in Syria.",)


def decided(count: int, shift: float, seed: int = 1, sources: int = 8) -> list[Example]:
    """Decisions on pages near the threshold, of which as many belong as their scores say once they are shifted."""
    chance, found = Random(seed), list[Example]()
    for number in range(count):
        odds = chance.uniform(-2.5, 2.5)
        belongs = chance.random() < 1 / (1 + exp(-odds - shift))
        found.append(Example(f"source {number % sources}", 1 / (1 + exp(-odds)), None, belongs))
    return found


@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.0])
def test_a_shift_is_found_again(shift: float) -> None:
    assert fit(decided(600, shift)).conflict == pytest.approx(shift, abs=0.3)


def test_few_decisions_move_little_and_many_that_are_alike_not_without_end() -> None:
    few, many = (fit([Example("vella", 0.4, None, belongs=True)] * count).conflict for count in (3, 3000))
    assert 0 < few < 1
    assert many == FARTHEST
    assert fit([]) == NO_TUNING


def test_each_threshold_is_moved_by_the_pages_for_which_its_score_speaks() -> None:
    by_conflict, by_related = Example("a", 0.4, 0.7, belongs=True), Example("a", 0.9, 0.45, belongs=False)
    found = fit([by_conflict] * 30 + [by_related] * 30)
    assert found.conflict > 0.3
    assert found.related < -0.3


def test_a_page_belongs_if_every_score_that_has_a_say_accepts_it() -> None:
    page = Example("a", 0.6, 0.4, belongs=True)
    assert not agrees(page, NO_TUNING)
    assert agrees(page, Tuning(related=0.5))
    assert not agrees(page, Tuning(conflict=-0.5, related=0.5))
    assert agrees(page._replace(related=None), NO_TUNING)


def test_a_tuning_is_judged_by_sources_that_it_did_not_see() -> None:
    gains = cross_validated(decided(200, 1.5))
    assert gains.decisions == 200
    assert gains.after > gains.before
    assert 0 < gains.low < gains.after - gains.before < gains.high
    none = cross_validated(decided(200, 0.0))
    assert none.low < 0 < none.high + 1
    # What one of four sources alone says does not help the other ones.
    odd = [Example("odd", 0.45, None, belongs=True)] * 30
    rest = [Example(f"source {number % 3}", 0.45, None, belongs=False) for number in range(30)]
    assert cross_validated(odd + rest).after < cross_validated(odd + rest).before


def test_with_hardly_any_sources_pages_take_turns() -> None:
    assert cross_validated(decided(100, 1.5, sources=1)).after > 50


@pytest.mark.parametrize("threshold", [0.21, 0.5, 0.8])
def test_a_threshold_moves_to_the_score_whose_odds_are_now_even(threshold: float) -> None:
    for shift in (-1.0, 0.4):
        score = Score(moved(threshold, shift), threshold, 0.0).scaled
        assert score == pytest.approx(1 / (1 + exp(shift)), abs=1e-3)
    assert moved(threshold, 0.0) == threshold


def test_thresholds_for_review_go_along() -> None:
    lower = Tuning(conflict=1.0, related=0.5).applied(Thresholds())
    assert lower.conflict_review < lower.conflict < 0.3
    assert lower.related_review < lower.related < 0.19
    higher = Tuning(conflict=-1.0).applied(Thresholds())
    assert 0.5 < higher.conflict_review < higher.conflict < 0.8
    assert Tuning(1.0, 1.0).applied(Thresholds(0.0, 0.0, 1.0, 0.0)).conflict == 0.0


def test_the_model_names_the_tuning_and_without_its_file_all_is_as_before(tmp_path: Path) -> None:
    file = tmp_path / "tuning.toml"
    file.write_text("# why\n[shift]\nconflict = 1.0\nrelated = 0.0\n", encoding="utf-8")
    tuning = Tuning.read(file)
    text = ["The general of Vella said that troops could be sent to the border if talks fail."]
    shipped, tuned = (
        Scorer.from_seeds([SEED], "conflict"),
        Scorer.of(TopicProfile((SEED,), "conflict", tuning=tuning)),
    )
    assert tuned.model.endswith(f", tuning {tuning.digest}")
    before, after = shipped.score(None, text), tuned.score(None, text)
    assert (before.conflict, before.accept, after.accept) == (after.conflict, False, True)
    file.unlink()
    assert Tuning.read(file) == Tuning.read(None) == NO_TUNING
    assert Scorer.of(TopicProfile((SEED,), "conflict", tuning=NO_TUNING)).model == shipped.model


@pytest.mark.parametrize(
    "content",
    [
        b"[shift]\nconflict = 1.0\n",
        b"[shift]\nconflict = 1\nrelated = nan\n",
        b"[shift",
        b"\xff",
        b"shift = 3\n",
    ],
)
def test_a_wrong_file_is_told_with_both_remedies(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tuning.toml").write_bytes(content)
    with pytest.raises(
        OperatorError, match=r"is no tuning: `scrapy relevance untune` removes it, .* makes a new one"
    ):
        Tuning.read(tmp_path / "tuning.toml")
