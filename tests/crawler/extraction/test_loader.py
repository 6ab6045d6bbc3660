"""Raw fields become clean ones."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.loader import ArticleLoader, clean_text, drop_repeats
from crawler.items import Article, Evidence
from crawler.texts.seed_format import Seed, SeedError, render_seed


def loaded(**values: object) -> Article:
    loader = ArticleLoader()
    for name, value in {"url": "https://news.example/a", "evidence": Evidence(), "extractor": "x"}.items():
        loader.add_value(name, value)
    for name, value in values.items():
        loader.add_value(name, value)
    return loader.load_item()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a \n\t b ", "a b"),
        ("a\u00a0: b", "a\u00a0: b"),
        ("e\u0301te\u0301", "été"),
        ("a\u202eb\u2069c", "abc"),
        ("a\u2028b", "a b"),
        ("a\ufffd\x07b", "ab"),
        ("a\ud800b", "ab"),
        ("War &amp; peace &#8211; &quot;now&quot;", 'War & peace – "now"'),
        ("1 &lt; 2", "1 < 2"),
        ("AT&T; Q&A", "AT&T; Q&A"),
        ("The <em>old</em> bridge", "The old bridge"),
        ("if a<b and c>d", "if a<b and c>d"),
        ("\u200b \n", ""),
    ],
)
def test_text_becomes_one_clean_line(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_clean_text_is_a_paragraph_of_the_seed_format_or_empty(raw: str) -> None:
    clean = clean_text(raw)
    if clean:
        assert render_seed(Seed("2021-01", (clean,)))
    assert unicodedata.is_normalized("NFC", clean)


@given(st.lists(st.text(st.characters(), max_size=20)))
def test_loaded_paragraphs_are_fit_for_a_seed_file(raw: list[str]) -> None:
    paragraphs = loaded(paragraphs=raw).paragraphs
    assert all(one != other for one, other in pairwise(paragraphs))
    if paragraphs:
        try:
            render_seed(Seed("2021-01", paragraphs))
        except SeedError as error:  # pragma: no cover
            pytest.fail(str(error))


def test_empty_paragraphs_and_repeats_in_sequence_are_dropped() -> None:
    assert drop_repeats(["", "a", "", "a", "b", "a"]) == ["a", "b", "a"]


def test_the_first_title_that_is_not_empty_counts() -> None:
    assert loaded(title=["", " \n", "The  bridge", "Other"]).title == "The bridge"


def test_what_nobody_gave_is_unknown() -> None:
    article = loaded()
    assert (article.title, article.month, article.paragraphs, article.authors) == (None, None, (), ())
    assert article.date_conflict is False


def test_an_author_named_twice_is_one() -> None:
    assert loaded(authors=["Ana Veld", "by Ana Veld"]).authors == ("Ana Veld",)


def test_endless_values_of_a_hostile_page_are_limited() -> None:
    article = loaded(
        title="a" * 10_000,
        canonical_url="https://news.example/" + "a" * 10_000,
        authors=[f"Ana V{n}x" for n in range(999)],
    )
    assert article.title is not None
    assert len(article.title) == 500
    assert article.canonical_url is None
    assert len(article.authors) <= 30
