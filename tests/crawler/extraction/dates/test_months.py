"""Names of months in many languages."""

from hashlib import sha256
from importlib.metadata import version

import pytest

from crawler.extraction.dates.months import (
    LOCALES,
    MISSING,
    find_month,
    is_day_first,
    load_months,
    load_weekdays,
    names_of_cldr,
    plain,
)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("January", 1),
        ("févr", 2),
        ("aout", 8),
        ("März", 3),
        ("Ağustos", 8),
        ("KASIM", 11),
        ("мая", 5),
        ("сент", 9),
        ("كانون الثاني", 1),
        ("كانون الأول", 12),
        ("تشرين الأول", 10),
        ("تشرين ثاني", 11),
        ("اذار", 3),
        ("آب", 8),
        ("شتنبر", 9),
        ("ژوئیه", 7),
        ("ستمبر", 9),
        ("פברואר", 2),
        ("जनवरी", 1),
        ("ফেব্রুয়ারি", 2),
        ("marraskuuta", 11),
        ("prosince", 12),
        ("birželio", 6),
        ("mar", 3),
        ("มีค", 3),
        ("كانون ٢", 1),
        ("تشرين ١", 10),
        ("ك٢", 1),
    ],
)
def test_names_and_abbreviations_are_understood(name: str, month: int) -> None:
    assert find_month(name) == month


@pytest.mark.parametrize("name", ["listopada", "lip", "كانون", "jui", "marketing", "maison", "ja", ""])
def test_what_two_languages_understand_differently_or_none_does_is_no_month(name: str) -> None:
    assert find_month(name) is None


def test_plain_text_has_ascii_digits_and_no_accents() -> None:
    assert plain("٢٨ Févr ۲۰۲۱ ৩ 28\u00a0АПРЕЛЯ 년") == "28 fevr 2021 3 28 апреля 년"


@pytest.mark.parametrize("word", ["thursday", "jeudi", "четверг", "الخميس", "วันพฤหัสบดี", "木"])
def test_weekdays_are_known_but_for_single_letters(word: str) -> None:
    assert (word in load_weekdays()) is (len(word) > 2)


@pytest.mark.parametrize(
    "language", ["es", "fr", "pt", "it", "ar", "he", "el", "hi", "vi", "th", "tr", "ru", "id"]
)
def test_the_day_is_first_in_most_languages(language: str) -> None:
    assert is_day_first(language)


@pytest.mark.parametrize(
    "language", ["en", "zh", "ja", "ko", "fa", "hu", "lt", "fil", "xx", "../etc/x", "", None]
)
def test_the_day_is_not_first_in_english_or_where_the_year_is(language: str | None) -> None:
    assert not is_day_first(language)


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("二〇二一年一月二十八日", "2021年1月28日"),
        ("二零二四年十二月十日", "2024年12月10日"),
        ("一九九九年十月三十一日", "1999年10月31日"),
        ("二〇二一年十一月十一日", "2021年11月11日"),
    ],
)
def test_dates_in_chinese_numerals_become_figures(written: str, figures: str) -> None:
    assert plain(f"新闻 {written} 电") == f"新闻 {figures} 电"


def test_the_names_of_cldr_that_are_read_have_one_meaning_with_one_exception() -> None:
    written = [(number, name) for number, name in names_of_cldr() if find_month(name) != number]
    assert sorted(written) == [(10, "listopada"), (11, "listopada")]  # Croatian, Polish


def test_each_language_has_twelve_months() -> None:
    tables = len(LOCALES.split()) + len({"abbreviations of English"})
    shared_with_all_arabic = {"ar_DZ": 5, "ar_MA": 5}
    assert len(list(names_of_cldr())) == 12 * tables - sum(shared_with_all_arabic.values())


def test_what_is_written_by_hand_is_missing_in_cldr() -> None:
    assert not {plain(name) for _, name in MISSING} & {plain(name) for _, name in names_of_cldr()}
    assert [find_month(name) for _, name in MISSING] == [number for number, _ in MISSING]


def test_cldr_and_what_is_missing_in_it_mean_what_they_meant() -> None:
    """Another version of Babel may move articles to another month: it shall not happen unseen."""
    meanings = sorted((name, sorted(months)) for name, months in load_months().items())
    assert sha256(repr(meanings).encode()).hexdigest()[:16] == "e058944043d457fd", version("babel")
