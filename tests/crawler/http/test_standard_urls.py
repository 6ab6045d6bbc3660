"""Addresses by the URL standard."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from crawler.http.standard_urls import MAX_URL_CHARS, NoUrl, clean_url, standard_url
from crawler.http.url_identity import url_key, wire_url
from tests.support.listings import HOSTILE
from tests.support.url_table import BASE, TABLE, TABLES, rows


@pytest.mark.parametrize(("written", "url"), TABLE)
def test_an_address_is_what_the_standard_makes_of_it(written: str, url: str | None) -> None:
    assert clean_url(written, BASE) == url
    if url is not None:
        assert clean_url(url, "") == url
        assert wire_url(url) == url


def test_the_table_has_rows_of_each_kind() -> None:
    assert len(TABLE) > 250
    assert all(len(rows(table)) > 10 for table in TABLES)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (" \n\t\x00https://tarn.example/a\tb\r\n/c \u200f\u202c", "https://tarn.example/ab/c"),
        ("ht\ntps://ta\trn.exa\rmple/", "https://tarn.example/"),
        ("\u00a0/story\u3000", "https://orla.example/story"),
        ("\ufeff\u2067/story\u2069", "https://orla.example/story"),
        ("/a b  c", "https://orla.example/a%20b%20%20c"),
        ("/a\u00a0b", "https://orla.example/a%C2%A0b"),
        ("/?a b\x00c", "https://orla.example/?a%20b%00c"),
        ("/a\x01b\x7fc\x85", "https://orla.example/a%01b%7Fc"),
        ("/a\x0cb", "https://orla.example/a%0Cb"),
        ("/a\ud800b", "https://orla.example/a%EF%BF%BDb"),
        ("  ", None),
        ("", None),
        ("#top", None),
        (" \n#", None),
        ("https://ta rn.example/", None),
        ("https://tarn.\u2003example/", None),
    ],
)
def test_white_space_is_left_out_where_the_standard_leaves_it_out(written: str, url: str | None) -> None:
    assert clean_url(written, BASE) == url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (b"/jos\xe9?q=\xe9", "/jos%E9?q=%E9"),
        ("/josé?q=é".encode(), "/jos%C3%A9?q=%C3%A9"),
        (b"/\xcd\xee\xe2\xee\xf1\xf2\xe8", "/%CD%EE%E2%EE%F1%F2%E8"),
        (b"/\xe6\xb8\xaf\xff", "/%E6%B8%AF%FF"),
        (b"\\2024\\\xfc\\..\\\x80", "/2024/%80"),
        (b"//jos\xe9.example/", None),
    ],
)
def test_bytes_are_utf_8_or_escaped_as_they_are(written: bytes, url: str | None) -> None:
    assert clean_url(written, "https://tarn.example/") == (url and f"https://tarn.example{url}")


@pytest.mark.parametrize(
    ("charset", "written", "url"),
    [
        (
            "windows-1251",
            "/новость?t=новость",
            "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C?t=%ED%EE%E2%EE%F1%F2%FC",
        ),
        ("cp1251", "/?t=да&u=Да#да", "/?t=%E4%E0&u=%C4%E0"),
        ("koi8-r", "/?t=да", "/?t=%C4%C1"),
        ("iso-8859-1", "/é?q=é€", "/%C3%A9?q=%E9%80"),  # a label of windows-1252
        ("windows-1252", "/?q=é☃'\"<>", "/?q=%E9%26%239731%3B%27%22%3C%3E"),
        ("windows-1252", "/?q=😀b", "/?q=%26%23128512%3Bb"),
        ("iso-8859-2", "/?q=łódź", "/?q=%B3%F3d%BC"),
        ("windows-1256", "/?q=خبر", "/?q=%CE%C8%D1"),
        ("shift_jis", "/?q=港ソ", "/?q=%8D`%83\\"),
        ("euc-jp", "/港?q=港", "/%E6%B8%AF?q=%B9%C1"),
        ("gbk", "/?q=港口&r=1", "/?q=%B8%DB%BF%DA&r=1"),
        ("big5", "/?q=港", "/?q=%B4%E4"),
        ("euc-kr", "/?q=항구", "/?q=%C7%D7%B1%B8"),
        ("utf-8", "/?q=é", "/?q=%C3%A9"),
        ("utf-16le", "/?q=é", "/?q=%C3%A9"),
        ("utf-16", "/?q=é", "/?q=%C3%A9"),
        ("nonsense", "/?q=é", "/?q=%C3%A9"),
        ("", "/?q=é", "/?q=%C3%A9"),
        ("windows-1251", "/?q=%D0%B4&r=д", "/?q=%D0%B4&r=%E4"),
    ],
)
def test_a_query_is_in_the_charset_of_its_page(charset: str, written: str, url: str) -> None:
    assert clean_url(written, "https://tarn.example/", charset) == f"https://tarn.example{url}"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is empty"),
        ("mailto:desk@tarn.example", "it has the scheme mailto: of no web page"),
        ("http://tarn.example:65536/Geheim", "it is no valid URL"),
        ("http://tarn.example:0/Geheim", "its port is 0"),
        (f"http://{'a' * 64}.example/", "its host is no name that can exist"),
        (f"http://{'a.' * 126}example/", "its host is no name that can exist"),
        ("/" + "a" * MAX_URL_CHARS, "it is longer than 16384 characters"),
        ("/" + "é" * (MAX_URL_CHARS // 3), "it is longer than 16384 characters"),
        ("a" + " " * 1_000_000 + "b", "it is longer than 16384 characters"),
    ],
)
def test_what_is_refused_has_a_reason_that_repeats_nothing(written: str, reason: str) -> None:
    with pytest.raises(NoUrl, match=reason) as refusal:
        standard_url(written, BASE)
    assert "Geheim" not in str(refusal.value)


@pytest.mark.parametrize("chars", [2_048, 8_190, 8_192, MAX_URL_CHARS])
def test_a_url_may_be_as_long_as_the_limit(chars: int) -> None:
    url = "https://tarn.example/"
    url += "a" * (chars - len(url))
    assert clean_url(url, "") == wire_url(url) == url
    assert url_key(url) != url_key(url[:-1])


@pytest.mark.parametrize("base", ["", "https://tarn.example:99999/", "mailto:a@b", "\ud800", "no base"])
def test_an_absolute_url_needs_no_base(base: str) -> None:
    assert clean_url("https://tarn.example/a", base) == "https://tarn.example/a"
    assert clean_url("/a", base) is None


@given(HOSTILE, HOSTILE, st.sampled_from(["utf-8", "windows-1251", "gbk", "iso-2022-jp"]))
def test_whatever_is_written_gives_a_url_that_can_be_sent_as_it_is_or_none(
    text: str, base: str, charset: str
) -> None:
    url = clean_url(text, clean_url(base, BASE) or BASE, charset)
    if url is not None:
        assert re.fullmatch(r"https?://[!-~]+", url)
        assert clean_url(url, "") == clean_url(url, BASE, "windows-1251") == url
        assert "@" not in url.split("/")[2]
        assert Request(url, meta={"verbatim_url": True}).url == url
        if clean_url(text, "") and (charset == "utf-8" or text.isascii()):
            assert url_key(url) == url_key(
                text
            )  # a query is sent in the page's charset, and is another one in another


@given(st.binary())
def test_any_bytes_give_a_url_or_none(written: bytes) -> None:
    url = clean_url(written, BASE)
    assert url is None or clean_url(url, "") == url
