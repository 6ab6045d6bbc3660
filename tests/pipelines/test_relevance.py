from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue.reviews import ReviewChoice, ReviewDecision
from crawler.errors import OperatorError
from crawler.fates import Fate
from crawler.items import Article, Decision, Evidence, Reason
from crawler.relevance import Scorer, Topic
from crawler.relevance.seeds import read_scorer
from crawler.relevance.topic import Thresholds
from pipelines.relevance import Damaged, Doubtful, OffTopic, Rejected, RelevancePipeline

SEED = ("Thirty air strikes hit jihadists in the desert of Tarn after an ambush on a convoy.",)
RELATED = "Rebels ambushed an army convoy near Vella, killed nine soldiers, and air strikes followed."
OTHER = "The council of Vella opened a library and two gardens."


def article(text: str, language: str | None = None) -> Article:
    return Article(
        url="https://vella.example/a",
        paragraphs=(text,),
        evidence=Evidence(),
        extractor="none",
        title="News",
        language=language,
    )


def pipeline(ruling: ReviewChoice | None = None, doubtful_from: float = 0.19) -> RelevancePipeline:
    related = 0.21 if doubtful_from == 0.19 else 0.9
    topic = Topic(Thresholds(related=related, related_review=doubtful_from))
    given = (
        ReviewDecision("https://vella.example/a", ruling, "Ada", "2026-05-03T10:00:00Z") if ruling else None
    )
    return RelevancePipeline(Scorer.from_seeds([SEED], topic=topic), lambda _: given)


def test_a_related_article_passes_with_its_reasons() -> None:
    relevance = pipeline().process_item(article(RELATED)).relevance
    assert relevance is not None
    assert relevance.accept
    assert any(reason.seen for reason in relevance.reasons)


def test_another_article_is_off_topic() -> None:
    with pytest.raises(OffTopic, match=r"conflict 0\.\d\d, related 0\.00") as refusal:
        pipeline().process_item(article(OTHER))
    assert refusal.value.fate is Fate.OFF_TOPIC
    assert refusal.value.article.relevance is not None


def test_a_doubtful_article_waits_for_a_decision() -> None:
    with pytest.raises(Doubtful) as refusal:
        pipeline(doubtful_from=0.2).process_item(article(RELATED))
    assert refusal.value.fate is Fate.REVIEW


def test_what_names_the_same_in_a_language_without_a_word_list_waits_for_a_person(
    caplog: pytest.LogCaptureFixture,
) -> None:
    judging = RelevancePipeline(
        Scorer.from_seeds([("Air strikes hit Idlib and Aleppo in Syria.",)]), lambda _: None
    )
    text = "Légicsapás érte Idlib és Aleppo városát a keddre virradó éjjel."
    with pytest.raises(Doubtful, match="no word list for hu") as doubt:
        judging.process_item(article(text, "hu"))
    assert doubt.value.article.relevance is not None
    assert doubt.value.article.relevance.decision is Decision.REVIEW
    with pytest.raises(OffTopic, match="no word list for hu"):
        judging.process_item(article("Rada miasta Vella otworzyla dwa ogrody.", "hu"))
    with pytest.raises(OffTopic, match=r"related 0\.00: "):
        judging.process_item(article(OTHER, "en"))
    with pytest.raises(OffTopic, match=r"related 0\.00: https"):
        judging.process_item(article(OTHER))
    judging.close_spider()
    assert "2 refused articles are in languages without a word list (hu 2)" in caplog.text


@pytest.mark.parametrize("text", [RELATED, OTHER])
def test_what_a_person_decided_holds_whatever_the_scores(text: str) -> None:
    accepted = pipeline(ReviewChoice.ACCEPT).process_item(article(text))
    assert accepted.relevance is not None
    with pytest.raises(Rejected, match=r"^rejected by Ada on 2026-05-03: https") as refusal:
        pipeline(ReviewChoice.REJECT).process_item(article(text))
    assert refusal.value.fate is Fate.OFF_TOPIC


@pytest.mark.parametrize(
    ("name", "seen", "conflict", "is_kept"),
    [
        ("concept strike", "air strike", 1.0, True),
        ("concept strike", "", 1.0, False),
        ("concept strike", "air strike", 0.0, False),
        ("entity weapon", "", 0.1, True),
        ("entity group", "", 0.1, True),
        ("entity place", "", 0.1, False),
        ("entity group", "", 0.0, False),
        ("entity group", "", -0.1, False),
    ],
)
def test_what_names_something_of_war_in_a_language_without_a_word_list_waits(
    name: str, seen: str, conflict: float, is_kept: bool
) -> None:
    scored = Scorer.from_seeds([SEED]).score("News", (OTHER,), "hu")
    found = replace(scored, reasons=(Reason(name, seen, conflict, 0.0),), related=0.0)
    with pytest.raises(Doubtful if is_kept else OffTopic):
        pipeline().process_item(replace(article(OTHER, "hu"), relevance=found))


def test_a_folder_without_seeds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No seed document"):
        read_scorer(tmp_path, "both")


@pytest.mark.parametrize("text", [RELATED, "ÐœÐ¾ÑÑ‚ Ð² Ð¢Ð°Ñ€Ð½Ðµ Ñ€Ð°Ð·Ñ€ÑƒÑˆÐµÐ½", "Ìîñò â Òàðíå"])
def test_what_cannot_be_read_waits_for_a_decision(text: str) -> None:
    damaged = replace(article(text), damage="UTF-8 that was read as windows-1252")
    with pytest.raises(Damaged, match="read as windows-1252") as refusal:
        pipeline().process_item(damaged)
    assert refusal.value.fate is Fate.REVIEW
    assert pipeline(ReviewChoice.ACCEPT).process_item(damaged).relevance is not None


def test_what_is_off_topic_in_spite_of_damage_does_not_wait() -> None:
    with pytest.raises(OffTopic):
        pipeline().process_item(replace(article(OTHER), damage="2 letters are lost"))
