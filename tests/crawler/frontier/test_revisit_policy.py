import pytest

from crawler.fates import IN_CORPUS, Fate
from crawler.frontier.revisit_policy import (
    ASTRAY_S,
    FAILURES_S,
    FIRST_INTERVAL_S,
    LATEST_S,
    LEAST_INTERVAL_S,
    MOST_INTERVAL_S,
    STYLE_S,
    VISITS_S,
    Standing,
    may_heal,
    next_visit,
)
from crawler.items import UrlKind


def intervals(has_news: bool, times: int) -> list[float]:
    standing, found = Standing(), []
    for _ in range(times):
        standing, due_in_s = next_visit(UrlKind.FEED, Fate.DISCOVERY, standing, has_news)
        assert due_in_s == standing.interval_s
        found.append(standing.interval_s)
    return found


def test_a_listing_with_news_is_looked_at_twice_as_often_down_to_five_minutes() -> None:
    assert intervals(has_news=True, times=9) == [FIRST_INTERVAL_S, 1800, 900, 450, *[LEAST_INTERVAL_S] * 5]


def test_a_listing_without_news_is_looked_at_less_often_up_to_a_week() -> None:
    found = intervals(has_news=False, times=40)
    assert found[:3] == [FIRST_INTERVAL_S, 1.5 * FIRST_INTERVAL_S, 2.25 * FIRST_INTERVAL_S]
    assert found[-1] == MOST_INTERVAL_S


@pytest.mark.parametrize("kind", [UrlKind.CDX, UrlKind.GDELT, UrlKind.WARC_PATHS, UrlKind.WARC])
@pytest.mark.parametrize("fate", [Fate.DISCOVERY, Fate.PARTLY_READ, Fate.GONE])
def test_what_a_back_fill_asked_of_a_service_no_crawl_asks_again(kind: UrlKind, fate: Fate) -> None:
    assert next_visit(kind, fate, Standing(), has_news=True) == (Standing(), None)


def test_a_listing_that_did_not_change_counts_as_one_without_news() -> None:
    _, due_in_s = next_visit(UrlKind.FEED, Fate.UNCHANGED, Standing(interval_s=1000), False)
    assert due_in_s == 1500


@pytest.mark.parametrize("fate", [*sorted(IN_CORPUS), Fate.UNCHANGED, Fate.PART])
def test_an_article_is_looked_at_after_hours_days_weeks_then_never(fate: Fate) -> None:
    standing, times = Standing(), []
    for _ in range(7):
        standing, due_in_s = next_visit(UrlKind.ARTICLE, fate, standing, False)
        times.append(due_in_s)
    assert times == [*VISITS_S, None, None]
    assert list(VISITS_S) == sorted(VISITS_S)


@pytest.mark.parametrize("fate", [Fate.OFF_TOPIC, Fate.GONE, Fate.NOT_HTML, Fate.DUPLICATE, Fate.TOO_SHORT])
def test_what_is_not_in_the_corpus_is_not_looked_at_again(fate: Fate) -> None:
    assert next_visit(UrlKind.ARTICLE, fate, Standing(), False)[1] is None


@pytest.mark.parametrize("fate", [Fate.REDIRECTED, Fate.TRAP, Fate.BAD_URL])
def test_an_article_that_led_elsewhere_is_looked_at_again_days_later_and_given_up(fate: Fate) -> None:
    standing, times = Standing(), []
    for _ in range(len(ASTRAY_S) + 1):
        standing, due_in_s = next_visit(UrlKind.ARTICLE, fate, standing, False)
        times.append(due_in_s)
    assert times == [*ASTRAY_S, None]
    assert min(ASTRAY_S) >= 86400
    assert next_visit(UrlKind.IMAGE, fate, Standing(), False)[1] is None
    assert next_visit(UrlKind.FEED, fate, Standing(), False)[1] == FIRST_INTERVAL_S


@pytest.mark.parametrize("kind", [UrlKind.ARTICLE, UrlKind.FEED, UrlKind.IMAGE])
def test_a_failure_is_tried_again_ever_later_and_given_up_in_the_end(kind: UrlKind) -> None:
    standing, times = Standing(), []
    for _ in range(len(FAILURES_S) + 1):
        standing, due_in_s = next_visit(kind, Fate.TIMEOUT, standing, False)
        times.append(due_in_s)
    assert times == [*FAILURES_S, None]
    assert not may_heal(Fate.TIMEOUT, standing.failures)
    assert may_heal(Fate.TIMEOUT, standing.failures - 1)


def test_an_answer_ends_a_row_of_failures() -> None:
    standing, _ = next_visit(UrlKind.ARTICLE, Fate.SAVED, Standing(failures=3), False)
    assert standing == Standing(failures=0, visits=1)


def test_what_rules_forbid_is_asked_about_whenever_it_is_named() -> None:
    assert may_heal(Fate.ROBOTS_DISALLOWED, 99)
    assert not may_heal(Fate.GONE, 0)
    assert not may_heal(None, 0)


@pytest.mark.parametrize(
    ("kind", "due_in_s"), [(UrlKind.IMAGE, None), (UrlKind.FONT, None), (UrlKind.STYLE, STYLE_S)]
)
def test_a_picture_is_fetched_once_and_a_style_sheet_again_after_a_week(
    kind: UrlKind, due_in_s: float | None
) -> None:
    assert next_visit(kind, Fate.NOT_HTML, Standing(), False)[1] == due_in_s


def test_nothing_is_due_later_than_a_clock_can_be_trusted() -> None:
    assert max(*VISITS_S, *FAILURES_S, MOST_INTERVAL_S) < LATEST_S
