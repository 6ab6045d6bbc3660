"""The place of a mention in a text decides its weight."""

import pytest

from crawler.relevance.features import Mentions, find_mentions
from crawler.relevance.lexicon import load_lexicon

LEXICON = load_lexicon()
CONCEPT = "ambush"
HEADLINE = "Five trees of the valley grow tall"


def reading(title: str | None, *words_before: int) -> Mentions:
    """A text with a mention of the concept behind each of these numbers of other words."""
    text = " ".join(" ".join(["tree"] * count + ["ambush"]) for count in words_before)
    return find_mentions(LEXICON, title, [text])


@pytest.mark.parametrize("title", [None, HEADLINE])
@pytest.mark.parametrize(("before", "is_in_lead"), [(0, True), (98, True), (99, True), (100, False)])
def test_the_lead_is_a_hundred_words_behind_the_headline(
    title: str | None, before: int, is_in_lead: bool
) -> None:
    found = reading(title, before)
    assert CONCEPT in found.presence
    assert (CONCEPT in found.lead) is is_in_lead
    assert CONCEPT not in found.title


def test_a_mention_counts_most_in_the_headline_and_least_behind_the_lead() -> None:
    in_title = find_mentions(LEXICON, "An ambush", ["tree"] * 3).presence[CONCEPT]
    in_lead, behind = reading(None, 99).presence[CONCEPT], reading(None, 100).presence[CONCEPT]
    assert in_title > in_lead > behind


@pytest.mark.parametrize(
    ("title", "text", "is_titled"), [("Tree", "", False), (None, "tree", False), ("Tree", "tree", True)]
)
def test_a_text_is_titled_by_a_headline_with_something_below(
    title: str | None, text: str, is_titled: bool
) -> None:
    assert find_mentions(LEXICON, title, [text]).is_titled is is_titled
