"""A fetched style sheet is read as browsers decode it, and within limits."""

import gzip
from collections import Counter

import pytest

from crawler.extraction.look import read_style
from crawler.extraction.look.style_sheets import (
    MAX_CHARS,
    MAX_DEPTH,
    MAX_FILES,
    MAX_FONTS,
    MAX_IMPORTS,
)
from crawler.http.decoding import ContentError
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.pages import raw_page

URL = "https://cdn.example/css/a.css?v=3"
EVIDENCE = Evidence(source="tarn", how=Discovery.LOOK, via="https://tarn.example/one", zone="Europe/Paris")


def read(body: str | bytes, depth: int = 0, **headers: str) -> tuple[Link, ...]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_style(raw_page(body, URL, named or {"content-type": "text/css"}, EVIDENCE), depth)


def urls(body: str | bytes, depth: int = 0, **headers: str) -> list[str]:
    return [link.url for link in read(body, depth, **headers)]


def test_what_it_names_is_relative_to_it_and_belongs_to_its_source() -> None:
    [font] = read("@font-face{src:url(../fonts/a.woff2)}", depth=1)
    evidence = Evidence(source="tarn", how=Discovery.LOOK, via=URL, zone="Europe/Paris")
    assert font == Link("https://cdn.example/fonts/a.woff2", UrlKind.FONT, evidence, depth=2)


def test_each_file_is_named_once_and_neither_data_nor_itself() -> None:
    names = (
        "x.png",
        "data:image/png;base64,AA==",
        "./x.png#a",
        "a.css?v=3",
        "about:blank",
        "//b.example/y.png",
    )
    body = "".join(f"a{{b:url({name})}}" for name in names)
    assert urls(f"@import 'a.css?v=3';{body}") == ["https://cdn.example/css/x.png", "https://b.example/y.png"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("a{b:url(ж.png)}".encode(), {}),
        ("\ufeffa{b:url(ж.png)}".encode("utf-16le"), {"content_type": "text/css; charset=koi8-r"}),
        ("a{b:url(ж.png)}".encode("koi8-r"), {"content_type": 'text/css; charset="KOI8-R"'}),
        ('@charset "windows-1251";a{b:url(ж.png)}'.encode("cp1251"), {"content_type": "text/css"}),
        ('@charset "utf-16";a{b:url(ж.png)}'.encode(), {}),
        ('@charset "nonsense";a{b:url(ж.png)}'.encode(), {}),
        (gzip.compress("a{b:url(ж.png)}".encode()), {"content_encoding": "gzip"}),
    ],
    ids=range(7),
)
def test_its_encoding_is_what_mark_header_and_rule_say_in_this_order(
    body: bytes, headers: dict[str, str]
) -> None:
    assert urls(body, 0, **headers) == ["https://cdn.example/css/%D0%B6.png"]


def test_broken_bytes_spoil_no_more_than_their_place() -> None:
    assert urls(b"a{b:url(\xff.png)}b{c:url(b.png)}")[1:] == ["https://cdn.example/css/b.png"]
    with pytest.raises(ContentError):
        read(gzip.compress(b"a{b:url(b.png)}")[:-12], content_encoding="gzip")


def test_imports_end_at_a_depth_and_nothing_is_without_end() -> None:
    imports = "".join(f"@import '{number}.css';" for number in range(MAX_IMPORTS + 5))
    fonts = "".join(f"@font-face{{src:url({number}.woff2)}}" for number in range(MAX_FONTS + 5))
    body = f"{imports}{fonts}{''.join(f'a{{b:url({number}.png)}}' for number in range(MAX_FILES))}"
    kinds = Counter(link.kind for link in read(body, MAX_DEPTH - 1))
    pictures = MAX_FILES - MAX_IMPORTS - MAX_FONTS
    assert kinds == {UrlKind.STYLE: MAX_IMPORTS, UrlKind.FONT: MAX_FONTS, UrlKind.IMAGE: pictures}
    assert UrlKind.STYLE not in {link.kind for link in read(body, MAX_DEPTH)}
    assert urls(" " * MAX_CHARS + "a{b:url(a.png)}") == []
