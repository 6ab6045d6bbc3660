"""A page as the list of its text blocks: what a reader sees as paragraphs, list items and headings."""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.body.marks import own_marks

_SKIPPED = """
applet audio button canvas datalist embed fencedframe frame head iframe input map math menu nav noframes
noscript object option progress script select style svg template textarea title video
"""
_BLOCKS = """
address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main ol p pre section summary table
tbody td tfoot th thead tr ul
"""
SKIPPED = frozenset(_SKIPPED.split())
"""Elements that hold no running text."""

BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin and end a block, as in a browser's default style sheet."""

_DATE_PROPERTIES = ("datePublished", "dateCreated", "dateModified")
_SENTENCE_END = re.compile(r"[.!?…。！？｡।॥؟۔։።᙮]\W*$|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\W*$")
_EAST_ASIAN = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LINE = 60
_HEADLINE = 25
_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Block:
    """One run of text between two breaks."""

    text: str
    """As in the page, white space not yet folded."""
    tag: str
    """The block element that holds it."""
    marks: frozenset[str]
    """Landmarks and kinds of class names that it stands in, up to the body."""
    near: frozenset[str]
    """Those of its element and of that one's parent."""
    container: HtmlElement
    """The nearest element around the block's own that holds other blocks as well: one story's mostly share it."""
    style: tuple[str, str, str, str]
    """Tag and class of the element and of its parent: paragraphs of one story look alike."""
    link_chars: int
    """Characters inside links, white space not counted."""
    links: int
    """Number of links with text."""
    pieces: tuple[str, ...]
    """The text as its elements divide it: `By Ana Veld`, `28 January 2021`."""
    times: tuple[HtmlElement, ...]
    """Elements in it that are marked up as a date."""
    key: str = field(init=False)
    """The text without white space, to compare by."""
    length: int = field(init=False)
    """Reading length, see `reading_length`."""
    is_sentence: bool = field(init=False)
    """Whether it ends as a sentence does."""

    def __post_init__(self) -> None:
        self.key = squeeze(self.text)
        self.length = reading_length(self.key)
        self.is_sentence = ends_sentence(self.text.rstrip())

    @property
    def link_share(self) -> float:
        """Part of the text that is link text, 0 to 1."""
        return self.link_chars / len(self.key)

    @property
    def is_pointer(self) -> bool:
        """True if its links are as long as headlines: it names other articles."""
        return self.links > 0 and self.link_share * self.length >= _HEADLINE * self.links


@dataclass(slots=True)
class _Place:
    element: HtmlElement
    own: frozenset[str]
    marks: frozenset[str]
    first: int
    """Index of the first block that stands in it."""


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The text blocks of a page's body in document order, boilerplate included."""
    body = tree.find(".//body")
    return _BlockReader(tree if body is None else body).read()


class _BlockReader:
    """Walks a tree once and collects text until something breaks the line."""

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._blocks: list[Block] = []
        self._places = [_Place(root, frozenset(), frozenset(), 0)]
        self._pieces: list[str] = []
        self._times: list[HtmlElement] = []
        self._link_chars = 0
        self._links = 0
        self._links_open = 0
        self._is_new_link = False

    def read(self) -> list[Block]:
        walker = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._leave(element)
            elif element.tag in SKIPPED and element is not self._root:
                walker.skip_subtree()
            else:
                self._enter(element)
        self._flush()
        return self._blocks

    def _enter(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._flush()
            own = own_marks(element)
            self._places.append(_Place(element, own, self._places[-1].marks | own, len(self._blocks)))
        elif element.tag == "br":
            self._break_line()
        elif element.tag == "a":
            self._links_open += 1
            self._is_new_link = True
        if element.tag == "time" or element.get("itemprop") in _DATE_PROPERTIES:
            self._times.append(element)
        if element.text:
            self._add(element.text)

    def _leave(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._flush()
            place = self._places.pop()
            self._widen(place)
        elif element.tag == "a":
            self._links_open -= 1
        if element.tail and element is not self._root:
            self._add(element.tail)

    def _widen(self, place: _Place) -> None:
        """A frame around a single paragraph, of which nothing is known, is none of its containers."""
        if len(self._blocks) - place.first == 1 and not self._blocks[-1].near and not place.own:
            self._blocks[-1].container = self._places[-1].element

    def _add(self, text: str) -> None:
        self._pieces.append(text.replace("\n", " "))
        if self._links_open:
            chars = len(squeeze(text))
            self._link_chars += chars
            self._links += bool(chars and self._is_new_link)
            self._is_new_link = self._is_new_link and not chars

    def _break_line(self) -> None:
        """Two line breaks with nothing between them end a paragraph, one may."""
        last = next((piece for piece in reversed(self._pieces) if piece == "\n" or not piece.isspace()), "")
        if last == "\n":
            self._flush()
        else:
            self._pieces.append("\n")

    def _flush(self) -> None:
        text = "".join(self._pieces)
        if text and not text.isspace():
            lines = split_lines(text)
            for line in lines:
                self._append(line, len(lines))
            # A date without text, which a script would show, goes with what follows.
            self._times = []
        self._pieces, self._link_chars, self._links, self._is_new_link = [], 0, 0, True

    def _append(self, text: str, lines: int) -> None:
        place, parent = self._places[-1], self._places[-2] if len(self._places) > 1 else self._places[-1]
        pieces = self._pieces if lines == 1 else [text]
        self._blocks.append(
            Block(
                text=text,
                tag=str(place.element.tag),
                marks=place.marks,
                near=place.own | parent.own,
                container=parent.element,
                style=(*_style(place.element), *_style(parent.element)),
                link_chars=self._link_chars // lines,
                links=self._links,
                pieces=tuple(piece for piece in pieces if not piece.isspace()),
                times=tuple(self._times),
            )
        )


def is_teaser(blocks: list[Block], at: int) -> bool:
    """True for a block that is mostly a link to another article, or stands directly under one."""
    before = blocks[at - 1] if at else None
    is_under = before is not None and before.is_pointer and before.link_share > 0.8
    return is_under or (blocks[at].is_pointer and blocks[at].link_share > 0.5)


def squeeze(text: str) -> str:
    """The text without any white space."""
    return _SPACE.sub("", text)


def split_lines(text: str) -> list[str]:
    """Paragraphs of a text whose single line breaks may end a paragraph or just a line.

    A break between two whole sentences of some length ends a paragraph; others (verses, addresses,
    lines cut for the page's width) become a space.
    """
    paragraphs = [""]
    for line in text.split("\n"):
        if (
            ends_sentence(paragraphs[-1].rstrip())
            and min(reading_length(paragraphs[-1]), reading_length(line)) > _LINE
        ):
            paragraphs.append(line)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
    return paragraphs


def ends_sentence(text: str) -> bool:
    """True if the text ends as a sentence does; Thai, Lao, Khmer and Burmese need no stop."""
    return _SENTENCE_END.search(text[-12:]) is not None


def reading_length(text: str) -> int:
    """Characters that are not white space; those of East Asian scripts count for three Latin letters."""
    letters = squeeze(text)
    return len(letters) + (0 if letters.isascii() else 2 * len(_EAST_ASIAN.findall(letters)))


def _style(element: HtmlElement) -> tuple[str, str]:
    return str(element.tag), element.get("class") or ""
