from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.retry_after import LONGEST_PAUSE_S, retry_after_s

NOW = datetime(2021, 1, 28, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("60", 60.0),
        (" 0 ", 0.0),
        ("Thu, 28 Jan 2021 10:01:30 GMT", 90.0),
        ("Thu, 28 Jan 2021 10:01:30", 90.0),
        ("Thu, 28 Jan 2021 13:01:30 +0300", 90.0),
        ("Thu, 28 Jan 2021 09:00:00 GMT", 0.0),
        ("86400", LONGEST_PAUSE_S),
        ("86401", LONGEST_PAUSE_S),
        ("9" * 400, LONGEST_PAUSE_S),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE_S),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_and_means_a_day_at_most(
    value: str, seconds: float
) -> None:
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "Sat, 01 Jan 10000 00:00:00 GMT",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Thu, 28 Jan 2021 10:00:00 +99999999999999",
    ],
)
def test_a_retry_after_that_says_nothing_is_none(value: str) -> None:
    assert retry_after_s(value, NOW) is None


@given(
    st.text(st.characters(max_codepoint=255))
    | st.builds("{}, {} {} {} {}:{}:{} {}".format, *[st.text("0123456789+-JanMonGT", max_size=9)] * 8)
    | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S %z"))
    | st.builds("Fri, 31 Dec 9999 23:59:59 {}{:04}".format, st.sampled_from("+-"), st.integers(0, 10**12))
)
def test_no_retry_after_breaks_a_crawl(value: str) -> None:
    wanted_s = retry_after_s(value, NOW)
    assert wanted_s is None or 0.0 <= wanted_s <= LONGEST_PAUSE_S
