"""Names of months in many languages."""

import pytest

from crawler.extraction.dates.months import find_month, plain


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
    ],
)
def test_names_and_abbreviations_are_understood(name: str, month: int) -> None:
    assert find_month(name) == month


@pytest.mark.parametrize("name", ["listopada", "lip", "كانون", "jui", "marketing", "maison", "ja", ""])
def test_what_two_languages_understand_differently_or_none_does_is_no_month(name: str) -> None:
    assert find_month(name) is None


def test_plain_text_has_ascii_digits_and_no_accents() -> None:
    assert plain("٢٨ Févr ۲۰۲۱ ৩ 28\u00a0АПРЕЛЯ 년") == "28 fevr 2021 3 28 апреля 년"
