"""Splits a page into text blocks: what a reader sees as paragraphs, list items and headings."""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.body.breaks import (
    BLOCKS,
    INLINE,
    SKIPPED,
    breaks_lines,
    is_heading_button,
    keeps_lines,
)
from crawler.extraction.body.looks import PLAIN, Look, look_of
from crawler.extraction.body.marks import own_marks
from crawler.extraction.body.tables import SEPARATOR, is_fact_table
from crawler.extraction.body.unseen import is_short, is_unseen, read_off_classes

_ITEMS = frozenset({"dd", "dt", "li"})
_DATE_PROPERTIES = ("datePublished", "dateCreated", "dateModified")
_SENTENCE_END = re.compile(r"[.!?…。！？｡।॥؟۔։።᙮]\W*$|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\W*$")
_SYLLABLES = r"\u1200-\u139f\ua000-\ua4cf\uac00-\ud7a3"
_WIDE = re.compile(rf"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff{_SYLLABLES}]")
_SYLLABLE = re.compile(f"[{_SYLLABLES}]")
_ITEM = re.compile(
    r"\s*(?:[•●▪■◆►▶‣·–—]|[*-]\s|\(?(?:\d{1,2}[.)]\s|[^\W\d_]\)\s)|[①-⑳]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、．])"
)
_INDENTED = re.compile(r"(?:\u3000|\xa0 ?){2}")
_INDENT = re.compile(r"^(?: {2,}|\t)")
_LINE = 60
_LIST = 4
_HEADLINE = 25


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
    whole: object
    """What the list, the table or the paragraph of short lines is known by that it is one line of; else None."""
    key: str = field(init=False)
    """The text without white space, for comparison."""
    length: int = field(init=False)
    """Reading length, see `reading_length`."""
    is_sentence: bool = field(init=False)
    """Whether it ends like a sentence."""
    link_share: float = field(init=False)
    """Share of the text that is inside links, 0 to 1."""

    def __post_init__(self) -> None:
        self.key = squeeze(self.text)
        self.length = _count_letters(self.key)
        self.is_sentence = ends_sentence(self.text.rstrip())
        self.link_share = self.link_chars / len(self.key)

    @property
    def is_pointer(self) -> bool:
        """Whether its links are as long as headlines: they name other articles."""
        return self.links > 0 and self.link_share * self.length >= _HEADLINE * self.links


