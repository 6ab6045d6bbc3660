"""The place of a mention in a text decides its weight, and so does the sentence that it stands in."""

import pytest

from crawler.relevance.features import Mentions, describe, find_mentions
from crawler.relevance.lexicon import load_lexicon
from crawler.relevance.reading import READ_CHARS

LEXICON = load_lexicon()
CONCEPT = "ambush"
HEADLINE = "Five trees of the valley grow tall"


def reading(title: str | None, *words_before: int) -> Mentions:
    """A text with a mention of the concept behind each of these numbers of other words."""
    text = " ".join(" ".join(["tree"] * count + ["ambush"]) for count in words_before)
    return find_mentions(LEXICON, title, [text])


@pytest.mark.parametrize(("title", "headline"), [(None, 25), (HEADLINE, 0)])
@pytest.mark.parametrize(("before", "is_in_lead"), [(0, True), (98, True), (99, True), (100, False)])
def test_the_lead_is_a_hundred_words_behind_the_headline(
    title: str | None, headline: int, before: int, is_in_lead: bool
) -> None:
    found = reading(title, headline + before)
    assert CONCEPT in found.presence
    assert (CONCEPT in found.lead) is is_in_lead
    assert CONCEPT not in found.title


def test_a_mention_counts_most_in_the_headline_and_least_behind_the_lead() -> None:
    in_title = find_mentions(LEXICON, "An ambush", ["tree"] * 3).presence[CONCEPT]
    in_lead, behind = reading(HEADLINE, 99).presence[CONCEPT], reading(HEADLINE, 100).presence[CONCEPT]
    assert in_title > in_lead > behind


@pytest.mark.parametrize(("before", "is_headline"), [(0, True), (24, True), (25, False)])
def test_the_first_sentence_of_a_text_without_a_headline_is_one(before: int, is_headline: bool) -> None:
    assert (CONCEPT in reading(None, before).title) is is_headline
    assert CONCEPT not in find_mentions(LEXICON, None, ["The trees grow. An ambush."]).title


def test_a_text_that_repeats_its_headline_is_read_once() -> None:
    alone, twice = (
        find_mentions(LEXICON, "Ambush near Vella", text) for text in ((), ("Ambush near Vella",))
    )
    assert alone == twice


@pytest.mark.parametrize(
    ("title", "text", "is_titled"), [("Tree", "", True), (None, "tree", False), ("Tree", "tree a", True)]
)
def test_a_text_is_titled_by_a_headline(title: str | None, text: str, is_titled: bool) -> None:
    assert find_mentions(LEXICON, title, [text]).is_titled is is_titled


def test_words_of_war_count_less_in_a_sentence_about_a_trial_or_an_exercise() -> None:
    here = find_mentions(LEXICON, HEADLINE, ["The judge ate. An ambush was laid."])
    tried = find_mentions(LEXICON, HEADLINE, ["An ambush was laid, said the judge. He ate."])
    assert tried.presence[CONCEPT] < here.presence[CONCEPT]
    assert tried.presence["trial"] == here.presence["trial"]


def test_an_event_is_an_act_and_who_does_or_suffers_it_in_one_sentence() -> None:
    together = describe(find_mentions(LEXICON, HEADLINE, ["An ambush killed many. It rained."]), LEXICON)
    apart = describe(find_mentions(LEXICON, HEADLINE, ["An ambush. It killed many."]), LEXICON)
    assert together["event share"] == pytest.approx(1 / 3)
    assert "event share" not in apart


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It was in 1871.", {"years", "old years"}),
        ("An ambush in 2019.", {"years", "violent years"}),
        ("在2019年", {"years"}),
        ("It cost 20190 crowns or 0190.", set[str]()),
    ],
)
def test_numbers_of_four_digits_are_years(text: str, names: set[str]) -> None:
    features = describe(find_mentions(LEXICON, HEADLINE, [text]), LEXICON)
    assert {name for name in features if "years" in name} == names


@pytest.mark.parametrize(("before", "is_read"), [(READ_CHARS - 6, True), (READ_CHARS, False)])
def test_the_beginning_of_a_long_text_is_read(before: int, is_read: bool) -> None:
    text = "." * before + "ambush"
    assert (CONCEPT in find_mentions(LEXICON, HEADLINE, [text]).presence) is is_read
