"""A page as the list of its text blocks: what a reader sees as paragraphs, list items and headings."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

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

_LANDMARKS = {"aside", "article", "blockquote", "figcaption", "figure", "footer", "form", "header", "main"}

_VOCABULARY = {
    "share": """share shares sharing social socials follow twitter facebook whatsapp telegram
        addthis sharethis sns toolbar tools actions print email""",
    "related": """related recommend recommended recommendation recommendations recirc readmore more
        also next prev previous popular trending teaser teasers promo latest outbrain
        taboola widget widgets rail most read links linklist topics similar suggested
        zergnet inline embed crosslink""",
    "ad": "ad ads adv advert advertisement advertising banner sponsor sponsored dfp adslot adbox",
    "signup": """newsletter newsletters subscribe subscription subscriptions signup paywall register
        registration login signin piano donate donation membership cta offer regwall optin""",
    "comments": "comment comments disqus reply replies discussion respond commentlist feedback",
    "caption": """caption captions credit credits figcaption figure image images img photo photos
        picture gallery slideshow slider carousel video player media lightbox thumbnail
        thumb legend""",
    "byline": """author authors byline bylines bio meta metadata date time timestamp datetime
        published pubdate dateline contributor contributors writer posted updated info infos
        submitted source signature agency""",
    "chrome": """nav navigation menu breadcrumb breadcrumbs footer header sidebar tag tags keywords
        category categories pagination pager cookie cookies consent gdpr popup modal overlay
        skip search masthead topbar copyright disclaimer rating votes vote counter counters
        views""",
    "lead": "lead lede standfirst summary intro excerpt dek subhead description abstract chapo sapo lid",
}
"""Words that the makers of pages put into class names and ids, whatever language they write in."""

_NAMING = ("class", "id", "itemprop", "data-testid", "data-component", "role")
_GROUPS = {word: group for group, words in _VOCABULARY.items() for word in words.split()}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SENTENCE_END = re.compile(r"[.!?…。！？｡।॥؟۔։።᙮]\W*$|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\W*$")
_EAST_ASIAN = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LINE = 60
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
    parent: HtmlElement | None
    """The parent of the block's element: paragraphs of one story mostly share it."""
    style: tuple[str, str, str, str]
    """Tag and class of the element and of its parent: paragraphs of one story look alike."""
    link_chars: int
    """Characters inside links, white space not counted."""
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


@dataclass(slots=True)
class _Place:
    element: HtmlElement
    own: frozenset[str]
    marks: frozenset[str]


def read_blocks(tree: HtmlElement) -> list[Block]:
    """The text blocks of a page's body in document order, boilerplate included."""
    body = tree.find(".//body")
    return _BlockReader(tree if body is None else body).read()


class _BlockReader:
    """Walks a tree once and collects text until something breaks the line."""

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._blocks: list[Block] = []
        self._places = [_Place(root, frozenset(), frozenset())]
        self._pieces: list[str] = []
        self._link_chars = 0
        self._links_open = 0

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
            own = _own_marks(element)
            self._places.append(_Place(element, own, self._places[-1].marks | own))
        elif element.tag == "br":
            self._break_line()
        elif element.tag == "a":
            self._links_open += 1
        if element.text:
            self._add(element.text)

    def _leave(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self._places.pop()
        elif element.tag == "a":
            self._links_open -= 1
        if element.tail and element is not self._root:
            self._add(element.tail)

    def _add(self, text: str) -> None:
        self._pieces.append(text.replace("\n", " "))
        if self._links_open:
            self._link_chars += len(squeeze(text))

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
                self._append(line, self._link_chars // len(lines))
        self._pieces, self._link_chars = [], 0

    def _append(self, text: str, link_chars: int) -> None:
        place, parent = self._places[-1], self._places[-2] if len(self._places) > 1 else self._places[-1]
        self._blocks.append(
            Block(
                text=text,
                tag=str(place.element.tag),
                marks=place.marks,
                near=place.own | parent.own,
                parent=parent.element,
                style=(*_style(place.element), *_style(parent.element)),
                link_chars=link_chars,
            )
        )


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


def _own_marks(element: HtmlElement) -> frozenset[str]:
    get = element.get
    names = " ".join(filter(None, map(get, _NAMING)))
    marks = _name_groups(names) if names else frozenset()
    if element.tag in _LANDMARKS:
        marks |= {str(element.tag)}
    style = get("style") or ""
    if get("hidden") is not None or get("aria-hidden") == "true" or "display:none" in style.replace(" ", ""):
        marks |= {"hidden"}
    return marks


@lru_cache(maxsize=4096)
def _name_groups(names: str) -> frozenset[str]:
    words = [word.lower() for word in _WORD.findall(names)]
    return frozenset(_GROUPS[word] for word in words if word in _GROUPS)
