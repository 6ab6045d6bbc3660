"""An article without a trustworthy date is never given one."""

import pytest

from crawler.fates import Fate
from pipelines.dated import DatedPipeline, Undated
from tests.support.outcomes import article


def test_an_article_whose_month_is_known_passes() -> None:
    made = article("one", month="2021-01")
    assert DatedPipeline().process_item(made) is made


def test_an_article_without_a_month_is_undated_whatever_else_it_says() -> None:
    made = article("one", month=None, modified="2021-01-28")
    with pytest.raises(Undated) as refusal:
        DatedPipeline().process_item(made)
    assert refusal.value.fate is Fate.UNDATED
    assert refusal.value.article is made
