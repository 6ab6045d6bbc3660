"""An article without a trustworthy date is never given one."""

import pytest

from crawler.catalogue.stated_months import StatedMonth
from crawler.fates import Fate
from crawler.items import DateEvidence, DateKind, DateSource, Evidence
from pipelines.dated import DatedPipeline, OutOfRange, Undated
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


@pytest.mark.parametrize("published", ["2021-01-10", "2021-01-20", None])
def test_an_article_of_the_days_that_a_back_fill_wants_passes(published: str | None) -> None:
    made = article(
        "one", month="2021-01", published=published, evidence=Evidence(period="2021-01-10/2021-01-20")
    )
    assert DatedPipeline().process_item(made) is made


@pytest.mark.parametrize(
    ("month", "published"),
    [("2021-01", "2021-01-09"), ("2021-01", "2021-01-21"), ("2021-02", None)],  # a month may hold days of it
)
def test_an_article_of_other_days_is_out_of_range(month: str, published: str | None) -> None:
    made = article("one", month=month, published=published, evidence=Evidence(period="2021-01-10/2021-01-20"))
    with pytest.raises(OutOfRange, match="not within 2021-01-10/2021-01-20") as refusal:
        DatedPipeline().process_item(made)
    assert refusal.value.fate is Fate.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("published", "stays"), [("2021-01-28T09:00:00+01:00", True), ("2021-02-01", False), (None, False)]
)
def test_a_month_that_a_person_stated_keeps_a_day_of_it(published: str | None, stays: bool) -> None:
    made = article("one", month="2021-02", published=published)
    pipeline = DatedPipeline(lambda url: StatedMonth(url, "2021-01", "Ada", "2026-05-03T10:00:00Z"))
    dated = pipeline.process_item(made)
    assert (dated.month, dated.published) == ("2021-01", published if stays else "2021-01")
    assert (dated.date_source, dated.date_conflict) == (DateSource.PERSON, False)
    assert dated.dates[0] == DateEvidence("2021-01", DateKind.PUBLISHED, DateSource.PERSON)
