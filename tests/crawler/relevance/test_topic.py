from pathlib import Path

import pytest

from crawler.relevance import Scorer, Topic, TopicError
from crawler.relevance.topic import FILE, Thresholds

SEED = ("Thirty air strikes hit jihadists in the desert of Tarn after an ambush on a convoy.",)

ADDED = """
[thresholds]
conflict = 0.6
related = 0.3

[concepts.krenning]
terms = ["krenn*", "great krenning"]
conflict = 9.0
group = "act"

[concepts.sport]
terms = ["kubbel"]

[entities.tarn]
aliases = ["tarn", "tarnian*"]
kind = "country"

[entities.ostrava]
aliases = ["ostrava"]
part_of = "tarn"
"""


def written(folder: Path, text: str) -> Topic:
    (folder / FILE).write_text(text, encoding="utf-8")
    return Topic.read(folder)


def test_a_folder_without_the_file_adds_nothing(tmp_path: Path) -> None:
    assert Topic.read(tmp_path) == Topic()
    assert Scorer.from_seeds([SEED]).model == Scorer.from_seeds([SEED], topic=Topic.read(tmp_path)).model


def test_words_weights_and_thresholds_are_the_operators(tmp_path: Path) -> None:
    topic = written(tmp_path, ADDED)
    plain, scorer = Scorer.from_seeds([SEED]), Scorer.from_seeds([SEED], topic=topic)
    text = ("The Krenns began a great krenning near the river.",)
    assert not plain.score(None, text).conflict_accept
    found = scorer.score(None, text)
    assert found.conflict_accept
    assert found.terms == ("Krenns",)
    game = ("Soldiers played kubbel.",)
    assert scorer.score(None, game).conflict < plain.score(None, game).conflict
    assert topic.thresholds == Thresholds(0.6, 0.28, 0.3, 0.19)


def test_who_names_a_part_speaks_of_the_whole(tmp_path: Path) -> None:
    text = ("Soldiers left Ostrava.",)
    plain = Scorer.from_seeds([SEED]).score(None, text)
    assert Scorer.from_seeds([SEED], topic=written(tmp_path, ADDED)).score(None, text).related > plain.related


def test_the_model_identifies_the_file(tmp_path: Path) -> None:
    models = {
        Scorer.from_seeds([SEED], topic=written(tmp_path, text)).model for text in (ADDED, ADDED + "# more\n")
    }
    assert len(models) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[thresholds", "topic.toml: "),
        ("[threshold]", "The file has 'threshold'; known are concepts, entities, thresholds."),
        ("[thresholds]\nwar = 1", "has 'war'; known are conflict, conflict_review, related, related_review."),
        ("[thresholds]\nrelated = '1'", "related is '1'; give a number."),
        ("[thresholds]\nconflict = 60", "conflict is 60; give a number from 0 to 1."),
        ("[thresholds]\nrelated = nan", "related is nan; give a number."),
        ("[concepts.x]\nterms = ['a']\nconflict = inf", "[concepts.x]: conflict is inf; give a number."),
        ("[thresholds]\nrelated_review = 0.9", "related_review is above related: give it no more"),
        ("concepts = 3", "concepts is not a table: write [concepts]."),
        ("[concepts.x]\nterms = 'a'", '[concepts.x]: terms is a list of words, such as ["ambush*"].'),
        ("[concepts.x]\nterms = ['*']", "[concepts.x]: terms is a list of words"),
        (
            "[concepts.x]\ngroup = 'war'",
            "group is 'war'; give one of act, force, means, harm, setting, other.",
        ),
        ("[entities.x]\nkind = 'town'", "kind is 'town'; give one of place, country, group, weapon, power."),
        ("[entities.x]\npart_of = 3", "[entities.x]: part_of is the name of one entity."),
        (
            "[entities.x]\npart_of = 'siria'",
            "[entities.x]: part_of is 'siria'; give an entity of the word lists or of this file.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(TopicError) as error:
        Scorer.from_seeds([SEED], topic=written(tmp_path, text))
    assert sentence in str(error.value)


@pytest.mark.parametrize("share", ["0", "0.0", "0.5", "1", "1.0"])
def test_a_threshold_may_be_all_or_nothing(tmp_path: Path, share: str) -> None:
    read = written(tmp_path, f"[thresholds]\nconflict = {share}\nconflict_review = 0")
    assert (read.thresholds.conflict, read.thresholds.conflict_review) == (float(share), 0.0)


@pytest.mark.parametrize("share", ["-0.001", "1.001"])
def test_a_threshold_is_no_less_than_nothing_and_no_more_than_all(tmp_path: Path, share: str) -> None:
    with pytest.raises(TopicError, match="give a number from 0 to 1"):
        written(tmp_path, f"[thresholds]\nconflict = {share}\nconflict_review = 0")


def test_a_text_may_be_accepted_or_refused_with_nothing_between(tmp_path: Path) -> None:
    read = written(tmp_path, "[thresholds]\nrelated = 0.4\nrelated_review = 0.4")
    assert read.thresholds.related == read.thresholds.related_review == 0.4


@pytest.mark.parametrize("name", ["conflict", "related"])
def test_a_lower_threshold_takes_that_for_review_along(tmp_path: Path, name: str) -> None:
    read = written(tmp_path, f"[thresholds]\n{name} = 0.01")
    assert getattr(read.thresholds, f"{name}_review") == 0.01
    higher = written(tmp_path, f"[thresholds]\n{name} = 0.99")
    assert getattr(higher.thresholds, f"{name}_review") == getattr(Thresholds(), f"{name}_review")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(TopicError, match=r"topic\.toml: "):
        Topic.read(tmp_path)
