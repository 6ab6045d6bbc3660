"""What the beginning of a page rules out, and what it never does."""

import pytest

from crawler.items import Decision
from crawler.relevance import Scorer, Topic
from crawler.relevance.topic import Thresholds

SEED = (
    "Rebels ambushed an army convoy near Aleppo and killed nine soldiers; air strikes on Idlib followed.",
)
BAKERS = (
    "The bakers of Vella have won the league of the valley with their cake of plums and honey this summer.",
    "The jury praised the crust, and the trainer of the young bakers promised another recipe for the autumn fair.",
)
AMBUSH = (
    "Rebels ambushed an army convoy near Vella on Monday and killed nine soldiers, the ministry of defence said.",
    "Air strikes followed at night, and shelling hit the market of the besieged town, where rescuers counted dead.",
)
ENGLISH = frozenset({"en"})


def scorer(mode: str, topic: Topic | None = None) -> Scorer:
    return Scorer.from_seeds([SEED], mode, topic or Topic())


@pytest.mark.parametrize(
    ("mode", "bakers", "ambush"),
    [("both", True, False), ("conflict", True, False), ("related", True, False), ("off", False, False)],
)
def test_the_scores_that_decide_rule_out(mode: str, bakers: bool, ambush: bool) -> None:
    judge = scorer(mode)
    assert bool(judge.rules_out("Cakes", BAKERS, ENGLISH)) is bakers
    assert bool(judge.rules_out("Ambush near Vella", AMBUSH, ENGLISH)) is ambush


def test_what_is_ruled_out_is_refused_when_it_is_read() -> None:
    judge = scorer("both")
    assert judge.rules_out("Cakes", BAKERS, ENGLISH) == "conflict 0.00, related 0.00"
    assert judge.score("Cakes", BAKERS, "en").decision is Decision.REFUSE


@pytest.mark.parametrize("languages", [frozenset(), frozenset({"is"}), frozenset({"en", "is"})])
def test_nothing_is_ruled_out_in_a_language_without_words(languages: frozenset[str]) -> None:
    assert not scorer("both").rules_out("Cakes", BAKERS, languages)


def test_a_short_beginning_rules_nothing_out() -> None:
    assert not scorer("both").rules_out("Cakes", BAKERS[:1], ENGLISH)


def test_a_person_who_lowers_the_thresholds_to_nothing_wants_everything() -> None:
    topic = Topic(Thresholds(conflict=0.0, conflict_review=0.0, related=0.0, related_review=0.0))
    assert not scorer("both", topic).rules_out("Cakes", BAKERS, ENGLISH)
