"""The files that a browser fetches to show a page, without scripts: style sheets, fonts, icons and pictures.

Neither scripts nor what they would load, nor frames, videos and sounds: what a frame holds is another page, and a
script that runs in a replay may show what no reader saw.
"""

from collections.abc import Iterator
from itertools import chain

from lxml.html import HtmlElement

from crawler.extraction.document import NotHtml, parse
from crawler.extraction.images.story_images import is_pixel, read_shown
from crawler.extraction.look.css import File, files_of_sheet, files_of_style
from crawler.extraction.look.style_sheets import MAX_CHARS, MAX_FONTS, clean_files, first_files
from crawler.http.requisites import look_links
from crawler.http.urls import base_url
from crawler.items import Link, RawPage, UrlKind

MAX_FILES = 200
"""Most files of one page: those of a portal's front page; style sheets come first, pictures last."""

_PRELOADED = {"style": UrlKind.STYLE, "font": UrlKind.FONT, "image": UrlKind.IMAGE}
_BACKGROUNDS = ("body", "table", "tr", "td", "th")
"""Elements whose `background` browsers still show (HTML, 15.3)."""

_SHAPES = ("image", "use", "feimage")
"""Elements of SVG that show another file, or a part of it."""


def find_look(raw: RawPage) -> tuple[Link, ...]:
    """The files that a page is shown with, none if it cannot be read.

    ContentError and TooLarge (`crawler.http.decoding`) for a body that cannot be decoded.
    """
    try:
        parsed = parse(raw)
    except NotHtml:
        return ()
    if parsed is None:
        return ()
    tree, charset, _ = parsed
    base = base_url(tree, raw.url, charset)
    found = chain(_linked(tree), _styled(tree), _pictures(tree))
    files = first_files(clean_files(found, base, charset), {UrlKind.FONT: MAX_FONTS}, MAX_FILES)
    return look_links(raw.url, raw.evidence, files)


def _linked(tree: HtmlElement) -> Iterator[File]:
    """What `link` elements name, style sheets first."""
    found = [file for link in tree.iter("link") for file in _of_link(link)]
    yield from sorted(found, key=lambda file: file[0] is not UrlKind.STYLE)


def _of_link(link: HtmlElement) -> Iterator[File]:
    relations, href = (link.get("rel") or "").lower().split(), link.get("href") or ""
    kind: UrlKind | None = None
    if "stylesheet" in relations:
        kind = UrlKind.STYLE if "alternate" not in relations and _is_css(link) else None
    elif "preload" in relations:
        kind = _PRELOADED.get((link.get("as") or "").lower())
    elif "icon" in relations:
        kind = UrlKind.IMAGE
    if kind is not None and href.strip():
        yield kind, href


def _is_css(element: HtmlElement) -> bool:
    """Whether browsers take a style sheet for one: what has another type (`text/less`) a script turns into CSS."""
    return (element.get("type") or "text/css").partition(";")[0].strip().lower() == "text/css"


def _styled(tree: HtmlElement) -> Iterator[File]:
    """What the CSS within a page names."""
    left = MAX_CHARS
    for style in tree.iter("style"):
        text = (style.text or "")[:left] if _is_css(style) else ""
        left -= len(text)
        yield from files_of_sheet(text)
    for element in tree.iterfind(".//*[@style]"):
        text = (element.get("style") or "")[:left]
        left -= len(text)
        yield from files_of_style(text)


def _pictures(tree: HtmlElement) -> Iterator[File]:
    for element in tree.iter("img", "video", "input", "object", "embed", *_SHAPES, *_BACKGROUNDS):
        if (written := _shown_in(element)).strip() and not written.lstrip().startswith("#"):
            yield UrlKind.IMAGE, written


def _shown_in(element: HtmlElement) -> str:
    """The address of the picture that an element shows, empty if it shows none."""
    if element.tag in ("img", "video"):
        return "" if is_pixel(element) else read_shown(element)
    if element.tag in _SHAPES:
        return element.get("href") or element.get("xlink:href") or ""
    if element.tag in _BACKGROUNDS:
        return element.get("background") or ""
    if element.tag == "input":
        return (element.get("src") or "") if (element.get("type") or "").lower() == "image" else ""
    is_image = (element.get("type") or "").lower().startswith("image/")
    return (element.get("data") or element.get("src") or "") if is_image else ""
