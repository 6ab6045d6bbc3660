"""Refreshes and canonical pages, as sites write them."""

import pytest
from lxml.html import HtmlElement, document_fromstring

from crawler.http.moves import Refresh, find_canonical, find_refresh, parse_refresh

HERE = "https://marisol.example/old/1"
NEW = "https://marisol.example/new"


def tree(head: str) -> HtmlElement:
    return document_fromstring(f"<html><head><title>x</title>{head}</head><body><p>x</body></html>")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("0;url=/new", (0, "/new")),
        ("0; URL='/new'", (0, "/new")),
        ('0;URL="/new" and more', (0, "/new")),
        (" 5 , url = /new ", (5, "/new")),
        ("3 /new", (3, "/new")),
        ("0;/new", (0, "/new")),
        ("0.5; Url=/new?url=/b", (0, "/new?url=/b")),
        (".5;url=/new", (0, "/new")),
        ("0;\n url\t=\n/new", (0, "/new")),
        ("0;url=/ne w", (0, "/ne w")),
        ("0;url='/new", (0, "/new")),
        ("300;url=/новости", (300, "/новости")),
        ("5", None),
        ("5;", None),
        ("5; url=", None),
        ("5; url=''", None),
        ("url=/new", None),
        (";url=/new", None),
        ("soon;url=/new", None),
        ("-1;url=/new", None),
        ("", None),
    ],
)
def test_a_refresh_is_read_as_browsers_do(content: str, expected: tuple[float, str] | None) -> None:
    assert parse_refresh(content) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta http-equiv="refresh" content="0;url=/new">', Refresh(NEW, 0, True)),
        ("<META HTTP-EQUIV=Refresh CONTENT='0; URL=../new'>", Refresh(NEW, 0, True)),
        ('<base href="https://tarn.example/x/"><meta http-equiv=refresh content="0;url=y">',
         Refresh("https://tarn.example/x/y", 0, True)),
        ('<noscript><meta http-equiv="refresh" content="0;url=/new"></noscript>', Refresh(NEW, 0, False)),
        ('<noscript><meta http-equiv="refresh" content="0;url=/js"></noscript>'
         '<meta http-equiv="refresh" content="2;url=/new">', Refresh(NEW, 2, True)),
        ('<meta http-equiv="refresh" content="300"><meta http-equiv="refresh" content="0;url=/new">'
         '<meta http-equiv="refresh" content="0;url=/late">', Refresh(NEW, 0, True)),
        ('<meta http-equiv="refresh" content="0;url=intent://new#Intent;end">', None),
        ('<meta http-equiv="refresh" content="0;url=javascript:go()">', None),
        ('<meta name="refresh" content="0;url=/new">', None),
        ('<!-- <meta http-equiv="refresh" content="0;url=/new"> -->', None),
    ],
)  # fmt: skip
def test_the_first_refresh_for_all_that_names_a_page_counts(head: str, expected: Refresh | None) -> None:
    assert find_refresh(HERE, {}, tree(head)) == expected


def test_a_refresh_may_be_a_field_of_the_answer() -> None:
    assert find_refresh(HERE, {"refresh": "0; url=/new"}, None) == Refresh(NEW, 0, True)
    assert find_refresh(HERE, {"refresh": "60"}, tree("")) is None


@pytest.mark.parametrize(
    ("head", "link", "expected"),
    [
        ('<link rel="canonical" href="/new">', "", NEW),
        ('<link rel="alternate CANONICAL" href="../new#top">', "", NEW),
        ("", '</new>; rel="canonical"', NEW),
        ("", '<https://marisol.example/feed>; rel="alternate"; title="a, b", </new>; rel=canonical', NEW),
        ("", "</a>; title=x, </new>; rel=canonical", NEW),
        ("", "</new>; title=x; rel = 'canonical'", None),
        ("", '</new>; rel="x Canonical y"', NEW),
        ("", "</style.css>; rel=preload; as=style", None),
        ('<link rel="canonical" href="https://marisol.example/">', "", None),
        ('<link rel="canonical" href="//marisol.example">', "", None),
        ('<link rel="canonical" href="/?p=7">', "", "https://marisol.example/?p=7"),
        ('<link rel="canonical" href=""><link rel="canonical" href="/new">', "", NEW),
        ('<link rel="canonical" href="mailto:desk@marisol.example">', "", None),
        ('<link rel="canonical">', "", None),
        ('<link rel="next" href="/new">', "", None),
    ],
)
def test_a_canonical_page_is_one_that_is_no_front_page(head: str, link: str, expected: str | None) -> None:
    assert find_canonical(HERE, {"link": link} if link else {}, tree(head)) == expected


def test_a_front_page_may_be_its_own_canonical_page() -> None:
    front = tree('<link rel="canonical" href="/">')
    assert find_canonical("http://marisol.example", {}, front) == "http://marisol.example/"
    assert find_canonical("https://marisol.example/?p=7", {}, front) is None


@pytest.mark.parametrize(
    ("charset", "query"), [("windows-1251", "%E4%E0"), ("koi8-r", "%C4%C1"), ("utf-8", "%D0%B4%D0%B0")]
)
def test_the_query_of_a_new_place_is_in_the_charset_of_the_page(charset: str, query: str) -> None:
    moved = tree('<meta http-equiv=refresh content="0; url=?t=да"><link rel=canonical href="?t=да">')
    refresh = find_refresh(HERE, {}, moved, charset)
    assert refresh is not None
    assert refresh.url == find_canonical(HERE, {}, moved, charset)
    assert refresh.url.endswith(f"?t={query}")
