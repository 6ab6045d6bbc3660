"""Which elements readers do not see: what only screen readers speak, and what the page switches off."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.body.looks import Look

_LONGEST = 150
"""Characters above which an element within a line is more than a note: a script shows it, or all readers see it."""

_HIDING = re.compile(r"display: ?none|clip: ?rect\(|left: ?-9{3}")
_ONE_CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)\Z")
_LONGEST_SHEET = 100_000


def is_unseen(element: HtmlElement, look: Look, off_classes: frozenset[str]) -> bool:
    """Whether readers do not see a note within a line.

    Longer texts that are switched off are what "read more" shows.
    """
    is_off = look.is_off or element.get("hidden") is not None
    if off_classes and not is_off:
        is_off = not off_classes.isdisjoint((element.get("class") or "").split())
    return (look.is_spoken or (is_off and not look.is_responsive)) and is_short(element)


def is_short(element: HtmlElement) -> bool:
    """Whether an element has no more text than a note."""
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > _LONGEST:
            return False
    return True


def read_off_classes(tree: HtmlElement) -> frozenset[str]:
    """Classes that the page's own style sheets hide on every screen, without a condition."""
    sheets = (
        style.text for style in tree.iter("style") if style.text and "print" not in style.get("media", "")
    )
    return frozenset(name for sheet in sheets for name in _hidden_classes(sheet[:_LONGEST_SHEET]))


def _hidden_classes(sheet: str) -> Iterator[str]:
    """The classes that a rule outside of `@media` and the like hides."""
    counted = depth = 0
    for found in _HIDING.finditer(sheet):
        brace = sheet.rfind("{", counted, found.start())
        if brace < 0 or sheet.find("}", brace, found.start()) >= 0:
            continue
        begin = 1 + max(sheet.rfind(mark, counted, brace) for mark in "{};/")
        depth += sheet.count("{", counted, begin) - sheet.count("}", counted, begin)
        counted = begin
        if depth == 0:
            selectors = (selector.strip() for selector in sheet[begin:brace].split(","))
            yield from (simple[1] for simple in map(_ONE_CLASS.match, selectors) if simple)
