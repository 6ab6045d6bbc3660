"""Licences of pages: RSL by Link, by link elements and within the page; others by their address."""

import pytest
from lxml.html import document_fromstring

from crawler.rights import licences

BASE = "https://tarn.example/news/harbour"

RSL = """<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license>
<permits type="usage">search</permits><prohibits type="usage">ai-train, ai-input</prohibits>
<prohibits type="geo">US</prohibits></license></content></rsl>"""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            '<https://tarn.example/l.xml>; rel="license"; type="application/rsl+xml"',
            ["http: rsl=https://tarn.example/l.xml"],
        ),
        ("</cc>;rel=license, </style.css>; rel=preload; as=style", ["http: license=https://tarn.example/cc"]),
        ('</a>; rel="next"\n</b>; rel="license"', ["http: license=https://tarn.example/b"]),
        ("<javascript:alert(1)>; rel=license", []),
        ('</a>; title="rel=license"', []),
        ("<" * 5000, []),
    ],
)
def test_the_header_link_names_licences(value: str, said: list[str]) -> None:
    assert [*map(str, licences.in_headers({"link": value}, BASE))] == said


def in_page(head: str) -> list[str]:
    return [*map(str, licences.in_tree(document_fromstring(f"<head>{head}</head><p>x</p>"), BASE))]


def test_link_elements_name_licences() -> None:
    head = (
        '<link rel="license" type="application/rsl+xml" href="/l.xml"><link rel="LICENSE nofollow" href="/cc">'
        '<link rel="stylesheet" href="/s.css"><link rel="license" href="http://[broken">'
    )
    assert in_page(head) == ["html: rsl=https://tarn.example/l.xml", "html: license=https://tarn.example/cc"]


def test_a_licence_within_the_page_says_what_it_prohibits() -> None:
    found = in_page(f'<script type="application/rsl+xml">{RSL}</script>')
    assert found == ["html: rsl=in the page", "html: rsl-prohibits: ai-train, ai-input"]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<rsl><prohibits>",
        '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><rsl><prohibits>&e;</prohibits></rsl>',
    ],
)
def test_a_broken_one_is_noted_and_prohibits_nothing(document: str) -> None:
    assert in_page(f'<script type="application/rsl+xml">{document}</script>') == ["html: rsl=in the page"]


FILE = """<rsl xmlns="https://rslstandard.org/rsl">
<content url="/"><license><permits type="usage">search</permits></license></content>
<content url="https://tarn.example/news/*"><license><prohibits type="usage">ai-train</prohibits></license></content>
<content url="/*.pdf$"><license><prohibits>ai-all</prohibits></license></content>
<content url="https://other.example/"><license><prohibits type="usage">all</prohibits></license></content></rsl>"""


@pytest.mark.parametrize(
    ("url", "uses"),
    [
        (BASE, ["ai-train"]),
        ("https://tarn.example/sport", []),
        ("https://tarn.example/news/a.pdf", ["ai-train", "ai-all"]),
        ("https://other.example/a", ["all"]),
    ],
)
def test_a_licence_file_prohibits_uses_of_what_it_covers(url: str, uses: list[str]) -> None:
    terms = licences.read_terms(FILE.encode())
    assert terms is not None
    assert licences.prohibited_of(terms, url) == uses


@pytest.mark.parametrize("body", [b"", b"<html><p>Welcome</p></html>", b"<rsl><content>", b"\xff\xfe"])
def test_what_is_no_licence_file_says_nothing(body: bytes) -> None:
    assert licences.read_terms(body) is None
