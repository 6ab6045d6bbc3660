"""Articles of which pages are missing wait for them."""

import pytest

from crawler.fates import Fate
from crawler.items import Validators
from pipelines.whole import PagesMissing, WholePipeline
from tests.support.outcomes import article


def test_an_article_that_is_whole_passes() -> None:
    whole = article("one")
    assert WholePipeline().process_item(whole) is whole


def test_an_article_of_which_a_page_is_missing_waits_for_it() -> None:
    page = article("one", missing="the article goes on at https://marisol.example/one/2, which is not here")
    with pytest.raises(PagesMissing, match="one/2, which is not here") as refused:
        WholePipeline().process_item(page)
    assert refused.value.fate is Fate.INCOMPLETE


def test_a_page_that_waits_is_asked_for_in_full_the_next_time() -> None:
    page = article(
        "one",
        missing="the article goes on elsewhere",
        validators=Validators('"v1"', "Mon, 11 Jan 2021 10:00:00 GMT"),
    )
    with pytest.raises(PagesMissing) as refused:
        WholePipeline().process_item(page)
    assert refused.value.article.validators == Validators()
