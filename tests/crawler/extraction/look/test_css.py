"""What CSS names is what a browser would fetch for it, whatever somebody wrote."""

import pytest

from crawler.extraction.look.css import files_of_sheet, files_of_style
from crawler.items import UrlKind


def named(text: str) -> list[str]:
    """The files of a style sheet, each with the first letter of what it is for."""
    return [f"{kind[0]} {address}" for kind, address in files_of_sheet(text)]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("a{background:url(a.png)}", ["i a.png"]),
        ("a{background:URL( 'a b.png' )}", ["i a b.png"]),
        (r"a{background:u\72l(a.png)}", ["i a.png"]),
        (r"a{background:url(a\29.png)}", ["i a).png"]),
        (r'a{background:url("\26 a.png")}', ["i &a.png"]),
        ("a{background:/*url(b.png)*/url(a.png)}/*c{d:url(c.png)}*/", ["i a.png"]),
        ("a{content:'url(a.png)'}", []),
        ("a{background:url(a.png), linear-gradient(red, blue), url(b.png)}", ["i a.png", "i b.png"]),
        ("a{--picture:url(a.png);cursor:url(b.cur) 2 2, auto}", ["i a.png", "i b.cur"]),
        ("a{b{background:url(a.png)}&:hover{background:url(b.png)}}", ["i a.png", "i b.png"]),
        ("@media print{@supports (a:b){a{background:url(a.png)}}}b{background:url(b.png)}", ["i a.png", "i b.png"]),
        ("@keyframes a{from{background:url(a.png)}}@page{background:url(b.png)}", ["i a.png", "i b.png"]),
        ("a{background:image-set('a.avif' type('image/avif'), url(a.png) 1x)}", ["i a.avif"]),
        ("a{background:-webkit-image-set(url(a.png) 1x, url(b.png) 2x)}", ["i a.png"]),
        ("a{fill:url(#stripes);mask:url( );clip-path:url('')}", []),
        ("a{mask:url(a.svg#star)}", ["i a.svg#star"]),
        ("@namespace svg url(http://www.w3.org/2000/svg);a{}", []),
        ("", []),
    ],
)  # fmt: skip
def test_pictures_are_found_where_values_name_them(text: str, files: list[str]) -> None:
    assert named(text) == files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("@import url(a.css);@import 'b.css' screen and (width>9px);", ["s a.css", "s b.css"]),
        ("@charset 'utf-8';@layer base, theme;@IMPORT \"a.css\" layer(base);", ["s a.css"]),
        ("/* license */ @import/**/url('a.css');", ["s a.css"]),
        ("a{}@import 'a.css';", []),
        ("@layer base{}@import 'a.css';", []),
        ("@media screen{@import 'a.css';}", []),
        ("@import;@import 7;@import 'a.css'", ["s a.css"]),
        ("@import 'a.css", ["s a.css"]),
    ],
)
def test_imports_count_where_browsers_take_them(text: str, files: list[str]) -> None:
    assert named(text) == files


@pytest.mark.parametrize(
    ("sources", "files"),
    [
        ("src:url(a.woff2) format('woff2'),url(a.woff) format('woff')", ["f a.woff2"]),
        (
            "src:url(a.eot);src:url('a.eot?#iefix') format('embedded-opentype'),url(a.ttf) format(truetype)",
            ["f a.ttf"],
        ),
        ("src:url(a.eot?#iefix),url(a.svg#a),url(a.otf)", ["f a.otf"]),
        ("src:local('A'), local(B), url(a.woff)", ["f a.woff"]),
        ("src:url(a.woff2) format('woff2-variations') tech(variations)", ["f a.woff2"]),
        ("src:url(a.bin)", ["f a.bin"]),
        ("src:url(a.svg) format('svg')", []),
        ("src:local(A)", []),
        ("font-weight:400", []),
    ],
)
def test_of_a_font_the_file_is_named_that_browsers_take(sources: str, files: list[str]) -> None:
    assert named(f"@font-face{{font-family:A;{sources}}}") == files
    assert named(f"@media screen{{@font-face{{font-family:A;{sources}}}}}") == files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("a{background:url(a.png", ["i a.png"]),
        ("a{background:url(a'b.png)}b{background:url(b.png)}", ["i b.png"]),
        ("a{background:url('a\n.png')}b{background:url(b.png)}", []),
        ("}}}){background:url(a.png)}b{background:url(b.png)}", ["i a.png", "i b.png"]),
        ("<!-- a{background:url(a.png)} -->", ["i a.png"]),
        ("a{background:url(\0a.png)}", ["i \ufffda.png"]),
        ("<html><p>Not here", []),
        ("@font-face", []),
        ("a{b:" * 3000 + "url(a.png)", ["i a.png"]),
        ("@media x{" * 3000 + "a{b:url(a.png)}", ["i a.png"]),
        ("a{b:" + "(" * 3000 + "url(a.png)", ["i a.png"]),
    ],
    ids=range(11),
)
def test_what_is_broken_costs_no_more_than_browsers_lose(text: str, files: list[str]) -> None:
    assert named(text) == files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("background:url(a.png);color:red", ["a.png"]),
        ("color:red", []),
        ("}background:url(a.png)", ["a.png"]),
    ],
)
def test_style_attributes_name_pictures(text: str, files: list[str]) -> None:
    assert list(files_of_style(text)) == [(UrlKind.IMAGE, address) for address in files]
