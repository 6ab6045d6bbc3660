"""Dates as they are written, and what is left of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.dates.timestamps import (
    date_in_url,
    first_day,
    in_zone,
    instant,
    is_utc,
    parse_timestamp,
)
from crawler.extraction.dates.written import first_date
from crawler.http.retry_after import LONGEST_PAUSE_S, retry_after_s


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2021-01-28T10:00:00+03:00", "2021-01-28T10:00:00+03:00"),
        ("2021-01-28T10:00:00.123Z", "2021-01-28T10:00:00+00:00"),
        ("2021-01-28T10:00+0300", "2021-01-28T10:00:00+03:00"),
        ("2021-01-28T10:00:00-03", "2021-01-28T10:00:00-03:00"),
        ("2021-01-28 10:00:00", "2021-01-28T10:00:00"),
        ("2021-01-28 10:00 UTC", "2021-01-28T10:00:00+00:00"),
        ("2021/1/8", "2021-01-08"),
        ("2021-01", "2021-01"),
        ("20210128", "2021-01-28"),
        ("20210128T100000Z", "2021-01-28T10:00:00+00:00"),
        ("1611828000", "2021-01-28T10:00:00+00:00"),
        ("1611828000000", "2021-01-28T10:00:00+00:00"),
        ("Thu, 28 Jan 2021 10:00:00 +0300", "2021-01-28T10:00:00+03:00"),
        ("Thu, 28 Jan 2021 10:00:00 GMT", "2021-01-28T10:00:00+00:00"),
        ("28.01.2021", "2021-01-28"),
        ("28/01/2021 - 04:30", "2021-01-28T04:30:00"),
        ("January 28, 2021", "2021-01-28"),
        ("Published: 28th Jan 2021", "2021-01-28"),
        ("28 janvier 2021", "2021-01-28"),
        ("28 de enero de 2021", "2021-01-28"),
        ("28. Januar 2021", "2021-01-28"),
        ("28 января 2021 г.", "2021-01-28"),
        ("٢٨ يناير ٢٠٢١", "2021-01-28"),
        ("28 كانون الثاني 2021", "2021-01-28"),
        ("28 Ocak 2021", "2021-01-28"),
        ("2021年1月28日", "2021-01-28"),
        ("2021년 1월 28일", "2021-01-28"),
    ],
)
def test_dates_of_many_forms_become_iso_8601_as_precise_as_written(written: str, value: str) -> None:
    assert parse_timestamp(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2021",
        "03/04/2021",
        "2021-13-01",
        "2021-02-30",
        "99999-01-01",
        "tomorrow",
        "1.2.3",
        "28 foo 2021",
        "12:30",
        "2021-01 at the river",
        "2021.01",
        "2021-1",
    ],
)
def test_what_is_unsure_is_no_date(written: str) -> None:
    assert parse_timestamp(written) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2021-01-28T10:00:00+24:00", "2021-01-28T10:00:00"),
        ("2021-01-28T10:00:00+45:12", "2021-01-28T10:00:00"),
        ("2021-01-28T10:00:00-03:75", "2021-01-28T10:00:00"),
        ("2021-01-28T10:00:00+٠٣:٠٠", "2021-01-28T10:00:00+03:00"),
        ("２０２１-01-28T10:00:00+०५:३०", "2021-01-28T10:00:00+05:30"),
        ("2021-01-28T45:12:00", "2021-01-28"),
        ("2021-01-28T10:59", "2021-01-28T10:59:00"),
        ("2021-01-28T10:60", "2021-01-28"),
        ("2021-01-28T23:10", "2021-01-28T23:10:00"),
        ("2021-01-28T24:10", "2021-01-28"),
        ("2021-01-28T10:75", "2021-01-28"),
        ("2021-01-31T24:00:00+03:00", "2021-02-01T00:00:00+03:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("20210128T451200Z", "2021-01-28"),
        ("Thu, 28 Jan 2021 10:00:00 +2400", "2021-01-28"),
        ("Thu, 28 Jan 2021 10:00:00 +1900", "2021-01-28T10:00:00"),
        ("9999-12-31T24:00", "9999-12-31"),
        ("0000-00-00T00:00:00", None),
    ],
)
def test_an_impossible_part_of_a_date_is_left_out(written: str, value: str | None) -> None:
    assert parse_timestamp(written) == value


DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９〇一二三十"
LIKE_A_DATE = st.text(DIGITS + "-+:/.,TZ 年月日年월일 ()元令和民國พศ.de", max_size=40)
LIKE_A_MACHINE = st.from_regex(
    r"\d{4}-\d{1,2}-\d{1,2}[T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?", fullmatch=True
)
LIKE_A_MAIL = st.from_regex(
    r"[A-Z][a-z]{2}, \d{1,4} (Jan|Feb|Mai) \d{1,6} \d{1,3}:\d{1,3}(:\d{1,3})? ([+-]\d{1,6}|GMT|[A-Z]{1,4})",
    fullmatch=True,
)


@given(st.one_of(st.text(max_size=60), LIKE_A_DATE, LIKE_A_MACHINE, LIKE_A_MAIL))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for value in (parse_timestamp(text), date_in_url(text), date_in_url(f"/{text}/"), first_date(text)):
        if value is not None:
            assert first_day(value)
            assert instant(value) is None or is_utc(value) in (True, False)
    assert first_day(date_in_url(f"/20٢١/01/{text}/") or "2021-01")
    pause = retry_after_s(text, datetime(2021, 1, 28, tzinfo=UTC))
    assert pause is None or 0 <= pause <= LONGEST_PAUSE_S


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/2021/01/28/bridge", "2021-01-28"),
        ("/world/2021/jan/28/bridge", "2021-01-28"),
        ("/bridge-2021-01-28.html", "2021-01-28"),
        ("/news/20210128/bridge", "2021-01-28"),
        ("/2021/1/8/bridge", "2021-01-08"),
        ("/2021/01/bridge", "2021-01"),
        ("/2021-01/28/bridge", "2021-01"),
        ("/bridge-2021", None),
        ("/202101281234567/x", None),
        ("/article-120210128", None),
        ("/2021/13/01/x", None),
    ],
)
def test_a_url_names_a_day_or_a_month(path: str, value: str | None) -> None:
    assert date_in_url(path) == value


def test_utc_times_are_read_in_the_publishers_zone_and_others_keep_their_offset() -> None:
    moscow = ZoneInfo("Europe/Moscow")
    assert in_zone("2021-01-31T22:30:00+00:00", moscow) == "2021-02-01T01:30:00+03:00"
    assert in_zone("2021-01-31T22:30:00-05:00", moscow) == "2021-01-31T22:30:00-05:00"
    assert in_zone("2021-01-31", moscow) == "2021-01-31"
    assert not is_utc("2021-01-31T22:30:00")
