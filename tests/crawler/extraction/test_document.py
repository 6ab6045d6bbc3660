"""Codings, character encodings and broken documents."""

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.document import NotHtml, parse
from crawler.http.charset import read_text
from crawler.http.decoding import ContentError, TooLarge
from tests.support.pages import news_page, raw_page, story


def words_of(body: bytes, **headers: str) -> str:
    parsed = parse(raw_page(body, headers={name.replace("_", "-"): value for name, value in headers.items()}))
    assert parsed is not None
    return str(parsed[0].text_content())


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "windows-1251"),
        ("ru", "koi8-r"),
        ("ar", "windows-1256"),
        ("zh", "gb18030"),
        ("fr", "iso-8859-15"),
    ],
)
def test_the_header_names_the_encoding(language: str, encoding: str) -> None:
    body = news_page(language).replace("’", "'").encode(encoding, "ignore")
    shown = words_of(body, content_type=f"text/html; charset={encoding}")
    assert story(language)[1].replace("’", "'") in shown


@pytest.mark.parametrize(
    ("language", "encoding"), [("ru", "windows-1251"), ("ar", "windows-1256"), ("zh", "gb2312")]
)
def test_the_page_names_the_encoding(language: str, encoding: str) -> None:
    html = news_page(language, head=f'<meta charset="{encoding}">')
    assert story(language)[1] in words_of(html.encode(encoding, "ignore"), content_type="text/html")


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "gb2312", "utf-16", "base64", "idna", "no-such"]
)
def test_a_wrong_label_does_not_spoil_utf_8(label: str) -> None:
    assert story("ar")[0] in words_of(news_page("ar").encode(), content_type=f"text/html; charset={label}")


@pytest.mark.parametrize("label", ["utf-16", "base64", "idna", "unicode_escape", "undefined"])
def test_a_label_that_is_no_encoding_of_web_pages_is_passed_over(label: str) -> None:
    html = news_page("ru", head='<meta charset="windows-1251">')
    body = html.encode("windows-1251", "ignore")
    assert story("ru")[1] in words_of(body, content_type=f"text/html; charset={label}")


def test_a_byte_order_mark_outranks_all_labels() -> None:
    body = b"\xff\xfe" + news_page("ru").encode("utf-16-le")
    assert story("ru")[0] in words_of(body, content_type="text/html; charset=windows-1251")


def test_an_unlabelled_page_is_guessed() -> None:
    assert story("ru")[1] in read_text(news_page("ru").encode("windows-1251", "ignore"), None).text


def test_a_character_cut_at_the_end_costs_only_itself() -> None:
    body = news_page("zh").encode() + "桥".encode()[:2]
    assert story("zh")[0] in words_of(body, content_type="text/html; charset=utf-8")


def test_compressed_bodies_are_decompressed() -> None:
    body = news_page("fr").encode()
    assert story("fr")[0] in words_of(gzip.compress(body), content_encoding="gzip")
    assert story("fr")[0] in words_of(zlib.compress(body), content_encoding="deflate")


def test_a_body_that_only_claims_to_be_compressed_is_read_as_it_is() -> None:
    assert story("fr")[0] in words_of(news_page("fr").encode(), content_encoding="gzip")


def test_faults_of_content_codings_are_the_callers() -> None:
    with pytest.raises(ContentError):
        parse(raw_page(gzip.compress(b"a") * 1100, headers={"content-encoding": "gzip"}))
    with pytest.raises(TooLarge):
        parse(raw_page(gzip.compress(b"a" * (17 << 20)), headers={"content-encoding": "gzip"}))


@pytest.mark.parametrize("body", [b"", b" \n\t"])
def test_an_empty_body_is_no_document(body: bytes) -> None:
    assert parse(raw_page(body)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"\0\0\0",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 40,
        b"%PDF-1.4\n1 0 obj << /Title (The bridge <p>) >>",
        b"The bridge of Varosk fell, and x < y & y > z.\n",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><p>x</p></item></channel></rss>',
        b'<!-- feed --><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title></feed>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><urlset><url><loc>https://news.example/</loc></url></urlset>',
        b'<?xml version="1.0"?><article><title>The bridge</title><p>It fell.</p></article>',
        b'{"html": "<p>The bridge fell.</p>"}',
        b'[{"title": "<b>The bridge</b>"}]',
        b"WEBVTT\n\n00:01.000 --> 00:04.000\nThe bridge fell.",
    ],
)
def test_feeds_data_pictures_and_plain_text_are_no_html(body: bytes) -> None:
    with pytest.raises(NotHtml):
        parse(raw_page(body))


@pytest.mark.parametrize(
    "body",
    [
        b"<p>The bridge fell.",
        b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><p>x</p></html>',
        b"<!-- cached --><!DOCTYPE html><title>x</title>",
        b"Warning: mysql_connect() failed<br><html><p>x</p></html>",
    ],
)
def test_what_a_browser_shows_as_a_page_is_html(body: bytes) -> None:
    assert parse(raw_page(body, headers={"content-type": "text/plain"})) is not None


def test_control_characters_are_removed_before_parsing() -> None:
    assert "ab" in words_of(b"<p>" + b"x" * 100 + b"a\x00\x01b</p>")


def test_what_is_no_character_is_removed_and_counted_as_junk() -> None:
    assert words_of("<p>Bri\ufffedge of Va\uffffrosk, and all that is of it</p>".encode()).startswith(
        "Bridge of Varosk"
    )
    with pytest.raises(NotHtml):
        words_of(("<p>bridge</p>" + "\uffff" * 20).encode())


def test_entities_of_a_document_type_are_not_expanded() -> None:
    html = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY a "aaaa">]><p>&secret;&a;</p>'
    assert "aaaa" not in words_of(html.encode()).replace('"aaaa"', "")


def test_very_deep_documents_are_cut() -> None:
    assert parse(raw_page("<div>" * 50_000 + "deep")) is not None


@given(
    st.binary(max_size=200), st.text(max_size=20), st.sampled_from(["", "gzip", "br", "deflate", "zstd", "x"])
)
def test_no_bytes_and_no_label_end_with_another_error(body: bytes, label: str, coding: str) -> None:
    content = b"<html><p>The bridge" + body + f"<meta charset='{label}'>".encode()
    headers = {"content-type": f"text/html; charset={label}", "content-encoding": coding}
    with suppress(ContentError, NotHtml):
        parse(raw_page(content, headers=headers))


@pytest.mark.parametrize("char", ["\x01", "\x7f", "\ufffd", "\ufffe", "\uffff"])
@pytest.mark.parametrize(("count", "is_page"), [(5, True), (6, False)])
def test_a_page_of_which_more_than_a_twentieth_is_no_text_is_none(
    char: str, count: int, is_page: bool
) -> None:
    html = f"<p>{'ж' * 93}</p>{count * char}"
    assert len(html) - count == 100
    raw = raw_page(html, headers={"content-type": "text/html; charset=utf-8"})
    if is_page:
        assert parse(raw) is not None
    else:
        with pytest.raises(NotHtml):
            parse(raw)