@dataclass(slots=True)
class _Place:
    element: HtmlElement
    style: tuple[str, str]
    """Its tag and class."""
    own: frozenset[str]
    marks: frozenset[str]
    first: int
    """Index of the first block inside it."""


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The text blocks of a page in document order, boilerplate included."""
    body = tree.find(".//body")
    return _BlockReader(tree if body is None else body, read_off_classes(tree)).read()


class _BlockReader:
    """Walks a tree once and collects text until a block element or line break ends it."""

    def __init__(self, root: HtmlElement, off_classes: frozenset[str]) -> None:
        self._root = root
        self._off_classes = off_classes
        self._blocks: list[Block] = []
        self._places = [_Place(root, (str(root.tag), root.get("class") or ""), frozenset(), frozenset(), 0)]
        self._shown: list[str] = []
        self._pieces: list[str] = []
        self._times: list[HtmlElement] = []
        self._link_chars = 0
        self._links = 0
        self._links_open = 0
        self._is_new_link = False
        self._unseen: HtmlElement | None = None
        self._row: HtmlElement | None = None
        self._verbatim: HtmlElement | None = None
        self._tables: dict[HtmlElement, bool] = {}

    def read(self) -> list[Block]:
        root, places = self._root, self._places
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in SKIPPED and element is not root and not is_heading_button(element):
                    walker.skip_subtree()
                else:
                    self._enter(element, tag)  # type: ignore[arg-type]  # the tree has nothing but elements
                continue
            if places[-1].element is element:
                self._leave_block(element)
            if tag == "a":
                self._links_open -= 1
            if element is self._unseen:
                self._unseen = None
            if (tail := element.tail) and element is not root:
                self._add(tail)
        self._flush()
        return self._blocks

    def _enter(self, element: HtmlElement, tag: str) -> None:
        names, style = element.get("class"), element.get("style")
        look = look_of(names or "", style or "") if names or style else PLAIN
        if tag in BLOCKS or tag not in INLINE or look.is_block:
            if self._row is not None:
                self._enter_cell(element, tag, look)
            elif tag in BLOCKS or breaks_lines(element, look) or element is self._root:
                self._enter_block(element, tag, names or "", look)
        elif self._unseen is None and is_unseen(element, look, self._off_classes):
            self._unseen = element
        if tag == "br":
            self._break_line()
        elif tag == "a":
            self._links_open += 1
            self._is_new_link = True
        if tag == "time" or element.get("itemprop") in _DATE_PROPERTIES:
            self._times.append(element)
        if text := element.text:
            self._add(text)

    def _enter_block(self, element: HtmlElement, tag: str, names: str, look: Look) -> None:
        self._flush()
        own = own_marks(element, tag)
        if look.is_spoken and is_short(element):
            own |= {"spoken"}
        around = self._places[-1].marks
        marks = around | own if own else around
        self._places.append(_Place(element, (tag, names), own, marks, len(self._blocks)))
        if tag == "tr" and self._is_in_fact_table(element):
            self._row = element
        if self._verbatim is None and keeps_lines(element, tag, look) and "hidden" not in marks:
            self._verbatim = element

    def _enter_cell(self, element: HtmlElement, tag: str, look: Look) -> None:
        """What would be a block is part of a row."""
        if self._shown and tag in ("td", "th"):
            self._shown.append(SEPARATOR)
        elif self._shown and breaks_lines(element, look):
            self._shown.append(" ")

    def _is_in_fact_table(self, row: HtmlElement) -> bool:
        table = next(row.iterancestors("table"), None)
        if table is not None and table not in self._tables:
            self._tables[table] = is_fact_table(table)
        return table is not None and self._tables[table]

    def _leave_block(self, element: HtmlElement) -> None:
        self._flush()
        self._widen(self._places.pop())
        if element is self._row:
            self._row = None
        if element is self._verbatim:
            self._verbatim = None

    def _widen(self, place: _Place) -> None:
        """Skip wrapper elements that hold one block and have no class of interest."""
        if len(self._blocks) - place.first == 1 and not self._blocks[-1].near and not place.own:
            self._blocks[-1].container = self._places[-1].element

    def _add(self, text: str) -> None:
        if self._verbatim is not None and "\n" in text:
            self._add_lines(text)
            return
        if not self._pieces and text.isspace():
            return  # what is between two blocks
        text = text.replace("\n", " ")
        self._pieces.append(text)
        if self._unseen is not None:
            return
        self._shown.append(text)
        if self._links_open:
            chars = len(squeeze(text))
            self._link_chars += chars
            self._links += bool(chars and self._is_new_link)
            self._is_new_link = self._is_new_link and not chars

    def _add_lines(self, text: str) -> None:
        for at, line in enumerate(text.split("\n")):
            if at:
                self._break_line()
            if line:
                self._add(_INDENT.sub("\xa0\xa0", line) if at else line)

    def _break_line(self) -> None:
        """Two consecutive line breaks end a paragraph; a single one may."""
        if self._row is not None:
            self._shown.append(" ")
            return
        last = next((piece for piece in reversed(self._shown) if piece == "\n" or not piece.isspace()), "")
        if last == "\n":
            self._flush()
        else:
            self._shown.append("\n")
            self._pieces.append("\n")

    def _flush(self) -> None:
        if not self._pieces:
            self._is_new_link = True
            return
        text = "".join(self._shown)
        is_seen = bool(text) and not text.isspace()
        if not is_seen:
            text = "".join(self._pieces)
        if self._row is not None:
            text = SEPARATOR.join(filter(None, map(str.strip, text.split(SEPARATOR))))
        if text and not text.isspace():
            lines = split_lines(text)
            is_list = len(lines) > 1 and min(map(reading_length, lines)) < _LINE
            whole = object() if is_list else self._whole()
            for line in lines:
                self._append(line, len(lines), is_seen, whole)
            # A date without text, which a script would show, belongs to the next block.
            self._times = []
        self._shown, self._pieces = [], []
        self._link_chars, self._links, self._is_new_link = 0, 0, True

    def _whole(self) -> object:
        """The list or table, if this is an item of a list, a paragraph in one, or a row."""
        if self._row is not None:
            return self._places[-2].element
        for place, parent in zip(self._places[:-3:-1], self._places[-2:-4:-1], strict=False):
            if place.element.tag in _ITEMS:
                return parent.element
        return None

    def _append(self, text: str, lines: int, is_seen: bool, whole: object) -> None:
        place, parent = self._places[-1], self._places[-2] if len(self._places) > 1 else self._places[-1]
        pieces = self._pieces if lines == 1 else [text]
        self._blocks.append(
            Block(
                text=text,
                tag=str(place.element.tag),
                marks=place.marks if is_seen else place.marks | {"spoken"},
                near=place.own | parent.own,
                container=parent.element,
                style=(*place.style, *parent.style),
                link_chars=self._link_chars // lines,
                links=self._links,
                pieces=tuple(piece for piece in pieces if not piece.isspace()),
                times=tuple(self._times),
                whole=whole,
            )
        )


def is_teaser(blocks: list[Block], at: int) -> bool:
    """Whether a block is mostly a link to another article, or directly follows one."""
    before = blocks[at - 1] if at else None
    is_under = before is not None and before.is_pointer and before.link_share > 0.8
    return is_under or (blocks[at].is_pointer and blocks[at].link_share > 0.5)


def squeeze(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def split_lines(text: str) -> list[str]:
    """Paragraphs of a text in which a single line break may end a paragraph or only a line.

    A break between two complete sentences of some length ends a paragraph, and so does one before an item of a list,
    an indented line, and each one of a list of names; others (addresses, lines wrapped to a width) become a space.
    """
    if "\n" not in text:
        return [text]
    first, *others = [line for line in text.split("\n") if line and not line.isspace()] or [text]
    is_list = _is_list([first, *others])
    paragraphs = [first]
    for line in others:
        if is_list or _begins_paragraph(paragraphs[-1].rstrip(), line):
            paragraphs.append(line)
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
    return paragraphs


def _is_list(lines: list[str]) -> bool:
    """Whether all of several lines are short, as those of verses and lists of names are, and begin like lines."""
    if len(lines) < _LIST or max(map(reading_length, lines)) > _LINE:
        return False
    # Georgian has small letters alone.
    return not any(
        first.islower() and not "ა" <= first <= "ჿ" for first in (line.strip()[0] for line in lines)
    )


def _begins_paragraph(before: str, line: str) -> bool:
    if _ITEM.match(line):
        return True
    if not ends_sentence(before):
        return False
    return bool(_INDENTED.match(line)) or min(reading_length(before), reading_length(line)) > _LINE


def ends_sentence(text: str) -> bool:
    """Whether a text ends like a sentence; Thai, Lao, Khmer and Burmese need no full stop."""
    return _SENTENCE_END.search(text[-12:]) is not None


def reading_length(text: str) -> int:
    """Number of letters as an alphabet would have them, without white space.

    A Chinese or Japanese character counts as three, a syllable of Hangul, Ethiopic or Yi as two.
    """
    return _count_letters(squeeze(text))


def _count_letters(letters: str) -> int:
    wide = [] if letters.isascii() else _WIDE.findall(letters)
    return len(letters) + (2 * len(wide) - len(_SYLLABLE.findall("".join(wide))) if wide else 0)
