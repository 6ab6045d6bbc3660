"""The files of a page are what a browser without scripts fetches to show it."""

import pytest

from crawler.extraction.look import find_look
from crawler.extraction.look.page_files import MAX_FILES
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.pages import news_page, raw_page

SITE = "https://news.example"


def files(head: str = "", body: str = "", markup: str = "") -> list[str]:
    page = markup or f"<html><head><title>x</title>{head}</head><body><p>Text</p>{body}</body></html>"
    return [
        f"{link.kind[0]} {link.url.removeprefix(f'{SITE}/')}"
        for link in find_look(raw_page(page, f"{SITE}/one"))
    ]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("<link rel=stylesheet href=a.css>", ["s a.css"]),
        ("<link rel='StyleSheet nofollow' media=print type='text/css; a=b' href=/a.css?v=1>", ["s a.css?v=1"]),
        ("<link rel='alternate stylesheet' href=a.css><link rel=stylesheet type=text/less href=b>", []),
        ("<link rel=preload as=style href=a.css><link rel=preload as=font href=a.woff2>", ["s a.css", "f a.woff2"]),
        ("<link rel=preload as=script href=a.js><link rel=canonical href=b><link rel=stylesheet>", []),
        ("<link rel='shortcut icon' href=a.ico><link rel=apple-touch-icon href=b.png>", ["i a.ico"]),
        ("<link rel=icon href=a.ico><link rel=stylesheet href=a.css>", ["s a.css", "i a.ico"]),
        ("<style>@import 'a.css';b{c:url(d.png)}</style>", ["s a.css", "i d.png"]),
        ("<style type=text/x-template>b{c:url(d.png)}</style>", []),
        ("<base href=/css/><style>b{c:url(d.png)}</style>", ["i css/d.png"]),
        ("<script src=a.js></script><link rel=modulepreload href=b.js>", []),
        ("<link rel=stylesheet href='javascript:1'><link rel=stylesheet href='data:text/css,'>", []),
        ("<noscript><link rel=stylesheet href=a.css></noscript>", ["s a.css"]),
        ("<!--[if IE]><link rel=stylesheet href=ie.css><![endif]-->", []),
    ],
)  # fmt: skip
def test_of_the_head_style_sheets_fonts_and_icons(head: str, found: list[str]) -> None:
    assert files(head) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<img src=a.png>", ["i a.png"]),
        ("<img src=a.png srcset='b.png 800w, c.png 3000w' sizes=700px>", ["i b.png"]),
        ("<picture><source media=print srcset=s><source srcset=l.png><img src=a.png></picture>", ["i l.png"]),
        ("<img src='data:image/gif;base64,R0' data-src=a.png><noscript><img src=b.png></noscript>", ["i b.png"]),
        ("<img src=a.gif width=1 height=1>", []),
        ("<video src=a.mp4 poster=a.jpg><source src=b.mp4></video><audio src=a.mp3></audio>", ["i a.jpg"]),
        ("<div style='background:url(a.png)'>", ["i a.png"]),
        ("<svg><use href='a.svg#x'/><use xlink:href='#y'/><image xlink:href=b.png /></svg>", ["i a.svg", "i b.png"]),
        ("<table background=a.png><tr><td background=b.png></table>", ["i a.png", "i b.png"]),
        ("<input type=image src=a.png><input src=b.png>", ["i a.png"]),
        ("<object type=image/svg+xml data=a.svg></object>", ["i a.svg"]),
        ("<embed type=image/png src=b.png><embed src=c.swf>", ["i b.png"]),
        ("<iframe src=a.html></iframe><object data=a.pdf></object>", []),
        ("<img src=//cdn.example/a.png><img src=a.png><img src=./a.png#x>", ["i https://cdn.example/a.png", "i a.png"]),
        ("<img src='http://['><img src><img>", []),
    ],
)  # fmt: skip
def test_of_the_body_pictures_wherever_they_stand(body: str, found: list[str]) -> None:
    assert files(body=body) == found


def test_they_are_named_by_the_page() -> None:
    evidence = Evidence(
        source="tarn", how=Discovery.SITEMAP, via=f"{SITE}/map.xml", zone="Europe/Paris", title="x"
    )
    found = find_look(raw_page(news_page(head="<link rel=stylesheet href=a.css>"), evidence=evidence))
    named = Evidence(source="tarn", how=Discovery.LOOK, via=raw_page("").url, zone="Europe/Paris")
    assert found == (
        Link(f"{SITE}/world/a.css", UrlKind.STYLE, named),
        Link(f"{SITE}/world/bridge.jpg", UrlKind.IMAGE, named),
    )


@pytest.mark.parametrize("markup", [b"", b"%PDF-1.7", b"\xff\xfe\x00", b"{}", b"<rss></rss>"])
def test_what_is_no_page_has_none(markup: bytes) -> None:
    assert find_look(raw_page(markup)) == ()


def test_a_page_has_so_many_at_most() -> None:
    pictures = "".join(f"<img src={number}.png>" for number in range(2 * MAX_FILES))
    found = files("<link rel=stylesheet href=a.css>", pictures)
    assert (len(found), found[0]) == (MAX_FILES, "s a.css")
