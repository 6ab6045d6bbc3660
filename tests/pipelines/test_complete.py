"""Only whole articles go on; what is none, or is reserved, ends with its fate."""

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from crawler.fates import Fate
from pipelines.complete import CompletePipeline, NoArticle, RightsReserved
from tests.support.outcomes import article

RESERVED = ("noarchive", "tdm-reservation")


@pytest.mark.parametrize("verdict", [None, "live_blog"])
def test_articles_and_live_blogs_pass_as_they_are(verdict: str | None) -> None:
    made = article("one", verdict=verdict)
    assert CompletePipeline(drops_reserved=True).process_item(made) is made


@pytest.mark.parametrize(
    "verdict",
    [
        "too_short",
        "no_text",
        "consent_wall",
        "paywall_stub",
        "bot_challenge",
        "soft_404",
        "js_shell",
        "index_page",
        "not_html",
        "redirected",
    ],
)
def test_the_verdict_of_a_page_that_is_no_article_is_its_fate(verdict: str) -> None:
    made = article("one", verdict=verdict)
    with pytest.raises(NoArticle, match="the page ") as refusal:
        CompletePipeline(drops_reserved=False).process_item(made)
    assert refusal.value.fate is Fate(verdict)
    assert verdict not in refusal.value.reason
    assert ":" not in refusal.value.reason
    assert refusal.value.article is made
    assert isinstance(refusal.value, DropItem)


def test_the_evidence_of_a_verdict_is_part_of_the_reason() -> None:
    made = article("one", verdict="soft_404", verdict_reason="its title is “404”")
    with pytest.raises(NoArticle) as refusal:
        CompletePipeline(drops_reserved=False).process_item(made)
    assert refusal.value.reason.endswith("under a status that says found: its title is “404”")


def test_another_verdict_is_told_in_its_own_words() -> None:
    with pytest.raises(NoArticle) as refusal:
        CompletePipeline(drops_reserved=False).process_item(article("one", verdict="too_large"))
    assert refusal.value.reason == "the page is no article, but too large"


def test_refusals_do_not_share_their_fate() -> None:
    refusals = [NoArticle(article("one", verdict=verdict)) for verdict in ("no_text", "soft_404")]
    assert [refusal.fate for refusal in refusals] == [Fate.NO_TEXT, Fate.SOFT_404]


def test_a_verdict_that_is_no_fate_is_a_defect() -> None:
    with pytest.raises(ValueError, match="odd"):
        CompletePipeline(drops_reserved=False).process_item(article("one", verdict="odd"))


def test_reserved_rights_are_flagged_or_dropped() -> None:
    made = article("one", rights=RESERVED)
    assert CompletePipeline(drops_reserved=False).process_item(made).rights == RESERVED
    with pytest.raises(RightsReserved, match="noarchive, tdm-reservation") as refusal:
        CompletePipeline(drops_reserved=True).process_item(made)
    assert refusal.value.fate is Fate.RIGHTS_DROPPED


@pytest.mark.parametrize(("policy", "drops"), [("flag", False), ("drop", True)])
def test_the_policy_is_a_setting(policy: str, drops: bool) -> None:
    pipeline = CompletePipeline.from_crawler(get_crawler(settings_dict={"RIGHTS_POLICY": policy}))
    assert pipeline.drops_reserved is drops
