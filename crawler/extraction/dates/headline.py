"""Finds the headline among the blocks of a page: what stands beside it may be the article's date."""

import re
from collections.abc import Collection
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.body.blocks import Block, squeeze
from crawler.extraction.dates.about import words_of

_REACH = 15
"""Number of blocks above the story in which a headline that no title names is looked for."""

_SHORTEST, _LONGEST = 8, 220
"""Reading lengths of headlines."""

_MOST = 5_000
"""Elements among which the one of a piece of text is looked for."""

_TAGS = frozenset({"h1", "h2", "h3", "h4"})
_NAMES = frozenset(
    {"title", "headline", "heading", "hed", "titulo", "titre", "titel", "titolo", "biaoti", "bt"}
)
_LARGE = re.compile(
    r"font-weight:\s*(?:bold|[6-9]00)|font-size:\s*(?:(?:1[89]|[2-9]\d)(?:\.\d+)?p[xt]|(?:1\.[3-9]|[2-9])[\d.]*r?em)"
)


def find_headlines(blocks: list[Block], titles: Collection[str], begin: int) -> list[int]:
    """Indices of the headlines above the story, which begins at `begin`: the last is the story's own.

    Earlier ones are in menus and breadcrumbs, or say it twice. `titles` are the titles of the page as block keys in
    lower case. Without a block that one of them names, and without `h1`, it is what looks like a headline; if the
    story was found above it, the first.
    """
    above = _find_named(blocks, titles, range(begin))
    return above or _find_by_look(blocks, begin) or _find_named(blocks, titles, range(begin, len(blocks)))[:1]


def _find_named(blocks: list[Block], titles: Collection[str], places: range) -> list[int]:
    # Lower case may be longer, but not by much.
    lengths = range(min(map(len, titles)) // 2, max(map(len, titles)) + 1) if titles else range(0)
    return [
        at
        for at in places
        if (block := blocks[at]).tag == "h1" or (len(block.key) in lengths and block.key.lower() in titles)
    ]


def _find_by_look(blocks: list[Block], begin: int) -> list[int]:
    """The last block above the story that is as long as a headline and marked up as one, or set in bold or large."""
    if begin >= len(blocks):
        return []
    near = [at for at in range(max(0, begin - _REACH), begin) if _can_be_headline(blocks[at])]
    for is_headline in (_is_marked, _is_large):
        if found := [at for at in near if is_headline(blocks[at])]:
            return found[-1:]
    return []


def _can_be_headline(block: Block) -> bool:
    is_inside = block.marks & {"nav", "aside", "footer", "figure"}
    return _SHORTEST <= block.length <= _LONGEST and not block.is_pointer and not is_inside


def _is_marked(block: Block) -> bool:
    return block.tag in _TAGS or not _NAMES.isdisjoint(words_of(block.style[1]))


def _is_large(block: Block) -> bool:
    element = element_of(block, block.text)
    while element is not None and element is not block.container:
        if element.tag in ("b", "strong", "big", "font") or _LARGE.search(element.get("style") or ""):
            return True
        element = element.getparent()
    return False


def element_of(block: Block, piece: str) -> HtmlElement | None:
    """The innermost element inside the block's container whose own text is this piece of the block."""
    key = squeeze(piece)
    for element in islice(block.container.iter(), _MOST):
        if element.text and len(element.text) >= len(key) and squeeze(element.text) == key:
            return element
    return None
