"""Reads a page as browsers do where libxml2 took most of it for a menu, because a tag was never closed.

libxml2 keeps `<button>` and `<nav>` open until they are closed; HTML5 closes them with the element around them
(https://html.spec.whatwg.org/multipage/parsing.html). On other pages both trees show the same text.
"""

import re
from collections.abc import Callable

from lxml.html import HtmlElement

_SURROUNDINGS = (
    *("nav", "button", "menu", "select", "object", "video", "audio", "canvas", "map"),
    *("header", "footer", "aside", "head"),
)
"""Elements that hold no story."""

_STORY = ("p", "h1", "main", "article")
"""Elements by which the amount of story in an element is told."""

_SUSPECT = 0.5
"""Share of those in one such element from which on the tree is suspect."""

_FORMATTING = re.compile(
    rb"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])[^>]*", re.IGNORECASE
)
_MAX_COPIES = 2_000_000
"""Elements that HTML5 may make of a page: it opens unclosed formatting again in each paragraph."""

_MAX_GROWTH = 4


def mend(tree: HtmlElement, markup: bytes, parse: Callable[[bytes], HtmlElement]) -> HtmlElement:
    """The tree, or the one that HTML5 makes of its markup (UTF-8) if that leaves less of the page in a menu."""
    trapped = _trapped(tree)
    if trapped < _SUSPECT or not _is_safe(markup):
        return tree
    from selectolax.lexbor import LexborHTMLParser  # few pages need it

    closed = (LexborHTMLParser(markup).html or "").encode("utf-8", "replace")
    if not 0 < len(closed) < _MAX_GROWTH * len(markup):
        return tree
    other = parse(closed)
    return other if _trapped(other) < trapped / 2 else tree


def _trapped(tree: HtmlElement) -> float:
    """Largest share of the story that one surrounding element has, or that lies behind the body."""
    # What follows `</html>` is a second root.
    behind = [*tree.itersiblings(), *(child for child in tree if child.tag not in ("head", "body"))]
    counts = [_count(element) for element in (*tree.iter(*_SURROUNDINGS), *behind)]
    total = _count(tree) + sum(map(_count, tree.itersiblings()))
    return max(counts, default=0) / total if total else 0.0


def _count(element: HtmlElement) -> int:
    return sum(1 for _ in element.iter(*_STORY))


def _is_safe(markup: bytes) -> bool:
    """Whether the HTML5 tree cannot grow out of proportion: three of each distinct tag are opened again at most."""
    return 3 * len(set(_FORMATTING.findall(markup))) * markup.count(b"<") < _MAX_COPIES
