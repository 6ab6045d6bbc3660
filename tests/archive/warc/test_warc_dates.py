"""A WARC-Date is read in every form that is met, and in no other."""

from datetime import UTC, datetime

import pytest

from archive.warc.warc_dates import latest_moment, parse_date, timestamp

DATES = {
    "2021": datetime(2021, 1, 1, 0, 0, 0, 0, UTC),
    "2021-03": datetime(2021, 3, 1, 0, 0, 0, 0, UTC),
    "2021-03-06": datetime(2021, 3, 6, 0, 0, 0, 0, UTC),
    "2021-03-06T08:05Z": datetime(2021, 3, 6, 8, 5, 0, 0, UTC),
    "2021-03-06T08:05:09Z": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "2021-03-06T08:05:09.1Z": datetime(2021, 3, 6, 8, 5, 9, 100_000, UTC),
    "2021-03-06T08:05:09.123456789Z": datetime(2021, 3, 6, 8, 5, 9, 123_456, UTC),
    "2021-03-06t08:05:09z": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "2021-03-06 08:05:09": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "2021-03-06T08:05:09+00:00": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "2021-03-06T08:05:09-0800": datetime(2021, 3, 6, 16, 5, 9, 0, UTC),
    "2021-03-06T08:05:09+05:30": datetime(2021, 3, 6, 2, 35, 9, 0, UTC),
    "2021-03-06T08:05:60Z": datetime(2021, 3, 6, 8, 5, 59, 0, UTC),
    "20210306080509": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "202103060805": datetime(2021, 3, 6, 8, 5, 0, 0, UTC),
    "20210306": datetime(2021, 3, 6, 0, 0, 0, 0, UTC),
    "20210306080509123": datetime(2021, 3, 6, 8, 5, 9, 123_000, UTC),
    "2021-03-06T08:05:09,5 UTC": datetime(2021, 3, 6, 8, 5, 9, 500_000, UTC),
    "2021-03-06T08:05:09GMT": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
    "2021-03-06T08:05:09+05": datetime(2021, 3, 6, 3, 5, 9, 0, UTC),
    "2021-03-06T08:05:09-05:30": datetime(2021, 3, 6, 13, 35, 9, 0, UTC),
    "2021-03-06T08Z": datetime(2021, 3, 6, 8, 0, 0, 0, UTC),
    "0987-03-06T08:05:09Z": datetime(987, 3, 6, 8, 5, 9, 0, UTC),
    " 2021-03-06T08:05:09Z\t": datetime(2021, 3, 6, 8, 5, 9, 0, UTC),
}


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_its_moment_in_utc(text: str) -> None:
    moment = DATES[text]
    assert parse_date(text) == moment
    assert timestamp(text) == f"{moment:%Y%m%d%H%M%S}".zfill(14)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2021", "2021-12-31T23:59:59.999999"),
        ("2020", "2020-12-31T23:59:59.999999"),
        ("2021-02", "2021-02-28T23:59:59.999999"),
        ("2020-02", "2020-02-29T23:59:59.999999"),
        ("2021-12", "2021-12-31T23:59:59.999999"),
        ("2021-02-06", "2021-02-06T23:59:59.999999"),
        ("2021-02-06T08", "2021-02-06T08:59:59.999999"),
        ("2021-02-06T08:05", "2021-02-06T08:05:59.999999"),
        ("2021-02-06T08:05:09", "2021-02-06T08:05:09"),
        ("2021-02-06T08:05:09.5", "2021-02-06T08:05:09.500000"),
        (" 2021-02 ", "2021-02-28T23:59:59.999999"),
        ("9999", "9999-12-31T23:59:59.999999"),
        ("9999-12-31+05:00", "9999-12-31T18:59:59.999999"),
        ("9999-12-31-05:00", "9999-12-31T05:00:00"),
        ("9999-12-31T23-00:00", "9999-12-31T23:59:59.999999"),
        ("9999-12-31T23:59", "9999-12-31T23:59:59.999999"),
    ],
)
def test_a_date_without_seconds_may_mean_any_moment_of_its_time(text: str, last: str) -> None:
    assert latest_moment(text) == datetime.fromisoformat(f"{last}+00:00")


@pytest.mark.parametrize("text", ["", "yesterday", "2021-13", "2021-02-30"])
def test_what_is_no_date_has_no_last_moment(text: str) -> None:
    assert latest_moment(text) is None


def test_of_what_is_no_date_the_digits_are_its_time() -> None:
    assert timestamp("no 2021-99-99T99:99:99.999") == "20219999999999"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "yesterday",
        "21-03-06",
        "2021-13",
        "2021-02-30T08:00:00Z",
        "2009-03-65T08:43:19-0800",
        "2021-03-06T25:00:00Z",
        "0001-01-01T00:00:00+23:00",
        "9999-12-31T23:00:00-23:00",
        "٢٠٢١-03",
    ],
)
def test_what_is_no_date_has_no_moment(text: str) -> None:
    assert parse_date(text) is None
    assert timestamp(text).isdigit() or timestamp(text) == ""
