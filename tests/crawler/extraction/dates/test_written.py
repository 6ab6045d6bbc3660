"""Dates as people write them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.dates.months import plain
from crawler.extraction.dates.timestamps import first_day
from crawler.extraction.dates.written import find_dates, first_date


@pytest.mark.parametrize(
    "written",
    [
        "28 January 2021",
        "Jan. 28, 2021",
        "28-Jan-2021",
        "28th of January, 2021",
        "28 janvier 2021",
        "28. Januar 2021",
        "28 de enero de 2021",
        "28 de gener del 2021",
        "28 stycznia 2021",
        "28. 1. 2021",
        "28. ledna 2021",
        "01/28/2021",
        "2021. január 28.",
        "2021 m. sausio 28 d.",
        "2021. gada 28. janvāris",
        "28. tammikuuta 2021",
        "28 tháng 1, 2021",
        "28 января 2021 г.",
        "28 січня 2021",
        "28 Ιανουαρίου 2021",
        "28 Ocak 2021",
        "28 ינואר 2021",
        "28 בינואר 2021",
        "٢٨ كانون الثاني ٢٠٢١",
        "28 كانون الثاني/يناير 2021",
        "28 يناير/كانون الثاني 2021",
        "28 جانفي 2021",
        "۲۸ ژانویهٔ ۲۰۲۱",
        "28 جنوری 2021",
        "28 जनवरी 2021",
        "২৮ জানুয়ারি ২০২১",
        "2021年1月28日",
        "2021년 1월 28일",
        "2021.01.28",
        "2021. 1. 28.",
        "28/01/2021",
        "28/Jan/2021",
        "2021-Jan-28",
        "2021 January 28",
        "January 28,2021",
        "٢٨ كانون ٢ ٢٠٢١",
        "٢٨ ك٢ ٢٠٢١",
        "二〇二一年一月二十八日",
        "二零二一年一月二十八日",
        "28 มกราคม 2021",
        "28 იანვარი 2021",
        "28 հունվարի 2021",
        "28 қаңтар 2021",
        "28 yanvar 2021",
        "28 ஜனவரி 2021",
        "28 ဇန်နဝါရီ 2021",
    ],
)
def test_a_date_is_understood_in_many_languages(written: str) -> None:
    assert first_date(written) == "2021-01-28"
    assert first_date(f"Ana Veld, {written}") == "2021-01-28"


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2021",
        "28 listopada 2021",
        "31 June 2021",
        "28 آذار/يناير 2021",
        "28 January",
        "January 2021",
        "28 2021",
    ],
)
def test_what_is_unsure_or_not_whole_is_no_date(written: str) -> None:
    assert first_date(written) is None


def test_all_dates_of_a_line_are_found_in_order() -> None:
    line = plain("Published 28 January 2021, updated 02.02.2021 10:30")
    found = find_dates(line)
    assert [date.value for date in found] == ["2021-01-28", "2021-02-02T10:30:00"]
    assert line[found[0].begin : found[0].end] == "28 january 2021"


@given(st.text(max_size=400))
def test_any_text_has_only_real_dates(text: str) -> None:
    found = find_dates(plain(text))
    assert all(first_day(date.value) for date in found)
    assert all(one.end <= other.begin for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("written", "value", "is_ambiguous"),
    [
        ("03/04/2021", "2021-04-03", True),
        ("03-04-2021", "2021-04-03", True),
        ("03.04.2021", "2021-04-03", False),
        ("12/12/2021", "2021-12-12", False),
        ("13/12/2021", "2021-12-13", False),
        ("12/13/2021", "2021-12-13", False),
        ("12.13.2021", None, False),
        ("01/02/1900", "1900-02-01", True),
        ("01/02/2199", "2199-02-01", True),
        ("03/04/1400", "2021-06-24", False),  # other calendars put the day first
        ("28/01/2021 23:59", "2021-01-28T23:59:00", False),
        ("28/01/2021 24:10", "2021-01-28", False),
        ("28/01/2021 10:60", "2021-01-28", False),
        ("民國110年1月2日", "2021-01-02", False),
        ("110年1月2日", "2021-01-02", False),
        ("100年1月2日", "2011-01-02", False),
        ("99年1月2日", None, False),
        ("200年1月2日", None, False),
        ("1900年1月2日", "1900-01-02", False),
        ("令和元年5月1日", "2019-05-01", False),
    ],
)
def test_figures_are_read_by_their_signs_and_size(
    written: str, value: str | None, is_ambiguous: bool
) -> None:
    found = [(date.value, date.is_ambiguous) for date in find_dates(written)]
    assert found == ([(value, is_ambiguous)] if value else [])
