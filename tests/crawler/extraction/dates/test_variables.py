"""Dates that only scripts know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from crawler.extraction.dates.variables import read_script_dates


def dates(*scripts: str) -> list[str]:
    markup = "".join(f"<script>{script}</script>" for script in scripts)
    return [item.value for item in read_script_dates(document_fromstring(f"<html>{markup}<p>x</p></html>"))]


@pytest.mark.parametrize(
    "script",
    [
        'var publishDate = "2021-01-28";',
        'let pubDate="2021-01-28";',
        "window.page = {firstPublicationDate: '20210128'}",
        'dataLayer.push({"datePublished":"2021-01-28","author":"Ana Veld"})',
        'digitalData={"article":{"published_at":"January 28, 2021"}}',
        'self.__next_f.push([1,"{\\"publishedDate\\":\\"2021-01-28\\"}"])',
        "var pubtime = '2021年1月28日';",
        'var article_publish_date = new Date("2021-01-28");',
        'x={"publishDate":"2021-01-28"};y={"publishDate":"2021-01-28"}',
    ],
)
def test_a_variable_may_name_the_publication(script: str) -> None:
    assert dates(script) == ["2021-01-28"]


@pytest.mark.parametrize(
    "script",
    [
        'var ct = "1611828000"; var createTime = "2021-01-28 18:00";',
        "var nickname='Lamp';var ct='1611828000';",
        "var publishTime = 1611828000;",
        "publish_ts: 1611828000000,",
        'var publishTime = "2021-01-28T10:00:00Z"',
    ],
)
def test_a_moment_may_be_seconds(script: str) -> None:
    assert dates(script) == ["2021-01-28T10:00:00+00:00"]


@pytest.mark.parametrize(
    "script",
    [
        'a={"publishDate":"2021-01-28"};b={"publishDate":"2021-02-03"}',  # of two articles
        'var unpublishDate = "2021-01-28";',
        'var republished_at = "2021-01-28";',
        'var modified = "2021-01-28";',
        'var publicKey = "20210128";',
        'var publisher = "2021-01-28 Ltd";',
        'var publishDate = "";',
        "var publishDate = getDate();",
        "var publishTime = 16118280001234567;",
        'var ct = "120";',
        'var act = "1611828000"; object = "1611828000"',
        '"public":"2021-01-28"',
    ],
)
def test_other_variables_are_not_read(script: str) -> None:
    assert dates(script) == []


def test_several_scripts_agree_or_nothing_is_known() -> None:
    assert dates('var pubDate = "2021-01-28"', 'var publishDate = "2021-01-28T10:00:00"') == [
        "2021-01-28T10:00:00"
    ]
    assert dates('var pubDate = "2021-01-28"', 'var publishDate = "2021-01-29"') == []


def test_json_ld_is_read_elsewhere() -> None:
    page = document_fromstring(
        '<html><script type="application/ld+json">{"pubDate": "2021-01-28"}</script><p>x</p></html>'
    )
    assert list(read_script_dates(page)) == []


@given(st.text("pubdateishlicon_ON:=\"'\\ 0123456789{},ct", max_size=200))
def test_no_script_is_an_error(script: str) -> None:
    assert len(dates(script.replace("<", ""))) <= 1


def test_endless_scripts_are_read_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'var pubDate = "2021-01-28";'
    monkeypatch.setattr("crawler.extraction.dates.variables._MOST", 3 * len(script))
    filler = "x" * len(script)
    assert dates(filler, filler, script) == ["2021-01-28"]
    assert dates(filler, filler, f"x{script}") == ["2021-01-28"]
    assert dates(filler, filler, filler, script) == []
    assert dates(filler * 4, script) == []
    monkeypatch.setattr("crawler.extraction.dates.variables._MOST_NAMES", 2)
    assert dates('pubDate="";pubDate="";' + script) == ["2021-01-28"]
    monkeypatch.setattr("crawler.extraction.dates.variables._MOST", 1000)
    assert dates('pubDate="2021-01-28";pubDate="2021-01-28";pubDate="2021-01-29"') == ["2021-01-28"]
