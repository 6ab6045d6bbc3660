"""Who wrote a page: the people that it names, else the office or agency that it names instead."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block
from crawler.extraction.jsonld import letters, text_of, types_of
from crawler.extraction.lenient_json import Json
from crawler.extraction.names import LABEL, is_nobody, is_person, split_authors
from crawler.extraction.page import Page
from crawler.extraction.titles import site_names

_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
)
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|écrit par|escrito por|scritto da|geschreven door|napisane przez|skrevet av|skrivet av"
    r"|написано|автор|yazan|ditulis oleh|كتب بواسطة|作者|執筆者|글쓴이|συντάχθηκε",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(r"(?<![a-z])(?:authors?|bylines?|writers?)(?![a-z])(?!.*comment)", re.IGNORECASE)
_CLASSES = frozenset(("author", "author-name", "byline-name", "byline__name", "author__name"))
_NAME = re.compile(
    r"(?:[^\W\d_a-zà-ÿа-я][\w'’.-]*\s+){1,4}[^\W\d_a-zà-ÿа-я][\w'’.-]*|[\u3040-\u9fff\uac00-\ud7af]{2,12}"
)
"""Two to five words that begin with capitals, or in a script without them."""

_BYLINE_CHARS, _BELOW, _MOST_MARKED = 90, 12, 5


class Byline(NamedTuple):
    """What a page says about its authors."""

    names: list[str]
    """The people, of the first source that names any; else what it names instead."""
    credits: list[str]
    """All that was looked at, as written."""


def read_byline(page: Page) -> Byline:
    """Authors by JSON-LD, meta elements, marked-up names and the visible byline, in this order."""
    organisations = site_names(page)
    credits: list[str] = []
    others: list[str] = []
    for source in _SOURCES:
        texts = list(source(page, organisations))
        credits += texts
        names = [name for text in texts for name in split_authors(text)]
        people = [name for name in names if is_person(name, organisations)]
        if people:
            return Byline(people, credits)
        if source in (_linked_data, _metas):  # what else is shown is often a section, or a link to more
            others = others or [name for name in names if not is_nobody(name)]
    return Byline(others, credits)


def _linked_data(page: Page, organisations: set[str]) -> Iterator[str]:
    for key in ("author", "creator"):
        for value in _items(page.article.get(key)):
            text = text_of(value)
            if text and isinstance(value, dict) and "organization" in " ".join(types_of(value)).lower():
                organisations.add(letters(text))
            if text:
                yield text


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _metas(page: Page, organisations: set[str]) -> Iterator[str]:
    for name in _METAS:
        yield from page.metas.get(name, [])
    # Catalogues of science write the family name first.
    for text in page.metas.get("citation_author", []):
        family, comma, given = text.partition(",")
        yield f"{given.strip()} {family}" if comma and "," not in given else text
    labels = page.metas.get("twitter:label1", [])
    if labels and _WRITTEN_BY.search(labels[0]):
        yield from page.metas.get("twitter:data1", [])


def _marked(page: Page, organisations: set[str]) -> Iterator[str]:
    marked = (element for element in page.tree.iter("a", "span", "address") if _is_author(element))
    texts = (" ".join("".join(element.itertext()).split()) for element in marked)
    yield from [text for text in texts if text and len(text) <= _BYLINE_CHARS][:_MOST_MARKED]


def _is_author(element: HtmlElement) -> bool:
    names = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".split()
    return "author" in names or (element.get("class") or "").lower() in _CLASSES


def _shown(page: Page, organisations: set[str]) -> Iterator[str]:
    """The visible byline: the first short block in a place for bylines that names a person, and those like it."""
    first: Block | None = None
    for block in _bylines(page.blocks):
        if first is None and any(is_person(name, organisations) for name in _names(block)):
            first = block
        if first is not None and (block.container, block.style) == (first.container, first.style):
            yield from _names(block)


def _bylines(blocks: list[Block]) -> Iterator[Block]:
    """Short blocks that are styled as bylines, or that begin with a label just below the only headline."""
    headlines = [at for at, block in enumerate(blocks) if block.tag == "h1"]
    below = range(headlines[0], headlines[0] + _BELOW) if len(headlines) == 1 else range(0)
    for at, block in enumerate(blocks):
        if len(block.key) > _BYLINE_CHARS or "comments" in block.marks:
            continue
        is_styled = "byline" in block.near and _BYLINE_CLASS.search(f"{block.style[1]} {block.style[3]}")
        if is_styled or (at in below and LABEL.match(block.text.lstrip())):
            yield block


def _names(block: Block) -> Iterator[str]:
    for piece in block.pieces:
        yield from filter(_NAME.fullmatch, split_authors(piece))


_SOURCES: tuple[Callable[[Page, set[str]], Iterator[str]], ...] = (_linked_data, _metas, _marked, _shown)
