"""Days of other calendars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.dates.calendars import Calendar, common_year, day_of, find_day, month_names
from crawler.extraction.dates.months import find_month
from crawler.extraction.dates.timestamps import parse_timestamp
from crawler.extraction.dates.written import first_date


@pytest.mark.parametrize(
    ("written", "day"),
    [
        # Solar Hijri: Iranian, Afghan and Pashto names, figures.
        ("۱۰ اردیبهشت ۱۴۰۳", "2024-04-29"),
        ("دوشنبه ۱ فروردین ۱۴۰۱", "2022-03-21"),
        ("30 اسفند 1403", "2025-03-20"),
        ("۱۰ اردیبهشت‌ماه ۱۴۰۳", "2024-04-29"),
        ("11 دي 1402", "2024-01-01"),
        ("۱۵ قوس ۱۴۰۲", "2023-12-06"),
        ("۲۰ مرغومی ۱۴۰۲", "2024-01-10"),
        ("10 Ordibehesht 1403", "2024-04-29"),
        ("۱۴۰۳/۰۲/۱۰", "2024-04-29"),
        ("10/2/1403", "2024-04-29"),
        # Islamic
        ("15 رجب 1445 هـ", "2024-01-27"),
        ("٤ ذو القعدة ١٤٤٥", "2024-05-12"),
        ("27 ربيع الأول 1445", "2023-10-12"),
        ("1445/7/15", "2024-01-27"),
        # Buddhist
        ("17 สิงหาคม 2567", "2024-08-17"),
        ("17 ส.ค. 2567", "2024-08-17"),
        ("17 ส.ค. 67", "2024-08-17"),
        ("5 มี.ค. พ.ศ. 2567", "2024-03-05"),
        ("05/03/2567", "2024-03-05"),
        # Japanese reigns
        ("令和6年1月31日", "2024-01-31"),
        ("令和元年5月1日", "2019-05-01"),
        ("令和六年一月三十一日", "2024-01-31"),
        ("平成31年4月30日", "2019-04-30"),
        ("2024年（令和6年）1月31日", "2024-01-31"),
        # Minguo
        ("民國113年1月31日", "2024-01-31"),
        ("中華民國一百十三年", None),
        ("發布日期：113年01月31日", "2024-01-31"),
        # Ethiopian
        ("ጥር 22 ቀን 2016 ዓ.ም", "2024-01-31"),
        ("22 ጥር 2016", "2024-01-31"),
        ("መስከረም 1፣ 2017", "2024-09-11"),
        ("ጳጉሜን 6 2015", "2023-09-11"),
    ],
)
def test_days_of_other_calendars_are_days_of_ours(written: str, day: str | None) -> None:
    assert first_date(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "31 مهر 1403",  # which has 30 days
        "30 اسفند 1402",  # no leap year
        "10 اردیبهشت 2024",
        "15 رجب 2024",
        "ጳጉሜን 6 2016",
        "ጥር 31 2016",
        "令和6年13月1日",
        "24年1月31日",
        "17 สิงหาคม",
    ],
)
def test_what_is_no_day_of_its_calendar_is_no_date(written: str) -> None:
    assert first_date(written) is None


@pytest.mark.parametrize(
    ("day", "found"), [(17, date(2024, 1, 29)), (18, None), (19, None), (20, date(2024, 2, 1))]
)
def test_an_islamic_day_counts_where_all_countries_agree_about_its_month(
    day: int, found: date | None
) -> None:
    """Elsewhere months begin up to two days later than in Arabia."""
    assert find_day(1445, "رجب", day) == found


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        (2024, 2, 29, date(2024, 2, 29)),
        (1402, 12, 29, date(2024, 3, 19)),
        (1403, 12, 30, date(2025, 3, 20)),
        (1445, 7, 15, date(2024, 1, 27)),
        (1414, 1, 1, date(2035, 3, 21)),
        (1415, 1, 1, date(1994, 6, 10)),  # the first that is Islamic
        (2567, 2, 29, date(2024, 2, 29)),
    ],
)
def test_years_in_figures_tell_their_calendar(year: int, month: int, day: int, found: date) -> None:
    assert day_of(year, month, day) == found


@pytest.mark.parametrize(("year", "month", "day"), [(2023, 2, 29), (1403, 13, 1), (1445, 1, 31), (0, 1, 1)])
def test_a_day_that_is_none_is_an_error(year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(year, month, day)


@given(st.dates(date(1996, 1, 1), date(2090, 1, 1)))
def test_ethiopian_years_begin_in_september_and_lose_no_day(day: date) -> None:
    begin = find_day(day.year, "መስከረም", 1)
    after = find_day(day.year + 1, "መስከረም", 1)
    assert begin and after and (begin.month, begin.day) in ((9, 11), (9, 12))
    assert (after - begin).days == (366 if day.year % 4 == 3 else 365)


def test_no_month_of_another_calendar_is_one_of_ours() -> None:
    assert [name for _, _, name in month_names() if find_month(name)] == []


def test_each_calendar_has_its_months() -> None:
    for calendar in Calendar:
        numbers = {number for its, number, _ in month_names() if its is calendar}
        assert numbers == set(range(1, 14 if calendar is Calendar.ETHIOPIAN else 13))


@pytest.mark.parametrize(("year", "common"), [(2567, 2024), (2538, 1995), (2537, 2537), (2024, 2024)])
def test_buddhist_years_are_known_by_their_size(year: int, common: int) -> None:
    assert common_year(year) == common


def test_machine_written_days_of_other_calendars_keep_their_time() -> None:
    assert parse_timestamp("1403-02-10T08:20:00+03:30") == "2024-04-29T08:20:00+03:30"
    assert parse_timestamp("2567-08-17 07:40") == "2024-08-17T07:40:00"
