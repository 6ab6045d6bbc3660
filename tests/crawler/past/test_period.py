"""Which days a back-fill wants, and what a listing can hold of them."""

from datetime import date, timedelta

import pytest

from crawler.errors import OperatorError
from crawler.items import Evidence, Link, UrlKind
from crawler.past.period import Period, moments, on_calendar

TODAY = date(2026, 11, 30)
WINTER = Period.between("2021-01", "2021-02", TODAY)


def link(url: str, kind: UrlKind = UrlKind.ARTICLE, published: str = "", modified: str = "") -> Link:
    return Link(f"https://tarn.example{url}", kind, Evidence(published=published, modified=modified))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2021-01", "2021-02", "2021-01-01/2021-02-28"),
        ("2020", "2020", "2020-01-01/2020-12-31"),
        ("2021-01-28", "2021-01-28", "2021-01-28/2021-01-28"),
        ("2026-11", "2027", "2026-11-01/2026-11-30"),
    ],
)
def test_a_period_reaches_from_the_first_to_the_last_day_that_is_named(
    since: str, until: str, expected: str
) -> None:
    period = Period.between(since, until, TODAY)
    assert str(period) == expected
    assert Period.read(expected) == period


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2021-13", "2022"),
        ("January", "2022"),
        ("2021-02-30", "2022"),
        ("2022", "2021"),
        ("2031", "2032"),
        ("٢٠٢١", "2022"),
    ],
)
def test_what_is_no_period_is_refused_in_one_sentence(since: str, until: str) -> None:
    with pytest.raises(OperatorError) as refused:
        Period.between(since, until, TODAY)
    assert "since" in str(refused.value)


def test_a_period_knows_its_months_and_moments() -> None:
    assert WINTER.months == [(2021, 1), (2021, 2)]
    assert WINTER.days == 59
    first, *_, last = moments(WINTER, timedelta(minutes=15))
    assert (first.isoformat(), last.isoformat()) == ("2021-01-01T00:00:00+00:00", "2021-02-28T23:45:00+00:00")


@pytest.mark.parametrize(
    ("published", "expected"),
    [("2021-02-28T23:59:00-05:00", True), ("2021-03-01", False), ("2021-02", True), ("2020", True)],
)
def test_an_article_is_of_a_period_by_the_day_on_its_publishers_calendar(
    published: str, expected: bool
) -> None:
    assert WINTER.has(published) is expected


@pytest.mark.parametrize(
    ("url", "modified", "expected"),
    [
        ("/sitemap-2021-01.xml", "", True),
        ("/sitemap-2021-01.xml", "2026-11-01", True),
        ("/sitemap-202103.xml", "", False),
        ("/2021/02/sitemap.xml.gz", "", True),
        ("/sitemap-20210131.xml", "", True),
        ("/sitemap-2020.xml", "", False),
        ("/sitemap-2021.xml", "", True),
        ("/sitemap?yyyy=2021&mm=3", "", False),
        ("/sitemap?yyyy=2021&mm=02&dd=03", "", True),
        ("/sitemap-17.xml", "2020-06-01T00:00:00Z", False),
        ("/sitemap-17.xml", "2026-06-01T00:00:00Z", True),
        ("/sitemap-17.xml", "", True),
        ("/sitemap-17.xml", "yesterday", True),
        ("/sitemap-17.xml", "0001-01-01T00:00:00", False),
        ("/sitemap-17.xml", "9999-12-31T23:59:59Z", True),
        ("/sitemap-17.xml", "Mon, 01 Jan 99999999999999999999 10:00:00 GMT", True),
        ("/from-2019-01-to-2021-01.xml", "", True),
    ],
)
def test_sitemaps_are_read_that_can_hold_the_period(url: str, modified: str, expected: bool) -> None:
    assert WINTER.may_hold(link(url, UrlKind.SITEMAP, modified=modified)) is expected


@pytest.mark.parametrize(
    ("url", "published", "modified", "expected"),
    [
        ("/ferry-sinks", "", "", True),
        ("/ferry-sinks", "Mon, 01 Mar 2021 03:00:00 +0300", "", True),
        ("/ferry-sinks", "2021-03-03", "", False),
        ("/ferry-sinks", "", "2020-12-30", False),
        ("/ferry-sinks", "", "2024-01-01", True),
        ("/2021/01/31/ferry-sinks", "", "2024-01-01", True),
        ("/2021/04/11/ferry-sinks", "", "2024-01-01", False),
        ("/1399/11/20/kashti", "", "", True),
        ("/ferry-sinks", "0001-01-01T00:00:00", "", False),
        ("/ferry-sinks", "9999-12-31", "", False),
        ("/ferry-sinks", "2021-99-99", "", True),
    ],
)
def test_articles_are_fetched_that_can_be_of_the_period(
    url: str, published: str, modified: str, expected: bool
) -> None:
    assert WINTER.may_hold(link(url, published=published, modified=modified)) is expected


DAYS = Period.of_days([date(2026, 11, 4), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 9)])


def test_days_may_lie_in_several_stretches() -> None:
    assert str(DAYS) == "2026-11-02/2026-11-04,2026-11-09/2026-11-09"
    assert Period.read(str(DAYS)) == DAYS
    assert (DAYS.first, DAYS.last, DAYS.days) == (date(2026, 11, 2), date(2026, 11, 9), 4)
    assert len([*moments(DAYS, timedelta(minutes=15))]) == 4 * 96
    assert [DAYS.has(f"2026-11-0{day}") for day in (1, 2, 4, 5, 8, 9)] == [
        False,
        True,
        True,
        False,
        False,
        True,
    ]
    assert not DAYS.may_hold(link("/2026/11/06/ferry"))
    assert DAYS.may_hold(link("/2026/11/08/ferry"))


@pytest.mark.parametrize("text", ["", "2026-11-02", "2026-11-02/", "a/b", "2026-11-02/2026-11-04,", ","])
def test_what_is_no_period_is_none(text: str) -> None:
    assert Period.read(text) is None


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("", "2026-11-02/2026-11-02"),
        ("Asia/Tokyo", "2026-11-02/2026-11-03"),
        ("America/Bogota", "2026-11-01/2026-11-02"),
    ],
)
def test_a_day_in_utc_is_of_two_days_of_other_calendars(zone: str, expected: str) -> None:
    assert str(on_calendar([date(2026, 11, 2)], zone)) == expected
