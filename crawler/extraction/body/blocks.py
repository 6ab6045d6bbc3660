"""Splits a page into text blocks: what a reader sees as paragraphs, list items and headings."""

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
"""Elements without running text."""

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
    """The text between two breaks."""

    text: str
    """As on the page, white space not yet normalised."""
    tag: str
    """The block element that contains it."""
    marks: frozenset[str]
    """Landmarks and groups of class names of its ancestors, up to the body."""
    near: frozenset[str]
    """The marks of its element and of the element's parent."""
    container: HtmlElement
    """The nearest ancestor that contains other blocks too: usually the same for all blocks of a story."""
    style: tuple[str, str, str, str]
    """Tag and class of the element and of its parent: paragraphs of one story look alike."""
    link_chars: int
    """Characters inside links, without white space."""
    links: int
    """Number of links with text."""
    pieces: tuple[str, ...]
    """The text, split where its elements begin and end: `By Ana Veld`, `28 January 2021`."""
    times: tuple[HtmlElement, ...]
    """Elements in it that are marked up as dates."""
    key: str = field(init=False)
    """The text without white space, for comparison."""
    length: int = field(init=False)
    """Reading length, see `reading_length`."""
    is_sentence: bool = field(init=False)
    """Whether it ends like a sentence."""

    def __post_init__(self) -> None:
        self.key = squeeze(self.text)
        self.length = reading_length(self.key)
        self.is_sentence = ends_sentence(self.text.rstrip())

    @property
    def link_share(self) -> float:
        """Share of the text that is inside links, 0 to 1."""
        return self.link_chars / len(self.key)

    @property
    def is_pointer(self) -> bool:
        """Whether its links are as long as headlines: they name other articles."""
        return self.links > 0 and self.link_share * self.length >= _HEADLINE * self.links


@dataclass(slots=True)
class _Place:
    element: HtmlElement
    own: frozenset[str]
    marks: frozenset[str]
    first: int
    """Index of the first block inside it."""


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The text blocks of a page in document order, boilerplate included."""
    body = tree.find(".//body")
    return _BlockReader(tree if body is None else body).read()


class _BlockReader:
    """Walks a tree once and collects text until a block element or line break ends it."""

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
        """Skip wrapper elements that hold one block and have no class of interest."""
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
        """Two consecutive line breaks end a paragraph; a single one may."""
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
            # A date without text, which a script would show, belongs to the next block.
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
    """Whether a block is mostly a link to another article, or directly follows one."""
    before = blocks[at - 1] if at else None
    is_under = before is not None and before.is_pointer and before.link_share > 0.8
    return is_under or (blocks[at].is_pointer and blocks[at].link_share > 0.5)


def squeeze(text: str) -> str:
    """The text without white space."""
    return _SPACE.sub("", text)


def split_lines(text: str) -> list[str]:
    """Paragraphs of a text in which a single line break may end a paragraph or only a line.

    A break between two complete sentences of some length ends a paragraph; others (verses, addresses, lines wrapped
    to a width) become a space.
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
    """Whether a text ends like a sentence; Thai, Lao, Khmer and Burmese need no full stop."""
    return _SENTENCE_END.search(text[-12:]) is not None


def reading_length(text: str) -> int:
    """Number of characters without white space; one of an East Asian script counts as three."""
    letters = squeeze(text)
    return len(letters) + (0 if letters.isascii() else 2 * len(_EAST_ASIAN.findall(letters)))


def _style(element: HtmlElement) -> tuple[str, str]:
    return str(element.tag), element.get("class") or ""
